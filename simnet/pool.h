// Memory for what a world makes and drops millions of times: tasks, packets and frames of
// actors. Blocks are cut from large slabs in the order in which they are asked for, so
// that what is made together lies together; each begins at a cache line. Blocks of like
// size are kept and handed out again, last in first out; the slabs go back to the system
// when the process ends. Addresses decide nothing in a run. Under a sanitizer every block
// comes from the system, so that use after free is seen.
#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace simnet::pool {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kPooled = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kPooled = false;
#else
inline constexpr bool kPooled = true;
#endif
#else
inline constexpr bool kPooled = true;
#endif

inline constexpr std::size_t kStep_bytes = 64;  // a cache line
inline constexpr std::size_t kLargest_bytes = 1024;

struct FreeBlock {
  FreeBlock* next;
};

// One list per size class. Its blocks stay reachable until the process ends.
inline constinit thread_local std::array<FreeBlock*, kLargest_bytes / kStep_bytes> free_blocks{};

// A block that is the first of its memory. REQUIRES: `bytes` is a multiple of kStep_bytes
// up to kLargest_bytes.
void* cut(std::size_t bytes);

inline void* allocate(std::size_t size) {
  const std::size_t index = (size - 1) / kStep_bytes;
  if (!kPooled || index >= free_blocks.size()) {
    return ::operator new(size);
  }
  if (FreeBlock* block = free_blocks[index]; block != nullptr) {
    free_blocks[index] = block->next;
    return block;
  }
  return cut((index + 1) * kStep_bytes);
}

// REQUIRES: `size` is what was asked for.
inline void deallocate(void* memory, std::size_t size) noexcept {
  const std::size_t index = (size - 1) / kStep_bytes;
  if (!kPooled || index >= free_blocks.size()) {
    ::operator delete(memory);
    return;
  }
  auto* block = static_cast<FreeBlock*>(memory);
  block->next = free_blocks[index];
  free_blocks[index] = block;
}

}  // namespace simnet::pool
