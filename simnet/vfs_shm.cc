#include "simnet/vfs_shm.h"

namespace simnet {

std::byte* VfsShm::region(std::size_t index, std::size_t bytes, bool create) {
  if (index >= regions_.size()) {
    if (!create) {
      return nullptr;
    }
    while (regions_.size() <= index) {
      regions_.push_back(std::make_unique<std::byte[]>(bytes));
    }
  }
  return regions_[index].get();
}

void VfsShmUser::leave() {
  if (memory_ != nullptr) {
    unlock(0, VfsShm::kLocks);
    memory_.reset();
  }
}

bool VfsShmUser::lock(int first, int count, bool exclusive) {
  for (int i = first; i < first + count; ++i) {
    const VfsShm::Lock& lock = memory_->locks_[static_cast<std::size_t>(i)];
    const bool mine = (exclusive_ >> i & 1) != 0;
    const int others = lock.shared - static_cast<int>(shared_ >> i & 1);
    if ((lock.exclusive && !mine) || (exclusive && others > 0)) {
      return false;
    }
  }
  for (int i = first; i < first + count; ++i) {
    VfsShm::Lock& lock = memory_->locks_[static_cast<std::size_t>(i)];
    const std::uint32_t bit = 1U << i;
    if (exclusive) {
      lock.exclusive = true;
      exclusive_ |= bit;
    } else if ((shared_ & bit) == 0) {
      ++lock.shared;
      shared_ |= bit;
    }
  }
  return true;
}

void VfsShmUser::unlock(int first, int count) {
  for (int i = first; i < first + count; ++i) {
    VfsShm::Lock& lock = memory_->locks_[static_cast<std::size_t>(i)];
    const std::uint32_t bit = 1U << i;
    lock.shared -= (shared_ & bit) != 0 ? 1 : 0;
    lock.exclusive = lock.exclusive && (exclusive_ & bit) == 0;
    shared_ &= ~bit;
    exclusive_ &= ~bit;
  }
}

}  // namespace simnet
