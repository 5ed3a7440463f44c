// The only source of chance of these tests: SplitMix64 (Steele, Lea, Flood, "Fast Splittable
// Pseudorandom Number Generators", OOPSLA 2014).
#pragma once

#include <cstdint>

namespace raft_tests {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}

  std::uint64_t draw() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t end) { return end == 0 ? 0 : draw() % end; }
  bool per_mille(std::uint64_t chances) { return below(1000) < chances; }

 private:
  std::uint64_t state_;
};

}  // namespace raft_tests
