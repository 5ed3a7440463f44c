// The identity of a run: a rolling XXH3-64 over every executed event (time, host,
// kind, payload) with periodic checkpoints. Two runs are the same universe if and
// only if their digests are equal; the first differing checkpoint tells where they
// parted.
#pragma once

#define XXH_INLINE_ALL  // a call costs as much as the hash of so few bytes
#include <xxhash.h>

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "simnet/time.h"

namespace simnet {

enum class EventKind : std::uint8_t {
  post = 1,  // a function handed to an executor
  timer,     // a timer fired
  io,        // a pending read, write, accept or connect completed
  packet,    // a packet arrived or was dropped
  world,     // an action of the world itself: a fault, a boot, a retransmission
  crash,     // a host lost its process
  disk,      // a file was synced
  emit,      // a service emitted a typed event
};

std::uint64_t hash_bytes(std::string_view bytes);

class Digest {
 public:
  struct Checkpoint {
    std::uint64_t events;
    Time at;
    std::uint64_t value;
  };

  void fold(Time at, std::uint32_t host, EventKind kind, std::uint64_t payload) {
    const std::uint64_t where = (std::uint64_t{host} << 8) | static_cast<std::uint64_t>(kind);
    const std::array<std::uint64_t, 2> input{
        static_cast<std::uint64_t>(at.time_since_epoch().count()), payload + where * kOdd};
    value_ = XXH3_64bits_withSeed(input.data(), sizeof input, value_);
    if (++events_ % kCheckpointEvery == 0) {
      checkpoints_.push_back({events_, at, value_});
    }
  }

  std::uint64_t value() const { return value_; }
  std::uint64_t events() const { return events_; }
  const std::vector<Checkpoint>& checkpoints() const { return checkpoints_; }

 private:
  static constexpr std::uint64_t kCheckpointEvery = 1024;
  static constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;
  std::uint64_t value_ = 0;
  std::uint64_t events_ = 0;
  std::vector<Checkpoint> checkpoints_;
};

}  // namespace simnet
