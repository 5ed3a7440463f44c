// Where a database can lie in these tests: on a simulated disk, or in a folder.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "simnet/vfs.h"

namespace vfs_tests {

template <std::uint32_t sector_bytes>
class SimPlace {
 public:
  SimPlace() : disk_({.sector_bytes = sector_bytes}) { vfs_.add_disk("h", disk_); }
  const char* vfs() const { return vfs_.name().c_str(); }
  std::string path(const std::string& file) const { return "/h/" + file; }

 private:
  simnet::Disk disk_;
  simnet::Vfs vfs_{"vfs-place"};
};

// A temporary folder of its own, which it removes.
class UnixPlace {
 public:
  UnixPlace() {
    std::string pattern = std::filesystem::temp_directory_path() / "drawproof-vfs-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) {
      throw std::runtime_error("no temporary folder: " + pattern);
    }
    folder_ = pattern;
  }
  ~UnixPlace() { std::filesystem::remove_all(folder_); }
  UnixPlace(const UnixPlace&) = delete;
  UnixPlace& operator=(const UnixPlace&) = delete;

  const char* vfs() const { return "unix"; }
  std::string path(const std::string& file) const { return folder_ / file; }

 private:
  std::filesystem::path folder_;
};

}  // namespace vfs_tests
