// What the medium of one file holds in place of the true bytes: the sectors that lost,
// torn and misdirected writes left wrong, and the bits that have rotted. The true bytes
// stay in the FileImage; this is what lies over them while the faults are on.
//
// Limits: damage in a part that is truncated away is forgotten, though a power loss may
// bring that part back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "simnet/disk_faults.h"
#include "simnet/disk_types.h"
#include "simnet/file_image.h"

namespace simnet {

class DiskDamage {
 public:
  bool empty() const { return sectors_.empty(); }

  // The unsynced sectors of `image` go to the medium: REQUIRES to be called before the
  // sync of `image`. `key` names the file. Without write faults the sectors are whole again.
  void write_back(const FileImage& image, std::uint64_t key, const DiskFaults* faults,
                  DiskStats& stats);

  // `into` holds the true bytes from `offset` on; lays damage and rot over it.
  // False: one of the sectors cannot be read.
  bool read(const FileImage& image, std::uint64_t key, const DiskFaults& faults, std::size_t offset,
            std::span<std::byte> into, DiskStats& stats) const;

  // The sector was written soundly, by a power loss.
  void forget(std::uint32_t sector) { sectors_.erase(sector); }
  void truncate(std::size_t size, std::size_t sector_bytes);

 private:
  using Bytes = std::vector<std::byte>;

  // The content of a sector on the medium; `size` of the file bounds it.
  Bytes on_medium(const FileImage& image, std::uint32_t sector) const;
  void strike(const FileImage& image, std::uint64_t key, std::uint32_t sector,
              const DiskFaults& faults, DiskStats& stats);

  std::map<std::uint32_t, Bytes> sectors_;
};

}  // namespace simnet
