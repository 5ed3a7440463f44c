#include "properties/linearizability/configuration_set.h"

#include <algorithm>
#include <bit>

namespace linearizability {
namespace {

// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

constexpr std::size_t kFirstBuckets = 16;

}  // namespace

std::uint64_t ConfigurationSet::hash(const Configuration& configuration) const {
  std::uint64_t result = 0;
  for (const std::int64_t number : configuration.state) {
    result = mixed(result ^ static_cast<std::uint64_t>(number));
  }
  for (std::size_t w = 0; w < kinds_.mutators.words(); ++w) {
    result = mixed(result ^ (configuration.done.word(w) & kinds_.mutators.word(w)));
  }
  return result;
}

bool ConfigurationSet::same_group(const Configuration& a, const Configuration& b) const {
  for (std::size_t w = 0; w < kinds_.mutators.words(); ++w) {
    if (((a.done.word(w) ^ b.done.word(w)) & kinds_.mutators.word(w)) != 0) {
      return false;
    }
  }
  return a.state == b.state;
}

bool ConfigurationSet::dominates(const Configuration& a, const Configuration& b) const {
  const std::size_t words = std::max(a.done.words(), b.done.words());
  for (std::size_t w = 0; w < words; ++w) {
    const std::uint64_t only_a = a.done.word(w) & ~b.done.word(w);
    const std::uint64_t only_b = b.done.word(w) & ~a.done.word(w);
    if ((only_a & kinds_.unknowns.word(w)) != 0 || (only_b & kinds_.observers.word(w)) != 0) {
      return false;
    }
  }
  return true;
}

void ConfigurationSet::add(Configuration configuration) {
  const std::uint64_t code = hash(configuration);
  std::size_t peers = 0;
  std::size_t worst = 0;
  std::size_t worst_used = 0;
  if (!first_.empty()) {
    for (std::uint32_t i = first_[code & (first_.size() - 1)]; i != 0; i = next_[i - 1]) {
      const std::size_t other = i - 1;
      if (!alive_[other] || hashes_[other] != code || !same_group(all_[other], configuration)) {
        continue;
      }
      if (dominates(all_[other], configuration)) {
        return;
      }
      alive_[other] = !dominates(configuration, all_[other]);
      const std::size_t used = alive_[other] ? unknowns_used(all_[other]) : 0;
      peers += alive_[other] ? 1 : 0;
      if (used > worst_used) {
        worst = other;
        worst_used = used;
      }
    }
  }
  if (peers >= group_max_) {
    overflowed_ = true;
    if (unknowns_used(configuration) >= worst_used) {
      return;
    }
    alive_[worst] = false;
  }
  if (all_.size() >= limit_) {
    overflowed_ = true;
    return;
  }
  if (all_.size() >= first_.size()) {
    grow();
  }
  std::uint32_t& bucket = first_[code & (first_.size() - 1)];
  next_.push_back(bucket);
  bucket = static_cast<std::uint32_t>(all_.size() + 1);
  all_.push_back(std::move(configuration));
  alive_.push_back(true);
  hashes_.push_back(code);
}

std::size_t ConfigurationSet::unknowns_used(const Configuration& configuration) const {
  std::size_t used = 0;
  for (std::size_t w = 0; w < configuration.done.words(); ++w) {
    used += static_cast<std::size_t>(
        std::popcount(configuration.done.word(w) & kinds_.unknowns.word(w)));
  }
  return used;
}

void ConfigurationSet::grow() {
  first_.assign(std::max(kFirstBuckets, first_.size() * 2), 0);
  for (std::size_t i = 0; i < all_.size(); ++i) {
    std::uint32_t& bucket = first_[hashes_[i] & (first_.size() - 1)];
    next_[i] = bucket;
    bucket = static_cast<std::uint32_t>(i + 1);
  }
}

std::vector<Configuration> ConfigurationSet::take() {
  std::vector<Configuration> result;
  for (std::size_t i = 0; i < all_.size(); ++i) {
    if (alive_[i]) {
      result.push_back(std::move(all_[i]));
    }
  }
  all_.clear();
  alive_.clear();
  hashes_.clear();
  next_.clear();
  first_.clear();
  return result;
}

}  // namespace linearizability
