#include "simnet/file_image.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "simnet/random.h"

namespace simnet {
namespace {

constexpr std::size_t kBitsPerWord = 64;

// Like resize and memcpy, but what is appended is not zeroed first.
void put(std::vector<std::byte>& bytes, std::size_t offset, std::span<const std::byte> from) {
  if (offset > bytes.size()) {
    bytes.resize(offset);
  }
  const std::size_t inside = std::min(from.size(), bytes.size() - offset);
  if (inside != 0) {  // an empty vector may have no data at all
    std::memcpy(bytes.data() + offset, from.data(), inside);
  }
  bytes.insert(bytes.end(), from.begin() + static_cast<std::ptrdiff_t>(inside), from.end());
}

}  // namespace

struct FileImage::Outcome {
  enum class Mood { each_sector, keep_all, drop_all };

  std::size_t size = 0;
  // Sectors from here on belong to a change of size that did not happen.
  std::size_t void_from = SIZE_MAX;
  Mood mood = Mood::each_sector;
};

FileImage::FileImage(std::uint32_t sector_bytes)
    : sector_shift_(static_cast<std::uint32_t>(std::countr_zero(sector_bytes))) {}

std::size_t FileImage::read(std::size_t offset, std::span<std::byte> into) const {
  if (offset >= live_.size()) {
    return 0;
  }
  const std::size_t count = std::min(into.size(), live_.size() - offset);
  std::memcpy(into.data(), live_.data() + offset, count);
  return count;
}

void FileImage::write(std::size_t offset, std::span<const std::byte> from) {
  if (from.empty()) {
    return;
  }
  const std::size_t end = offset + from.size();
  put(live_, offset, from);
  mark_dirty(offset >> sector_shift_, (end - 1) >> sector_shift_);
}

void FileImage::truncate(std::size_t size) {
  if (size < live_.size()) {
    const std::size_t first_gone = (size + sector_bytes() - 1) >> sector_shift_;
    std::erase_if(dirty_, [&](std::uint32_t sector) {
      if (sector < first_gone) {
        return false;
      }
      dirty_bits_[sector / kBitsPerWord] &= ~(1ULL << (sector % kBitsPerWord));
      return true;
    });
    if (size < durable_.size()) {
      truncated_to_ = truncated_ ? std::min(truncated_to_, size) : size;
      truncated_ = true;
    }
  }
  live_.resize(size);
}

std::uint64_t FileImage::sync(bool with_hash) {
  if (truncated_) {
    durable_.resize(std::min(durable_.size(), truncated_to_));
  }
  durable_.resize(std::min(durable_.size(), live_.size()));
  std::uint64_t hash = live_.size();
  for (std::size_t i = 0; i < dirty_.size();) {
    std::size_t run = 1;
    while (i + run < dirty_.size() && dirty_[i + run] == dirty_[i] + run) {
      ++run;
    }
    const std::size_t begin = std::size_t{dirty_[i]} << sector_shift_;
    const std::size_t count = std::min(run << sector_shift_, live_.size() - begin);
    put(durable_, begin, std::span(live_).subspan(begin, count));
    if (with_hash) {
      hash = XXH3_64bits_withSeed(live_.data() + begin, count, hash ^ begin);
    }
    i += run;
  }
  durable_.resize(live_.size());
  clear_dirty();
  return with_hash ? hash : 0;
}

void FileImage::abandon(bool revert) {
  for (const std::uint32_t sector : dirty_) {
    const std::size_t begin = std::size_t{sector} << sector_shift_;
    const std::size_t count = std::min(sector_bytes(), live_.size() - begin);
    // What lies beyond a pending truncation is no longer the file's.
    const std::size_t medium =
        truncated_ ? std::min(durable_.size(), truncated_to_) : durable_.size();
    const std::size_t old = begin < medium ? std::min(count, medium - begin) : 0;
    if (revert && old != 0) {
      std::memcpy(live_.data() + begin, durable_.data() + begin, old);
    }
    if (revert) {
      std::memset(live_.data() + begin + old, 0, count - old);
    }
  }
  forget_dirty_sectors();
}

std::vector<std::uint32_t> FileImage::power_loss(const Draw& draw, std::uint64_t key,
                                                 SectorFates& fates) {
  const Outcome outcome = resolve_size(draw, key);
  std::vector<std::uint32_t> written;
  for (const std::uint32_t sector : dirty_) {
    if (resolve_sector(draw, key, sector, outcome, fates)) {
      written.push_back(sector);
    }
  }
  live_ = durable_;
  clear_dirty();
  return written;
}

FileImage::Outcome FileImage::resolve_size(const Draw& draw, std::uint64_t key) {
  Outcome outcome;
  const bool truncation_lost = truncated_ && below(draw("truncate", key, 0), 2) == 0;
  if (truncation_lost) {
    outcome.size = durable_.size();
    outcome.void_from = truncated_to_;
  } else {
    if (truncated_) {
      durable_.resize(std::min(durable_.size(), truncated_to_));
    }
    const std::size_t grown = live_.size() - durable_.size();
    switch (below(draw("size", key, 0), 4)) {
      case 0:
        outcome.size = durable_.size();
        break;
      case 1:
        outcome.size = durable_.size() + below(draw("size", key, 1), grown + 1);
        break;
      default:
        outcome.size = live_.size();
    }
    durable_.resize(outcome.size);
  }
  switch (below(draw("mood", key, 0), 4)) {
    case 0:
      outcome.mood = Outcome::Mood::keep_all;
      break;
    case 1:
      outcome.mood = Outcome::Mood::drop_all;
      break;
    default:
      outcome.mood = Outcome::Mood::each_sector;
  }
  return outcome;
}

bool FileImage::resolve_sector(const Draw& draw, std::uint64_t key, std::uint32_t sector,
                               const Outcome& outcome, SectorFates& fates) {
  const std::size_t begin = std::size_t{sector} << sector_shift_;
  if (begin >= outcome.size || begin >= outcome.void_from ||
      outcome.mood == Outcome::Mood::drop_all) {
    ++fates.dropped;
    return false;
  }
  const std::size_t whole = std::min({sector_bytes(), live_.size() - begin, outcome.size - begin});
  std::size_t count = whole;
  if (outcome.mood == Outcome::Mood::each_sector) {
    switch (below(draw("sector", key, sector), 3)) {
      case 0:
        ++fates.dropped;
        return false;
      case 1:
        count = std::min(whole, 1 + below(draw("tear", key, sector), sector_bytes() - 1));
        ++fates.torn;
        break;
      default:
        ++fates.kept;
    }
  } else {
    ++fates.kept;
  }
  std::memcpy(durable_.data() + begin, live_.data() + begin, count);
  return true;
}

void FileImage::mark_dirty(std::size_t first, std::size_t last) {
  if (last / kBitsPerWord >= dirty_bits_.size()) {
    dirty_bits_.resize(last / kBitsPerWord + 1);
  }
  for (std::size_t sector = first; sector <= last; ++sector) {
    const std::uint64_t bit = 1ULL << (sector % kBitsPerWord);
    std::uint64_t& word = dirty_bits_[sector / kBitsPerWord];
    if ((word & bit) == 0) {
      word |= bit;
      dirty_.push_back(static_cast<std::uint32_t>(sector));
    }
  }
}

void FileImage::clear_dirty() {
  forget_dirty_sectors();
  truncated_ = false;
}

void FileImage::forget_dirty_sectors() {
  for (const std::uint32_t sector : dirty_) {
    dirty_bits_[sector / kBitsPerWord] = 0;
  }
  dirty_.clear();
}

}  // namespace simnet
