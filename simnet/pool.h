// Memory for what a world makes and drops millions of times: tasks and packets. Blocks
// of like size are kept and handed out again, last in first out; they go back to the
// system when the process ends. Addresses decide nothing in a run. Under a sanitizer
// every block comes from the system, so that use after free is seen.
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

inline constexpr std::size_t kStep_bytes = 32;
inline constexpr std::size_t kLargest_bytes = 1024;

struct FreeBlock {
  FreeBlock* next;
};

// One list per size class. Its blocks stay reachable until the process ends.
inline constinit thread_local std::array<FreeBlock*, kLargest_bytes / kStep_bytes> free_blocks{};

inline void* allocate(std::size_t size) {
  const std::size_t index = (size - 1) / kStep_bytes;
  if (!kPooled || index >= free_blocks.size()) {
    return ::operator new(size);
  }
  if (FreeBlock* block = free_blocks[index]; block != nullptr) {
    free_blocks[index] = block->next;
    return block;
  }
  return ::operator new((index + 1) * kStep_bytes);
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
