// The memory that the connections of one process share about one database: SQLite keeps
// the index of a write-ahead log there. It ends with its last user, or with a crash:
// those who still hold it then share it with nobody who comes later.
//
// Contract: https://www.sqlite.org/c3ref/io_methods.html, the xShm methods, and
// https://www.sqlite.org/walformat.html, section 2.3, for the locks.
//
// Limits: within one process only; the index is never written to a file.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace simnet {

// The regions and the holders of the eight locks.
class VfsShm {
 public:
  static constexpr int kLocks = 8;

  // Null when it is not there and is not to be made. The address stays.
  std::byte* region(std::size_t index, std::size_t bytes, bool create);

 private:
  friend class VfsShmUser;
  struct Lock {
    int shared = 0;
    bool exclusive = false;
  };

  std::vector<std::unique_ptr<std::byte[]>> regions_;
  std::array<Lock, kLocks> locks_{};
};

// One connection's part in it. Its end releases its locks.
class VfsShmUser {
 public:
  VfsShmUser() = default;
  ~VfsShmUser() { leave(); }
  VfsShmUser(const VfsShmUser&) = delete;
  VfsShmUser& operator=(const VfsShmUser&) = delete;

  bool joined() const { return memory_ != nullptr; }
  void join(std::shared_ptr<VfsShm> memory) { memory_ = std::move(memory); }
  VfsShm& memory() { return *memory_; }
  void leave();

  // All of the locks first ... first + count - 1 or none; false: another user is in the
  // way. REQUIRES: joined(); exclusive for a count above 1.
  bool lock(int first, int count, bool exclusive);
  void unlock(int first, int count);

 private:
  std::uint32_t shared_ = 0;  // by lock: this user holds it so
  std::uint32_t exclusive_ = 0;
  std::shared_ptr<VfsShm> memory_;
};

}  // namespace simnet
