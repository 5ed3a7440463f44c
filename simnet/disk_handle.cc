#include "simnet/disk_handle.h"

#include <utility>

#include "simnet/digest.h"
#include "simnet/disk.h"
#include "simnet/vfs_shm.h"

namespace simnet {

DiskHandle::DiskHandle(DiskHandle&& other) noexcept { *this = std::move(other); }

DiskHandle& DiskHandle::operator=(DiskHandle&& other) noexcept {
  if (this != &other) {
    close();
    disk_ = std::exchange(other.disk_, nullptr);
    file_ = std::exchange(other.file_, nullptr);
    epoch_ = other.epoch_;
    id_ = other.id_;
    held_ = std::exchange(other.held_, LockLevel::none);
  }
  return *this;
}

bool DiskHandle::stale() const { return disk_ == nullptr || epoch_ != disk_->epoch_; }

DiskStatus DiskHandle::begin() const { return stale() ? DiskStatus::stale : disk_->begin_call(); }

DiskStatus DiskHandle::begin_io() const {
  return stale() ? DiskStatus::stale : disk_->begin_io(file_->name);
}

DiskStatus DiskHandle::read(std::uint64_t offset, std::span<std::byte> into, std::size_t& got) {
  got = 0;
  if (const DiskStatus status = begin_io(); status != DiskStatus::ok) {
    return status;
  }
  ++disk_->stats_.reads;
  disk_->spend(disk_->options_.read_cost, file_->name);
  const std::size_t there = file_->image.read(offset, into);
  if (disk_->faulty() && !disk_->read_medium(*file_, offset, into.first(there))) {
    return DiskStatus::io_error;
  }
  got = there;
  return DiskStatus::ok;
}

DiskStatus DiskHandle::write(std::uint64_t offset, std::span<const std::byte> from) {
  DiskStatus status = begin_io();
  if (status == DiskStatus::power_cut) {
    disk_->cut_write_ = {file_, offset, {from.begin(), from.end()}};
  }
  const std::uint64_t end = offset + from.size();
  if (status == DiskStatus::ok && end > file_->image.size() && disk_->faulty()) {
    status = disk_->make_room(*file_, end - file_->image.size());
  }
  if (status != DiskStatus::ok) {
    return status;
  }
  file_->image.write(offset, from);
  ++disk_->stats_.writes;
  disk_->stats_.bytes_written += from.size();
  disk_->spend(disk_->options_.write_cost, file_->name);
  return DiskStatus::ok;
}

DiskStatus DiskHandle::truncate(std::uint64_t size) {
  if (const DiskStatus status = begin_io(); status != DiskStatus::ok) {
    return status;
  }
  file_->image.truncate(size);
  if (!file_->damage.empty()) {
    file_->damage.truncate(size, file_->image.sector_bytes());
  }
  return DiskStatus::ok;
}

DiskStatus DiskHandle::sync() {
  DiskStatus status = begin_io();
  const bool faulty = status == DiskStatus::ok && disk_->faulty();
  if (faulty) {
    status =
        disk_->inject(disk_->faults_.sync_error, "sync_error", file_->name, DiskStatus::io_error);
  }
  if (status != DiskStatus::ok) {
    return status == DiskStatus::io_error ? fail_sync() : status;
  }
  std::uint64_t hash = 0;
  ++disk_->stats_.syncs;
  if (!faulty || !disk_->sync_lies()) {
    if (faulty || !file_->damage.empty()) {
      file_->damage.write_back(file_->image, hash_bytes(file_->name),
                               faulty ? &disk_->faults_ : nullptr, disk_->stats_);
    }
    hash = file_->image.sync(static_cast<bool>(disk_->hooks_.on_sync));
    disk_->sync_entry_of(*file_);
  }
  if (disk_->hooks_.on_sync) {
    disk_->hooks_.on_sync(file_->name, hash);
  }
  disk_->spend(disk_->options_.sync_cost, file_->name);
  return DiskStatus::ok;
}

DiskStatus DiskHandle::fail_sync() {
  if (disk_->faults_.failed_sync != FailedSync::stays_dirty) {
    file_->image.abandon(disk_->faults_.failed_sync == FailedSync::reverted);
  }
  return DiskStatus::io_error;
}

DiskStatus DiskHandle::size(std::uint64_t& bytes) {
  const DiskStatus status = begin_io();
  bytes = status == DiskStatus::ok ? file_->image.size() : 0;
  return status;
}

DiskStatus DiskHandle::lock(LockLevel wanted) {
  if (const DiskStatus status = begin(); status != DiskStatus::ok) {
    return status;
  }
  return file_->lock.raise(id_, held_, wanted) ? DiskStatus::ok : DiskStatus::busy;
}

DiskStatus DiskHandle::unlock(LockLevel wanted) {
  if (const DiskStatus status = begin(); status != DiskStatus::ok) {
    return status;
  }
  file_->lock.lower(id_, held_, wanted);
  return DiskStatus::ok;
}

DiskStatus DiskHandle::reserved(bool& answer) {
  const DiskStatus status = begin();
  answer = status == DiskStatus::ok && file_->lock.reserved();
  return status;
}

std::shared_ptr<VfsShm> DiskHandle::shared_memory() {
  if (file_ == nullptr || stale()) {
    return nullptr;
  }
  std::shared_ptr<VfsShm> shm = file_->shm.lock();
  if (shm == nullptr) {
    shm = std::make_shared<VfsShm>();
    file_->shm = shm;
  }
  return shm;
}

void DiskHandle::close() {
  if (file_ != nullptr && !stale()) {
    file_->lock.lower(id_, held_, LockLevel::none);
  }
  file_ = nullptr;
  disk_ = nullptr;
  held_ = LockLevel::none;
}

}  // namespace simnet
