#include "traces/fuzz/heap.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace fuzz {
namespace {

using Block = std::unique_ptr<char[]>;

// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
std::uint64_t draw(std::uint64_t& state) {
  std::uint64_t z = state += 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

// Frees every second of a row of blocks in an order of its own. Those between stay, so that the
// free ones cannot grow together again.
void make_holes(std::size_t size_bytes, std::size_t pairs, std::uint64_t& state,
                std::vector<Block>& kept) {
  std::vector<Block> freed;
  freed.reserve(pairs);
  kept.reserve(kept.size() + pairs);
  for (std::size_t i = 0; i < pairs; ++i) {
    freed.push_back(std::make_unique_for_overwrite<char[]>(size_bytes));
    kept.push_back(std::make_unique_for_overwrite<char[]>(size_bytes));
  }
  for (std::size_t left = freed.size(); left > 0; --left) {
    std::swap(freed[draw(state) % left], freed[left - 1]);
    freed[left - 1].reset();
  }
}

}  // namespace

void disorder_heap(std::uint64_t seed) {
  static std::vector<Block> kept;
  constexpr std::size_t kBytesPerSize = 64 << 10;
  for (std::size_t size_bytes = 16; size_bytes <= 4096; size_bytes += 16) {
    make_holes(size_bytes, kBytesPerSize / size_bytes, seed, kept);
  }
}

}  // namespace fuzz
