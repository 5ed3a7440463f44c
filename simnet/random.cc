#include "simnet/random.h"

#define XXH_INLINE_ALL  // a call costs as much as the hash of so few bytes
#include <xxhash.h>

#include <array>

namespace simnet {

StreamKey StreamKey::child(std::string_view name) const {
  return StreamKey(XXH3_64bits_withSeed(name.data(), name.size(), value_));
}

StreamKey StreamKey::child(std::uint64_t number) const {
  const std::array<std::uint64_t, 2> input{number, 0x63'68'69'6c'64ULL};
  return StreamKey(XXH3_64bits_withSeed(input.data(), sizeof input, value_));
}

std::uint64_t StreamKey::at(std::uint64_t counter) const {
  return XXH3_64bits_withSeed(&counter, sizeof counter, value_);
}

std::uint64_t below(std::uint64_t random, std::uint64_t bound) {
  return static_cast<std::uint64_t>((static_cast<__uint128_t>(random) * bound) >> 64);
}

bool ratio(std::uint64_t random, std::uint64_t numerator, std::uint64_t denominator) {
  return below(random, denominator) < numerator;
}

std::int64_t Random::between(std::int64_t low, std::int64_t high) {
  const auto from = static_cast<std::uint64_t>(low);
  const std::uint64_t span = static_cast<std::uint64_t>(high) - from + 1;
  const std::uint64_t offset = span == 0 ? next() : below(span);  // 0: all 64-bit numbers
  return static_cast<std::int64_t>(from + offset);
}

}  // namespace simnet
