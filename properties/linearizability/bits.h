// A set of small numbers. The first 64 need no memory of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace linearizability {

class Bits {
 public:
  bool test(std::size_t i) const { return (word(i / 64) >> (i % 64) & 1) != 0; }
  void set(std::size_t i) {
    if (i >= 64 && high_.size() < i / 64) {
      high_.resize(i / 64);
    }
    mutable_word(i / 64) |= std::uint64_t{1} << (i % 64);
  }
  void reset(std::size_t i) {
    if (i / 64 <= high_.size()) {
      mutable_word(i / 64) &= ~(std::uint64_t{1} << (i % 64));
      trim();
    }
  }

  std::size_t words() const { return 1 + high_.size(); }
  std::uint64_t word(std::size_t w) const {
    return w == 0 ? low_ : w <= high_.size() ? high_[w - 1] : 0;
  }

  bool operator==(const Bits&) const = default;

 private:
  std::uint64_t& mutable_word(std::size_t w) { return w == 0 ? low_ : high_[w - 1]; }
  // Equal sets have equal words.
  void trim() {
    while (!high_.empty() && high_.back() == 0) {
      high_.pop_back();
    }
  }

  std::uint64_t low_ = 0;
  std::vector<std::uint64_t> high_;
};

}  // namespace linearizability
