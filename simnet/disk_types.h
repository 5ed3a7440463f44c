// The plain data of a simulated disk: what a call answers, what it costs, who is told.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "simnet/file_image.h"
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

struct DiskOptions {
  // What each call costs the process.
  Duration read_cost = std::chrono::microseconds(1);
  Duration write_cost = std::chrono::microseconds(2);
  Duration sync_cost = std::chrono::microseconds(300);
  // What a power loss keeps, drops or tears: 512 or 4096. Of files created from now on.
  std::uint32_t sector_bytes = FileImage::kDefaultSectorBytes;
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

struct DiskStats {
  std::uint64_t calls = 0;  // calls that reached the disk: not those on stale handles
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
  std::uint64_t bytes_written = 0;
  std::uint64_t syncs = 0;
  std::uint64_t lied_syncs = 0;
  std::uint64_t injected_errors = 0;
  std::uint64_t stalls = 0;
  std::uint64_t lost_writes = 0;  // sectors, as the next two
  std::uint64_t torn_writes = 0;
  std::uint64_t misdirected_writes = 0;
  std::uint64_t damaged_reads = 0;  // sectors whose damage was read
  std::uint64_t rotten_reads = 0;   // sectors read with a flipped bit
  std::uint64_t latent_errors = 0;  // reads refused for a sector's sake
  std::uint64_t power_cuts = 0;
  std::uint64_t power_losses = 0;
  std::uint64_t process_crashes = 0;
  std::uint64_t disk_losses = 0;
  SectorFates sectors;
};

struct OpenMode {
  bool create = false;
  bool exclusive = false;  // with create: fails with `exists`
  // As on unix the name goes at once, the bytes with the handle or a crash.
  bool delete_on_close = false;
};

}  // namespace simnet
