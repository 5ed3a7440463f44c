#include <utility>

#include "simnet/disk.h"

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
    delete_on_close_ = std::exchange(other.delete_on_close_, false);
  }
  return *this;
}

bool DiskHandle::stale() const { return disk_ == nullptr || epoch_ != disk_->epoch_; }

DiskStatus DiskHandle::begin() const { return stale() ? DiskStatus::stale : disk_->begin_call(); }

DiskStatus DiskHandle::begin_io() const {
  const DiskStatus status = begin();
  return status == DiskStatus::ok
             ? disk_->inject(disk_->faults_.io_error, "io_error", file_->name, DiskStatus::io_error)
             : status;
}

DiskStatus DiskHandle::read(std::uint64_t offset, std::span<std::byte> into, std::size_t& got) {
  got = 0;
  if (const DiskStatus status = begin_io(); status != DiskStatus::ok) {
    return status;
  }
  got = file_->image.read(offset, into);
  ++disk_->stats_.reads;
  disk_->spend(disk_->options_.read_cost);
  return DiskStatus::ok;
}

DiskStatus DiskHandle::write(std::uint64_t offset, std::span<const std::byte> from) {
  DiskStatus status = begin_io();
  if (status == DiskStatus::power_cut) {
    disk_->cut_write_ = {file_, offset, {from.begin(), from.end()}};
  }
  if (status == DiskStatus::ok && offset + from.size() > file_->image.size()) {
    status = disk_->inject(disk_->faults_.no_space, "no_space", file_->name, DiskStatus::no_space);
  }
  if (status != DiskStatus::ok) {
    return status;
  }
  file_->image.write(offset, from);
  ++disk_->stats_.writes;
  disk_->stats_.bytes_written += from.size();
  disk_->spend(disk_->options_.write_cost);
  return DiskStatus::ok;
}

DiskStatus DiskHandle::truncate(std::uint64_t size) {
  if (const DiskStatus status = begin_io(); status != DiskStatus::ok) {
    return status;
  }
  file_->image.truncate(size);
  return DiskStatus::ok;
}

DiskStatus DiskHandle::sync() {
  if (const DiskStatus status = begin_io(); status != DiskStatus::ok) {
    return status;
  }
  std::uint64_t hash = 0;
  ++disk_->stats_.syncs;
  if (disk_->faults_.lying_sync) {
    ++disk_->stats_.lied_syncs;
  } else {
    hash = file_->image.sync(static_cast<bool>(disk_->hooks_.on_sync));
    disk_->sync_entry_of(*file_);
  }
  if (disk_->hooks_.on_sync) {
    disk_->hooks_.on_sync(file_->name, hash);
  }
  disk_->spend(disk_->options_.sync_cost);
  return DiskStatus::ok;
}

DiskStatus DiskHandle::size(std::uint64_t& bytes) {
  const DiskStatus status = begin();
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

void DiskHandle::close() {
  if (file_ != nullptr && !stale()) {
    file_->lock.lower(id_, held_, LockLevel::none);
    if (delete_on_close_ && disk_->powered_ && !disk_->cut_) {
      const auto found = disk_->entries_.find(file_->name);
      if (found != disk_->entries_.end() && found->second.live == file_) {
        disk_->unlink(found);
      }
    }
  }
  file_ = nullptr;
  disk_ = nullptr;
  held_ = LockLevel::none;
  delete_on_close_ = false;
}

}  // namespace simnet
