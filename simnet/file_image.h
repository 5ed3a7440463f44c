// The bytes of one simulated file, twice: what is on the medium, and what the
// process sees. The difference is a set of unsynced sectors and the size.
//
// A power loss decides: (1) once per file, whether the truncations since the last
// sync happened; if not, the medium keeps its old size and nothing written beyond
// the truncation point counts; (2) once per file, how far an extension got, to the
// byte; (3) for each unsynced sector on its own, whether it is kept, dropped, or torn
// into a new prefix and an old suffix. One file in four keeps all its sectors and one
// in four loses all of them: a write-back that was in time, or never began, is far
// more likely than independent sectors would make it.
//
// Limits: a sector holds its old or its newest content, never one in between; what
// was written beyond a truncation point before that truncation is lost with it;
// several truncations between two syncs happen all or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace simnet {

// A uniform number that depends on nothing but its key: (purpose, a, b). The caller
// of a fault gives each fault its own Draw, so removing one moves no other.
using Draw =
    std::function<std::uint64_t(std::string_view purpose, std::uint64_t a, std::uint64_t b)>;

// What became of the unsynced sectors, summed over power losses.
struct SectorFates {
  std::uint64_t kept = 0;
  std::uint64_t dropped = 0;
  std::uint64_t torn = 0;
};

class FileImage {
 public:
  static constexpr std::uint32_t kDefaultSectorBytes = 512;

  // REQUIRES: sector_bytes is a power of two.
  explicit FileImage(std::uint32_t sector_bytes = kDefaultSectorBytes);

  std::span<const std::byte> live() const { return live_; }
  std::span<const std::byte> durable() const { return durable_; }
  std::size_t size() const { return live_.size(); }
  std::size_t sector_bytes() const { return std::size_t{1} << sector_shift_; }
  // Distinct sectors written since the last sync and still within the file.
  std::size_t unsynced_sectors() const { return dirty_.size(); }
  std::span<const std::uint32_t> dirty() const { return dirty_; }
  bool is_dirty(std::uint32_t sector) const {
    return sector / 64 < dirty_bits_.size() && (dirty_bits_[sector / 64] >> (sector % 64) & 1) != 0;
  }

  // Returns how many bytes were there to read.
  std::size_t read(std::size_t offset, std::span<std::byte> into) const;
  // Fills a gap before `offset` with zeros.
  void write(std::size_t offset, std::span<const std::byte> from);
  // Shrinks, or extends with zeros.
  void truncate(std::size_t size);

  // Makes the live view durable. `with_hash`: returns a hash of the size and of the
  // sectors that were unsynced; else 0.
  std::uint64_t sync(bool with_hash);

  // A sync that failed and forgot what it should have written: the sectors count as
  // synced and are not. `revert`: the live view goes back to what is durable. A pending
  // change of size stays pending.
  void abandon(bool revert);

  // Makes the outcome of `draw` both durable and live. `key` names the file. Returns
  // the sectors that were written, whole or torn.
  std::vector<std::uint32_t> power_loss(const Draw& draw, std::uint64_t key, SectorFates& fates);

 private:
  struct Outcome;

  void mark_dirty(std::size_t first, std::size_t last);
  void clear_dirty();
  void forget_dirty_sectors();
  Outcome resolve_size(const Draw& draw, std::uint64_t key);
  // False: the sector keeps its old content.
  bool resolve_sector(const Draw& draw, std::uint64_t key, std::uint32_t sector,
                      const Outcome& outcome, SectorFates& fates);

  std::uint32_t sector_shift_;
  std::vector<std::byte> live_;
  std::vector<std::byte> durable_;
  std::vector<std::uint64_t> dirty_bits_;  // by sector
  std::vector<std::uint32_t> dirty_;       // the set bits, in the order they were set
  bool truncated_ = false;                 // below the durable size, since the last sync
  std::size_t truncated_to_ = 0;           // the lowest size since then
};

}  // namespace simnet
