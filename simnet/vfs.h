// A SQLite VFS whose files lie on simulated disks. Paths are "/<host>/<file>".
//
// The library is process-global: its configuration (single threaded, set by the first
// Vfs), its default VFS and its random generator. Each Vfs restarts that generator, so
// a run that begins with a new Vfs draws the same bytes; two runs that alternate in one
// process would disturb each other.
//
// Limits: no memory-mapped I/O; the shared memory of WAL is the process's own and makes
// no "-shm" file. Files without a name (temporary ones) live on a disk of the Vfs that no
// fault reaches. Paths are taken as they are, without "." or "..". No file controls. No
// extension can be loaded.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "simnet/disk.h"

namespace simnet {

class Vfs {
 public:
  // Registers the VFS and makes it the default. `name` is unique while it lives.
  explicit Vfs(std::string name);
  // Makes the former default VFS the default again, if it still exists.
  // REQUIRES: connections that use this VFS are closed.
  ~Vfs();
  Vfs(const Vfs&) = delete;
  Vfs& operator=(const Vfs&) = delete;

  const std::string& name() const { return name_; }

  // REQUIRES: the disk outlives every connection to it.
  void add_disk(std::string host, Disk& disk) { disks_[std::move(host)] = &disk; }
  void remove_disk(std::string_view host);

  // Seeds SQLite's generator (rowids of full tables, journal nonces, random()) and
  // restarts it. Without it the bytes come from a fixed counter.
  void set_randomness(std::function<std::uint64_t()> randomness);
  // Milliseconds since 1970-01-01 UTC, for SQL's 'now'. Without it always 0.
  void set_clock(std::function<std::int64_t()> unix_ms) { clock_ = std::move(unix_ms); }

 private:
  friend struct VfsCalls;
  struct Place {
    Disk* disk = nullptr;
    std::string_view file;
  };

  // `disk` is null for a path of another form or an unknown host.
  Place locate(const char* path);
  std::uint64_t random();

  std::string name_;
  std::string former_default_;
  std::map<std::string, Disk*, std::less<>> disks_;
  Disk scratch_;
  std::uint64_t next_nameless_ = 1;
  std::function<std::uint64_t()> randomness_;
  std::function<std::int64_t()> clock_;
  std::uint64_t counter_ = 0;
  sqlite3_vfs vfs_{};
};

}  // namespace simnet
