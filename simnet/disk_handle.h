// An open file of a simulated disk, and the file itself as the disk keeps it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "simnet/disk_damage.h"
#include "simnet/disk_types.h"
#include "simnet/file_image.h"
#include "simnet/file_lock.h"

namespace simnet {

class Disk;
class VfsShm;

namespace detail {

struct StoredFile {
  StoredFile(std::string_view file, std::uint32_t sector_bytes) : name(file), image(sector_bytes) {}

  std::string name;
  FileImage image;
  DiskDamage damage;
  FileLock lock;
  std::weak_ptr<VfsShm> shm;  // lives as long as a handle uses it
};

}  // namespace detail

// REQUIRES: the disk outlives it.
class DiskHandle {
 public:
  DiskHandle() = default;
  ~DiskHandle() { close(); }
  DiskHandle(DiskHandle&& other) noexcept;
  DiskHandle& operator=(DiskHandle&& other) noexcept;

  bool is_open() const { return file_ != nullptr; }
  bool stale() const;

  // `got`: bytes read, fewer than asked at the end of the file.
  DiskStatus read(std::uint64_t offset, std::span<std::byte> into, std::size_t& got);
  DiskStatus write(std::uint64_t offset, std::span<const std::byte> from);
  DiskStatus truncate(std::uint64_t size);
  DiskStatus sync();
  DiskStatus size(std::uint64_t& bytes);
  DiskStatus lock(LockLevel wanted);
  DiskStatus unlock(LockLevel wanted);
  DiskStatus reserved(bool& answer);
  void close();

  // REQUIRES: is_open().
  std::size_t sector_bytes() const { return file_->image.sector_bytes(); }
  // The memory that handles of the same file share until a crash; null for a stale one.
  std::shared_ptr<VfsShm> shared_memory();

 private:
  friend class Disk;
  DiskStatus begin() const;
  DiskStatus begin_io() const;  // of a call that an I/O error may hit
  DiskStatus fail_sync();

  Disk* disk_ = nullptr;
  std::shared_ptr<detail::StoredFile> file_;
  std::uint64_t epoch_ = 0;
  FileLock::HandleId id_ = 0;
  LockLevel held_ = LockLevel::none;
};

}  // namespace simnet
