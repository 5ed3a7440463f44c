// The faults of one simulated disk, as plain data. They are an overlay: none of them
// alters the true bytes, so switching them off at any moment gives the disk back as if
// it had always been sound. (A crash or power loss is no fault in this sense.)
//
// What strikes a sector is decided by what it holds and where it lies: a hash of the
// content, the file and the sector number goes through `draw`. Reading again heals
// nothing; other content in the same place has a new chance; the same content written
// to the same place fails again.
//
// Faults on writes strike when a sync brings a sector to the medium. What a process
// reads back is the medium, except for sectors not yet synced: the page cache of clean
// sectors is taken to be gone at any time.
//
// Limits: one set of rates for all files of a disk; a write fault never strikes what a
// power loss keeps of unsynced sectors; capacity counts the sizes of named files only.
#pragma once

#include <cstdint>

#include "simnet/file_image.h"
#include "simnet/time.h"

namespace simnet {

// Of the calls that can fail so: the first `spare` succeed, the next `fail` fail,
// each one after that fails with `permille` in a thousand.
struct FaultRate {
  std::uint64_t spare = 0;
  std::uint64_t fail = 0;
  std::uint32_t permille = 0;

  bool any() const { return spare != 0 || fail != 0 || permille != 0; }
};

// What a sync that failed leaves behind. Rebello et al., "Can Applications Recover from
// fsync Failures?", USENIX ATC 2020, section 3: ext4 and XFS mark the pages clean and
// keep their new content in memory, Btrfs goes back to the old content.
enum class FailedSync : std::uint8_t {
  stays_dirty,  // the next sync tries again
  clean,        // the next sync has nothing to do; the process sees the new content
  reverted,     // the same, and the process sees the old content
};

struct DiskFaults {
  // Calls that fail.
  FaultRate io_error{};              // all but locking and closing
  FaultRate sync_error{};            // sync, of a file or the directory, on top of io_error
  FaultRate no_space{};              // writes that extend a file
  std::uint64_t capacity_bytes = 0;  // 0: no limit; else writes beyond it have no_space
  FailedSync failed_sync = FailedSync::stays_dirty;
  // Calls that take longer.
  std::uint32_t cost_permille = 1000;  // of DiskOptions' costs
  std::uint32_t stall_permille = 0;    // of reads, writes and syncs: take `stall` longer
  Duration stall{};
  // Successes that are none. Parts per million of the sectors written or read.
  bool lying_sync = false;                  // sync reports success and does nothing
  std::uint32_t lost_write_ppm = 0;         // the medium keeps the old content
  std::uint32_t torn_write_ppm = 0;         // new prefix, old suffix
  std::uint32_t misdirected_write_ppm = 0;  // lands at another sector of the same file
  std::uint32_t bit_rot_ppm = 0;            // one bit reads flipped
  std::uint32_t latent_error_ppm = 0;       // the sector cannot be read
  // What write faults left on the medium is to be seen though all their rates are 0.
  bool damage_stays = false;

  Draw draw;  // REQUIRED for any permille or ppm above 0

  bool strikes_writes() const {
    return (lost_write_ppm | torn_write_ppm | misdirected_write_ppm) != 0;
  }
  bool strikes_reads() const {
    return (bit_rot_ppm | latent_error_ppm) != 0 || strikes_writes() || damage_stays;
  }
  bool any() const {
    return io_error.any() || sync_error.any() || no_space.any() || capacity_bytes != 0 ||
           cost_permille != 1000 || stall_permille != 0 || lying_sync || strikes_reads();
  }
};

}  // namespace simnet
