// Counter-based randomness: every number is a hash of (seed, stream, counter), so
// the n-th draw of one stream never depends on how much any other stream drew.
// That is what lets a shrinker remove one fault without moving everything else.
// Integers and integer ratios only. Hash: XXH3-64 (xxHash 0.8 specification).
#pragma once

#include <cstdint>
#include <string_view>

namespace simnet {

// Names a stream below a parent stream; cheap to copy, holds no counter.
class StreamKey {
 public:
  explicit StreamKey(std::uint64_t value) : value_(value) {}
  StreamKey child(std::string_view name) const;
  StreamKey child(std::uint64_t number) const;
  // The number at `counter`; the same for ever.
  std::uint64_t at(std::uint64_t counter) const;

 private:
  std::uint64_t value_;
};

// Uniform in [0, bound) by multiply-shift; bias below bound / 2^64. bound 0 gives 0.
std::uint64_t below(std::uint64_t random, std::uint64_t bound);
// True for `numerator` of `denominator` values.
bool ratio(std::uint64_t random, std::uint64_t numerator, std::uint64_t denominator);

// A stream with its counter: for places that just want the next number.
class Random {
 public:
  explicit Random(StreamKey key) : key_(key) {}
  std::uint64_t next() { return key_.at(counter_++); }
  std::uint64_t below(std::uint64_t bound) { return simnet::below(next(), bound); }
  // Uniform in [low, high]. REQUIRES: low <= high.
  std::int64_t between(std::int64_t low, std::int64_t high);
  bool ratio(std::uint64_t numerator, std::uint64_t denominator) {
    return simnet::ratio(next(), numerator, denominator);
  }

 private:
  StreamKey key_;
  std::uint64_t counter_ = 0;
};

}  // namespace simnet
