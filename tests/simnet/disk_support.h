// Draws and bytes for the tests of the disk.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <span>
#include <string>

#include "simnet/disk.h"
#include "simnet/random.h"

namespace simnet {

inline Draw draw_of(std::uint64_t seed) {
  return [key = StreamKey(seed)](std::string_view purpose, std::uint64_t a, std::uint64_t b) {
    return key.child(purpose).child(a).at(b);
  };
}

// A Draw with fixed answers; 0 for all other purposes. `numerator` of `denominator`
// gives the outcome of that number among `denominator` equally likely ones.
class Script {
 public:
  Script& set(const std::string& purpose, std::uint64_t numerator, std::uint64_t denominator) {
    values_[purpose] = (~0ULL / denominator) * numerator + (~0ULL / denominator) / 2;
    return *this;
  }
  Draw draw() const {
    return [values = values_](std::string_view purpose, std::uint64_t, std::uint64_t) {
      const auto found = values.find(std::string(purpose));
      return found == values.end() ? 0 : found->second;
    };
  }

 private:
  std::map<std::string, std::uint64_t> values_;
};

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

inline std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class DiskTest : public ::testing::Test {
 protected:
  DiskHandle open(std::string_view file, bool create = true) {
    DiskHandle handle;
    status_ = disk_.open(file, {.create = create}, handle);
    return handle;
  }
  void reboot(const Draw& draw) {
    disk_.power_loss(draw);
    disk_.power_on();
  }
  std::string live(std::string_view file) {
    const FileImage* image = disk_.image(file);
    return image == nullptr ? "(none)" : text_of(image->live());
  }

  Disk disk_;
  DiskStatus status_ = DiskStatus::ok;
};

}  // namespace simnet
