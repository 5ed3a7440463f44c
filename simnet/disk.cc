#include "simnet/disk.h"

#include <utility>

#include "simnet/digest.h"
#include "simnet/random.h"

namespace simnet {

Disk::Disk(DiskOptions options, DiskHooks hooks) : options_(options), hooks_(std::move(hooks)) {}

DiskStatus Disk::open(std::string_view file, OpenMode mode, DiskHandle& into) {
  if (const DiskStatus status = begin_call(); status != DiskStatus::ok) {
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
    found->second.live = std::make_shared<detail::StoredFile>();
    found->second.live->name = file;
    directory_changed_ = true;
  }
  into.close();
  into.disk_ = this;
  into.file_ = found->second.live;
  into.epoch_ = epoch_;
  into.id_ = next_handle_++;
  into.held_ = LockLevel::none;
  into.delete_on_close_ = mode.delete_on_close;
  return DiskStatus::ok;
}

DiskStatus Disk::remove(std::string_view file, bool sync_directory) {
  if (const DiskStatus status = begin_call(); status != DiskStatus::ok) {
    return status;
  }
  const auto found = entries_.find(file);
  if (found == entries_.end() || found->second.live == nullptr) {
    return DiskStatus::not_found;
  }
  unlink(found);
  if (sync_directory) {
    ++stats_.syncs;
    spend(options_.sync_cost);
    if (faults_.lying_sync) {
      ++stats_.lied_syncs;
    } else {
      this->sync_directory();
    }
  }
  return DiskStatus::ok;
}

DiskStatus Disk::exists(std::string_view file, bool& answer) {
  const DiskStatus status = begin_call();
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
    it->second.live->image.power_loss(draw, key, stats_.sectors);
    ++it;
  }
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

DiskStatus Disk::inject(FaultRate& rate, std::string_view purpose, std::string_view file,
                        DiskStatus failure) {
  bool fails = false;
  if (observed_) {
    return DiskStatus::ok;
  }
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

void Disk::spend(Duration cost) const {
  if (hooks_.on_cost && !observed_) {
    hooks_.on_cost(cost);
  }
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
    }
  }
}

}  // namespace simnet
