// An allocator that tells what it handed out and got back.
#pragma once

#include <cstddef>
#include <memory>

namespace contract {

struct AllocatorUsage {
  std::size_t live_bytes = 0;
  std::size_t allocations = 0;
};

template <class T>
class CountingAllocator {
 public:
  using value_type = T;

  explicit CountingAllocator(AllocatorUsage& usage) : usage_(&usage) {}
  template <class U>
  CountingAllocator(const CountingAllocator<U>& other) : usage_(other.usage()) {}

  T* allocate(std::size_t count) {
    usage_->live_bytes += count * sizeof(T);
    ++usage_->allocations;
    return std::allocator<T>().allocate(count);
  }
  void deallocate(T* memory, std::size_t count) {
    usage_->live_bytes -= count * sizeof(T);
    std::allocator<T>().deallocate(memory, count);
  }

  AllocatorUsage* usage() const { return usage_; }
  friend bool operator==(const CountingAllocator& a, const CountingAllocator& b) {
    return a.usage_ == b.usage_;
  }

 private:
  AllocatorUsage* usage_;
};

}  // namespace contract
