#include "simnet/digest.h"

#define XXH_INLINE_ALL  // a call costs as much as the hash of so few bytes
#include <xxhash.h>

#include <array>

namespace simnet {

std::uint64_t hash_bytes(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

void Digest::fold(Time at, std::uint32_t host, EventKind kind, std::uint64_t payload) {
  const std::array<std::uint64_t, 4> input{
      value_, static_cast<std::uint64_t>(at.time_since_epoch().count()),
      (static_cast<std::uint64_t>(host) << 8) | static_cast<std::uint64_t>(kind), payload};
  value_ = XXH3_64bits(input.data(), sizeof input);
  if (++events_ % kCheckpointEvery == 0) {
    checkpoints_.push_back({events_, at, value_});
  }
}

}  // namespace simnet
