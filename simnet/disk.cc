#include "simnet/disk.h"

#include <utility>

#include "simnet/digest.h"
#include "simnet/random.h"

namespace simnet {

Disk::Disk(DiskOptions options, DiskHooks hooks) : options_(options), hooks_(std::move(hooks)) {}

DiskStatus Disk::open(std::string_view file, OpenMode mode, DiskHandle& into) {
  if (const DiskStatus status = begin_io(file); status != DiskStatus::ok) {
    return status;
  }
  auto found = entries_.find(file);
  const bool is_there = found != entries_.end() && found->second.live != nullptr;
  if (is_there && mode.create && mode.exclusive) {
    return DiskStatus::exists;
  }
  if (!is_there) {
    if (!mode.create) {
      return DiskStatus::not_found;
    }
    if (found == entries_.end()) {
      found = entries_.emplace(std::string(file), Entry{}).first;
    }
    found->second.live = std::make_shared<detail::StoredFile>(file, options_.sector_bytes);
    directory_changed_ = true;
  }
  into.close();
  into.disk_ = this;
  into.file_ = found->second.live;
  into.epoch_ = epoch_;
  into.id_ = next_handle_++;
  into.held_ = LockLevel::none;
  if (mode.delete_on_close) {
    unlink(found);
  }
  return DiskStatus::ok;
}

DiskStatus Disk::remove(std::string_view file, bool sync_directory) {
  if (const DiskStatus status = begin_io(file); status != DiskStatus::ok) {
    return status;
  }
  const auto found = entries_.find(file);
  if (found == entries_.end() || found->second.live == nullptr) {
    return DiskStatus::not_found;
  }
  unlink(found);
  if (!sync_directory) {
    return DiskStatus::ok;
  }
  ++stats_.syncs;
  spend(options_.sync_cost, file);
  if (faulty()) {
    const DiskStatus status = inject(faults_.sync_error, "sync_error", file, DiskStatus::io_error);
    if (status != DiskStatus::ok || sync_lies()) {
      return status;
    }
  }
  this->sync_directory();
  return DiskStatus::ok;
}

DiskStatus Disk::exists(std::string_view file, bool& answer) {
  const DiskStatus status = begin_io(file);
  answer = status == DiskStatus::ok && image(file) != nullptr;
  return status;
}

void Disk::process_crash() {
  ++stats_.process_crashes;
  forget_handles();
}

void Disk::power_loss(const Draw& draw) {
  ++stats_.power_losses;
  if (cut_write_.file != nullptr) {
    if (below(draw("cut_write", hash_bytes(cut_write_.file->name), 0), 2) == 0) {
      cut_write_.file->image.write(cut_write_.offset, cut_write_.bytes);
    }
    cut_write_ = {};
  }
  for (auto it = entries_.begin(); it != entries_.end();) {
    const std::uint64_t key = hash_bytes(it->first);
    resolve_entry(it->second, draw, key);
    if (it->second.live == nullptr) {
      it = entries_.erase(it);
      continue;
    }
    detail::StoredFile& file = *it->second.live;
    for (const std::uint32_t sector : file.image.power_loss(draw, key, stats_.sectors)) {
      file.damage.forget(sector);
    }
    file.damage.truncate(file.image.size(), file.image.sector_bytes());
    ++it;
  }
  directory_changed_ = false;
  cut_ = false;
  powered_ = false;
  forget_handles();
}

void Disk::lose_everything() {
  ++stats_.disk_losses;
  entries_.clear();
  cut_write_ = {};
  directory_changed_ = false;
  cut_ = false;
  powered_ = false;
  forget_handles();
}

void Disk::resolve_entry(Entry& entry, const Draw& draw, std::uint64_t key) {
  if (entry.live == entry.durable) {
    return;
  }
  // In order: the old file was removed, the new one was created. The draw says how
  // many of these steps, of those that are pending, reached the medium.
  const std::uint64_t steps =
      (entry.durable != nullptr ? 1U : 0U) + (entry.live != nullptr ? 1U : 0U);
  const std::uint64_t done = below(draw("directory", key, 0), steps + 1);
  if (done == 0) {
    entry.live = entry.durable;
  } else if (done == steps) {
    entry.durable = entry.live;
  } else {
    entry = {};
  }
}

void Disk::set_faults(DiskFaults faults) {
  faults_ = std::move(faults);
  faulty_ = faults_enabled_ && faults_.any();
}

void Disk::set_faults_enabled(bool enabled) {
  faults_enabled_ = enabled;
  faulty_ = faults_enabled_ && faults_.any();
}

const FileImage* Disk::image(std::string_view file) const {
  const auto found = entries_.find(file);
  return found == entries_.end() || found->second.live == nullptr ? nullptr
                                                                  : &found->second.live->image;
}

std::vector<std::string> Disk::files() const {
  std::vector<std::string> names;
  for (const auto& [name, entry] : entries_) {
    if (entry.live != nullptr) {
      names.push_back(name);
    }
  }
  return names;
}

std::uint64_t Disk::bytes_used() const {
  std::uint64_t bytes = 0;
  for (const auto& [name, entry] : entries_) {
    bytes += entry.live != nullptr ? entry.live->image.size() : 0;
  }
  return bytes;
}

DiskStatus Disk::begin_call() {
  if (!powered_ || cut_) {
    return DiskStatus::off;
  }
  if (observed_) {
    return DiskStatus::ok;
  }
  ++stats_.calls;
  if (calls_to_cut_ != 0 && --calls_to_cut_ == 0) {
    cut_ = true;
    ++stats_.power_cuts;
    if (hooks_.on_power_cut) {
      hooks_.on_power_cut();
    }
    return DiskStatus::power_cut;
  }
  return DiskStatus::ok;
}

DiskStatus Disk::begin_io(std::string_view file) {
  const DiskStatus status = begin_call();
  return status == DiskStatus::ok && faulty()
             ? inject(faults_.io_error, "io_error", file, DiskStatus::io_error)
             : status;
}

DiskStatus Disk::inject(FaultRate& rate, std::string_view purpose, std::string_view file,
                        DiskStatus failure) {
  bool fails = false;
  if (rate.spare > 0) {
    --rate.spare;
  } else if (rate.fail > 0) {
    --rate.fail;
    fails = true;
  } else if (rate.permille > 0) {
    fails = ratio(faults_.draw(purpose, hash_bytes(file), stats_.calls), rate.permille, 1000);
  }
  if (!fails) {
    return DiskStatus::ok;
  }
  ++stats_.injected_errors;
  return failure;
}

DiskStatus Disk::make_room(const detail::StoredFile& file, std::uint64_t growth) {
  if (faults_.capacity_bytes != 0 && bytes_used() + growth > faults_.capacity_bytes) {
    ++stats_.injected_errors;
    return DiskStatus::no_space;
  }
  return inject(faults_.no_space, "no_space", file.name, DiskStatus::no_space);
}

bool Disk::sync_lies() {
  stats_.lied_syncs += faults_.lying_sync ? 1U : 0U;
  return faults_.lying_sync;
}

bool Disk::read_medium(const detail::StoredFile& file, std::uint64_t offset,
                       std::span<std::byte> into) {
  return !faults_.strikes_reads() ||
         file.damage.read(file.image, hash_bytes(file.name), faults_, offset, into, stats_);
}

void Disk::spend(Duration cost, std::string_view file) {
  if (!hooks_.on_cost || observed_) {
    return;
  }
  if (faulty_) {
    cost = Duration(cost.count() * faults_.cost_permille / 1000);
    if (faults_.stall_permille != 0 && ratio(faults_.draw("stall", hash_bytes(file), stats_.calls),
                                             faults_.stall_permille, 1000)) {
      ++stats_.stalls;
      cost += faults_.stall;
    }
  }
  hooks_.on_cost(cost);
}

void Disk::unlink(Entries::iterator entry) {
  entry->second.live = nullptr;
  if (entry->second.durable == nullptr) {
    entries_.erase(entry);
  } else {
    directory_changed_ = true;
  }
}

void Disk::sync_directory() {
  for (auto it = entries_.begin(); it != entries_.end();) {
    it->second.durable = it->second.live;
    it = it->second.live == nullptr ? entries_.erase(it) : std::next(it);
  }
  directory_changed_ = false;
}

void Disk::sync_entry_of(const detail::StoredFile& file) {
  if (!directory_changed_) {
    return;
  }
  const auto found = entries_.find(file.name);
  if (found != entries_.end() && found->second.live.get() == &file &&
      found->second.durable.get() != &file) {
    sync_directory();
  }
}

void Disk::forget_handles() {
  ++epoch_;
  for (auto& [name, entry] : entries_) {
    if (entry.live != nullptr) {
      entry.live->lock = {};
      entry.live->shm.reset();
    }
  }
}

}  // namespace simnet
