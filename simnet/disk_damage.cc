#include "simnet/disk_damage.h"

#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "simnet/ppm.h"
#include "simnet/random.h"

namespace simnet {
namespace {

constexpr std::uint64_t kBitsPerByte = 8;

// Bytes of `from` that belong to a sector, padded with zeros to `count`.
std::vector<std::byte> sector_of(std::span<const std::byte> from, std::size_t begin,
                                 std::size_t count) {
  std::vector<std::byte> bytes(count);
  if (begin < from.size()) {
    std::memcpy(bytes.data(), from.data() + begin, std::min(count, from.size() - begin));
  }
  return bytes;
}

std::uint64_t place_and_content(std::uint32_t sector, std::span<const std::byte> content) {
  return XXH3_64bits_withSeed(content.data(), content.size(), sector);
}

}  // namespace

void DiskDamage::write_back(const FileImage& image, std::uint64_t key, const DiskFaults* faults,
                            DiskStats& stats) {
  for (const std::uint32_t sector : image.dirty()) {
    if (faults != nullptr && faults->strikes_writes()) {
      strike(image, key, sector, *faults, stats);
    } else {
      sectors_.erase(sector);
    }
  }
}

void DiskDamage::strike(const FileImage& image, std::uint64_t key, std::uint32_t sector,
                        const DiskFaults& faults, DiskStats& stats) {
  const std::size_t bytes = image.sector_bytes();
  const Bytes fresh = sector_of(image.live(), sector * bytes, bytes);
  const std::uint64_t hash = place_and_content(sector, fresh);
  const auto struck = [&](std::string_view purpose, std::uint32_t ppm) {
    return ppm != 0 && ratio(faults.draw(purpose, key, hash), ppm, kMillion);
  };
  const auto found = sectors_.find(sector);
  Bytes old =
      found != sectors_.end() ? found->second : sector_of(image.durable(), sector * bytes, bytes);
  if (struck("lost_write", faults.lost_write_ppm)) {
    ++stats.lost_writes;
    sectors_[sector] = std::move(old);
    return;
  }
  if (struck("torn_write", faults.torn_write_ppm)) {
    ++stats.torn_writes;
    const std::uint64_t kept = 1 + below(faults.draw("torn_write_at", key, hash), bytes - 1);
    std::copy_n(fresh.begin(), kept, old.begin());
    sectors_[sector] = std::move(old);
    return;
  }
  const std::uint64_t others = (image.size() + bytes - 1) / bytes - 1;
  if (others > 0 && struck("misdirected_write", faults.misdirected_write_ppm)) {
    ++stats.misdirected_writes;
    const std::uint64_t other = below(faults.draw("misdirected_write_to", key, hash), others);
    sectors_[sector] = std::move(old);
    sectors_[static_cast<std::uint32_t>(other < sector ? other : other + 1)] = fresh;
    return;
  }
  sectors_.erase(sector);
}

DiskDamage::Bytes DiskDamage::on_medium(const FileImage& image, std::uint32_t sector) const {
  const std::size_t begin = sector * image.sector_bytes();
  const std::size_t count = std::min(image.sector_bytes(), image.size() - begin);
  const auto found = sectors_.find(sector);
  return found == sectors_.end() ? sector_of(image.live(), begin, count)
                                 : sector_of(found->second, 0, count);
}

bool DiskDamage::read(const FileImage& image, std::uint64_t key, const DiskFaults& faults,
                      std::size_t offset, std::span<std::byte> into, DiskStats& stats) const {
  if (into.empty()) {
    return true;  // beyond the end of the file
  }
  const std::size_t bytes = image.sector_bytes();
  const std::size_t end = offset + into.size();
  for (std::size_t begin = offset / bytes * bytes; begin < end; begin += bytes) {
    const auto sector = static_cast<std::uint32_t>(begin / bytes);
    if (image.is_dirty(sector)) {
      continue;
    }
    Bytes content = on_medium(image, sector);
    const std::uint64_t hash = place_and_content(sector, content);
    if (faults.latent_error_ppm != 0 &&
        ratio(faults.draw("latent_error", key, hash), faults.latent_error_ppm, kMillion)) {
      ++stats.latent_errors;
      return false;
    }
    if (faults.bit_rot_ppm != 0 &&
        ratio(faults.draw("bit_rot", key, hash), faults.bit_rot_ppm, kMillion)) {
      ++stats.rotten_reads;
      const std::uint64_t bit =
          below(faults.draw("bit_rot_at", key, hash), content.size() * kBitsPerByte);
      content[bit / kBitsPerByte] ^= std::byte{1} << (bit % kBitsPerByte);
    }
    stats.damaged_reads += sectors_.count(sector);
    const std::size_t from = std::max(begin, offset);
    const std::size_t to = std::min(begin + content.size(), end);
    std::memcpy(into.data() + (from - offset), content.data() + (from - begin), to - from);
  }
  return true;
}

void DiskDamage::truncate(std::size_t size, std::size_t sector_bytes) {
  const std::size_t whole = size / sector_bytes;
  const std::size_t rest = size % sector_bytes;
  sectors_.erase(sectors_.lower_bound(static_cast<std::uint32_t>(whole + (rest != 0 ? 1 : 0))),
                 sectors_.end());
  if (const auto cut = sectors_.find(static_cast<std::uint32_t>(whole)); cut != sectors_.end()) {
    std::fill(cut->second.begin() + static_cast<std::ptrdiff_t>(rest), cut->second.end(),
              std::byte{});
  }
}

}  // namespace simnet
