#include "simnet/pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>

namespace simnet::pool {
namespace {

constexpr std::size_t kFirstSlab_bytes = std::size_t{64} << 10;
constexpr std::size_t kLargestSlab_bytes = std::size_t{4} << 20;
constexpr std::size_t kHugePage_bytes = std::size_t{2} << 20;

// Asks for huge pages of the processor where they fit: one entry of its page table then
// covers thousands of blocks. A hint, which may be refused.
void advise_huge_pages(char* memory, std::size_t bytes) {
  const std::size_t before = -reinterpret_cast<std::uintptr_t>(memory) % kHugePage_bytes;
  if (before + kHugePage_bytes <= bytes) {
    madvise(memory + before, (bytes - before) / kHugePage_bytes * kHugePage_bytes, MADV_HUGEPAGE);
  }
}

// What is left of the latest slab. Small worlds have small slabs.
struct Slab {
  char* next = nullptr;
  std::size_t left_bytes = 0;
  std::size_t size_bytes = kFirstSlab_bytes;

  void renew() {
    next = static_cast<char*>(::operator new(size_bytes, std::align_val_t(kStep_bytes)));
    advise_huge_pages(next, size_bytes);
    left_bytes = size_bytes;
    size_bytes = std::min(2 * size_bytes, kLargestSlab_bytes);
  }
};

constinit thread_local Slab slab;

}  // namespace

void* cut(std::size_t bytes) {
  if (slab.left_bytes < bytes) {
    slab.renew();
  }
  char* block = slab.next;
  slab.next += bytes;
  slab.left_bytes -= bytes;
  return block;
}

}  // namespace simnet::pool
