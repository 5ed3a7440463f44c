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
// Limits: one directory, no quota, names are not reordered across files; a failed
// sync leaves its sectors unsynced (Linux may drop them). All calls on one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simnet/file_image.h"
#include "simnet/file_lock.h"
#include "simnet/time.h"

namespace simnet {

enum class DiskStatus : std::uint8_t {
  ok,
  io_error,   // an injected fault
  no_space,   // an injected fault; only for a write that extends a file
  power_cut,  // this call is the one at which the power went
  off,        // no power, or cut earlier
  stale,      // the handle is from before a crash
  not_found,
  exists,
  busy,  // the lock is held by another handle
};

// What each call costs the process.
struct DiskOptions {
  Duration read_cost = std::chrono::microseconds(1);
  Duration write_cost = std::chrono::microseconds(2);
  Duration sync_cost = std::chrono::microseconds(300);
};

// Any may be empty. They are called from inside disk calls: they must not call the
// disk and must not throw.
struct DiskHooks {
  std::function<void(Duration)> on_cost;
  // `hash`: of the file's size and the bytes that became durable.
  std::function<void(std::string_view file, std::uint64_t hash)> on_sync;
  // Once per cut. The owner stops the host when the current task returns.
  std::function<void()> on_power_cut;
};

// Of the calls that can fail so: the first `spare` succeed, the next `fail` fail,
// each one after that fails with `permille` in a thousand.
struct FaultRate {
  std::uint64_t spare = 0;
  std::uint64_t fail = 0;
  std::uint32_t permille = 0;
};

struct DiskFaults {
  bool lying_sync = false;  // sync reports success and does nothing
  FaultRate io_error;       // read, write, truncate, sync
  FaultRate no_space;       // writes that extend a file
  Draw draw;                // REQUIRED for a permille above 0
};

struct DiskStats {
  std::uint64_t calls = 0;  // calls that reached the disk: not those on stale handles
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
  std::uint64_t bytes_written = 0;
  std::uint64_t syncs = 0;
  std::uint64_t lied_syncs = 0;
  std::uint64_t injected_errors = 0;
  std::uint64_t power_cuts = 0;
  std::uint64_t power_losses = 0;
  std::uint64_t process_crashes = 0;
  SectorFates sectors;
};

struct OpenMode {
  bool create = false;
  bool exclusive = false;        // with create: fails with `exists`
  bool delete_on_close = false;  // only if the handle is not stale by then
};

class Disk;

namespace detail {

struct StoredFile {
  std::string name;
  FileImage image;
  FileLock lock;
};

}  // namespace detail

// An open file. REQUIRES: the disk outlives it.
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

 private:
  friend class Disk;
  DiskStatus begin() const;
  DiskStatus begin_io() const;  // of a call that an I/O error may hit

  Disk* disk_ = nullptr;
  std::shared_ptr<detail::StoredFile> file_;
  std::uint64_t epoch_ = 0;
  FileLock::HandleId id_ = 0;
  LockLevel held_ = LockLevel::none;
  bool delete_on_close_ = false;
};

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
  void power_on() { powered_ = true; }
  bool powered() const { return powered_; }
  // Grows at each crash and power loss; a handle is good for one epoch.
  std::uint64_t epoch() const { return epoch_; }

  // The calls-th call from now is cut. A write that is cut may still land, as the
  // draw of the power loss decides. REQUIRES: calls > 0.
  void cut_power_after(std::uint64_t calls) { calls_to_cut_ = calls; }
  void disarm_power_cut() { calls_to_cut_ = 0; }
  bool power_was_cut() const { return cut_; }

  void set_faults(DiskFaults faults) { faults_ = std::move(faults); }
  const DiskFaults& faults() const { return faults_; }
  void set_options(DiskOptions options) { options_ = options; }
  const DiskOptions& options() const { return options_; }
  const DiskStats& stats() const { return stats_; }

  // While an observer looks through the process's own handles, its calls cost
  // nothing, are not counted and are not struck by a power cut or a fault.
  void set_observed(bool observed) { observed_ = observed; }

  // For checkers: not calls of the process. Null when the process would not find it.
  const FileImage* image(std::string_view file) const;
  std::vector<std::string> files() const;

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

  DiskStatus begin_call();
  DiskStatus inject(FaultRate& rate, std::string_view purpose, std::string_view file,
                    DiskStatus failure);
  void spend(Duration cost) const;
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
  std::uint64_t calls_to_cut_ = 0;
  CutWrite cut_write_;
  std::uint64_t epoch_ = 1;
  FileLock::HandleId next_handle_ = 1;
};

}  // namespace simnet
