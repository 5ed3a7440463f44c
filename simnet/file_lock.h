// SQLite's five-state lock of one file, between the handles of one process. A crash
// forgets it: the holders are gone.
//
// Contract: https://www.sqlite.org/lockingv3.html, section 3.
#pragma once

#include <cstdint>

namespace simnet {

enum class LockLevel : std::uint8_t { none, shared, reserved, pending, exclusive };

class FileLock {
 public:
  using HandleId = std::uint64_t;  // from 1

  // Raises `held`, the level of `handle`, to `wanted` or returns false. A failed
  // step to exclusive leaves `held` at pending, which keeps new readers out.
  bool raise(HandleId handle, LockLevel& held, LockLevel wanted) {
    if (wanted <= held) {
      return true;
    }
    if (wanted == LockLevel::shared) {
      if (writer_ != 0 && writer_level_ >= LockLevel::pending) {
        return false;
      }
      ++readers_;
      held = LockLevel::shared;
      return true;
    }
    if (held == LockLevel::none || (writer_ != 0 && writer_ != handle)) {
      return false;
    }
    writer_ = handle;
    const bool wait_for_readers = wanted == LockLevel::exclusive && readers_ > 1;
    held = writer_level_ = wait_for_readers ? LockLevel::pending : wanted;
    return !wait_for_readers;
  }

  // REQUIRES: wanted is none or shared.
  void lower(HandleId handle, LockLevel& held, LockLevel wanted) {
    if (wanted >= held) {
      return;
    }
    if (writer_ == handle) {
      writer_ = 0;
      writer_level_ = LockLevel::none;
    }
    if (wanted == LockLevel::none) {
      --readers_;
    }
    held = wanted;
  }

  bool reserved() const { return writer_ != 0; }

 private:
  std::uint64_t readers_ = 0;  // every holder counts, the writer too
  HandleId writer_ = 0;        // holds reserved or more
  LockLevel writer_level_ = LockLevel::none;
};

}  // namespace simnet
