// The disk of one simulated host. It outlives the host's processes.
//
// Names: a file's directory entry is durable apart from its bytes. The first sync of
// a new file, and a remove that asks for it, sync the directory: every pending
// creation and removal. At a power loss a creation or removal that was not synced
// happened or not, per name, in order.
//
// Failures. A process crash keeps what was written (the page cache) and forgets
// handles and locks. A power loss decides about everything unsynced (file_image.h)
// and turns the disk off. After either, older handles are stale: every call but
// close fails and changes nothing, so a destructor that still runs (sqlite3_close
// rolls back and deletes journals) cannot repair what a real crash leaves behind. A
// power cut at the n-th call makes that call and all later ones fail until
// power_loss(): whatever runs until the host is stopped cannot touch the disk.
//
// Losing the disk is a power loss after which nothing is left.
//
// Limits: one directory, and names are not reordered across files. All calls on one
// thread. The faults (disk_faults.h) have limits of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simnet/disk_faults.h"
#include "simnet/disk_handle.h"
#include "simnet/disk_types.h"
#include "simnet/file_image.h"

namespace simnet {

class Disk {
 public:
  explicit Disk(DiskOptions options = {}, DiskHooks hooks = {});
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  // Path calls.
  DiskStatus open(std::string_view file, OpenMode mode, DiskHandle& into);
  DiskStatus remove(std::string_view file, bool sync_directory);
  DiskStatus exists(std::string_view file, bool& answer);

  // Failures. REQUIRES: not from inside a hook.
  void process_crash();
  void power_loss(const Draw& draw);
  // The disk is replaced by an empty one, which is off.
  void lose_everything();
  void power_on() { powered_ = true; }
  bool powered() const { return powered_; }
  // Grows at each crash and power loss; a handle is good for one epoch.
  std::uint64_t epoch() const { return epoch_; }

  // The calls-th call from now is cut. A write that is cut may still land, as the
  // draw of the power loss decides. REQUIRES: calls > 0.
  void cut_power_after(std::uint64_t calls) { calls_to_cut_ = calls; }
  void disarm_power_cut() { calls_to_cut_ = 0; }
  bool power_was_cut() const { return cut_; }

  // From this call on. `{}` is the sound disk.
  void set_faults(DiskFaults faults);
  // Suspends the faults: nothing fails and all reads give the true bytes. What write
  // faults have damaged shows again once they are enabled, unless it was rewritten.
  void set_faults_enabled(bool enabled);
  const DiskFaults& faults() const { return faults_; }
  void set_options(DiskOptions options) { options_ = options; }
  const DiskOptions& options() const { return options_; }
  const DiskStats& stats() const { return stats_; }

  // While an observer looks through the process's own handles, its calls cost
  // nothing, are not counted and are not struck by a power cut or a fault: it reads
  // the true bytes.
  void set_observed(bool observed) { observed_ = observed; }

  // For checkers: not calls of the process. Null when the process would not find it.
  const FileImage* image(std::string_view file) const;
  std::vector<std::string> files() const;
  std::uint64_t bytes_used() const;

 private:
  friend class DiskHandle;
  using FilePtr = std::shared_ptr<detail::StoredFile>;
  // The name as the process sees it and as the medium has it.
  struct Entry {
    FilePtr live;
    FilePtr durable;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;
  struct CutWrite {
    FilePtr file;
    std::uint64_t offset = 0;
    std::vector<std::byte> bytes;
  };

  // What each call begins with; the second for those that an I/O error may strike.
  DiskStatus begin_call();
  DiskStatus begin_io(std::string_view file);
  bool faulty() const { return faulty_ && !observed_; }
  // REQUIRES of the next four: faulty().
  DiskStatus inject(FaultRate& rate, std::string_view purpose, std::string_view file,
                    DiskStatus failure);
  DiskStatus make_room(const detail::StoredFile& file, std::uint64_t growth);
  bool sync_lies();
  bool read_medium(const detail::StoredFile& file, std::uint64_t offset, std::span<std::byte> into);
  void spend(Duration cost, std::string_view file);
  void unlink(Entries::iterator entry);
  void sync_directory();
  void sync_entry_of(const detail::StoredFile& file);  // no effect unless it is new
  void forget_handles();
  static void resolve_entry(Entry& entry, const Draw& draw, std::uint64_t key);

  DiskOptions options_;
  DiskHooks hooks_;
  DiskFaults faults_;
  DiskStats stats_;
  Entries entries_;
  bool directory_changed_ = false;
  bool powered_ = true;
  bool cut_ = false;
  bool observed_ = false;
  bool faults_enabled_ = true;
  bool faulty_ = false;  // enabled, and there are any
  std::uint64_t calls_to_cut_ = 0;
  CutWrite cut_write_;
  std::uint64_t epoch_ = 1;
  FileLock::HandleId next_handle_ = 1;
};

}  // namespace simnet
