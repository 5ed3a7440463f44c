#include "simnet/file_image.h"

#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "simnet/random.h"

namespace simnet {
namespace {

constexpr std::size_t kBitsPerWord = 64;

}  // namespace

struct FileImage::Outcome {
  enum class Mood { each_sector, keep_all, drop_all };

  std::size_t size = 0;
  // Sectors from here on belong to a change of size that did not happen.
  std::size_t void_from = SIZE_MAX;
  Mood mood = Mood::each_sector;
};

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
  if (end > live_.size()) {
    live_.resize(end);
  }
  std::memcpy(live_.data() + offset, from.data(), from.size());
  mark_dirty(offset / kSectorBytes, (end - 1) / kSectorBytes);
}

void FileImage::truncate(std::size_t size) {
  if (size < live_.size()) {
    const std::size_t first_gone = (size + kSectorBytes - 1) / kSectorBytes;
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
  durable_.resize(live_.size());
  std::uint64_t hash = live_.size();
  for (std::size_t i = 0; i < dirty_.size();) {
    std::size_t run = 1;
    while (i + run < dirty_.size() && dirty_[i + run] == dirty_[i] + run) {
      ++run;
    }
    const std::size_t begin = dirty_[i] * kSectorBytes;
    const std::size_t count = std::min(run * kSectorBytes, live_.size() - begin);
    std::memcpy(durable_.data() + begin, live_.data() + begin, count);
    if (with_hash) {
      hash = XXH3_64bits_withSeed(live_.data() + begin, count, hash ^ begin);
    }
    i += run;
  }
  clear_dirty();
  return with_hash ? hash : 0;
}

void FileImage::power_loss(const Draw& draw, std::uint64_t key, SectorFates& fates) {
  const Outcome outcome = resolve_size(draw, key);
  for (const std::uint32_t sector : dirty_) {
    resolve_sector(draw, key, sector, outcome, fates);
  }
  live_ = durable_;
  clear_dirty();
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

void FileImage::resolve_sector(const Draw& draw, std::uint64_t key, std::uint32_t sector,
                               const Outcome& outcome, SectorFates& fates) {
  const std::size_t begin = sector * kSectorBytes;
  if (begin >= outcome.size || begin >= outcome.void_from ||
      outcome.mood == Outcome::Mood::drop_all) {
    ++fates.dropped;
    return;
  }
  const std::size_t whole = std::min({kSectorBytes, live_.size() - begin, outcome.size - begin});
  std::size_t count = whole;
  if (outcome.mood == Outcome::Mood::each_sector) {
    switch (below(draw("sector", key, sector), 3)) {
      case 0:
        ++fates.dropped;
        return;
      case 1:
        count = std::min(whole, 1 + below(draw("tear", key, sector), kSectorBytes - 1));
        ++fates.torn;
        break;
      default:
        ++fates.kept;
    }
  } else {
    ++fates.kept;
  }
  std::memcpy(durable_.data() + begin, live_.data() + begin, count);
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
  for (const std::uint32_t sector : dirty_) {
    dirty_bits_[sector / kBitsPerWord] = 0;
  }
  dirty_.clear();
  truncated_ = false;
}

}  // namespace simnet
