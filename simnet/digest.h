// The identity of a run: a rolling XXH3-64 over every executed event (time, host,
// kind, payload) with periodic checkpoints. Two runs are the same universe if and
// only if their digests are equal; the first differing checkpoint tells where they
// parted.
#pragma once

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

  void fold(Time at, std::uint32_t host, EventKind kind, std::uint64_t payload);

  std::uint64_t value() const { return value_; }
  std::uint64_t events() const { return events_; }
  const std::vector<Checkpoint>& checkpoints() const { return checkpoints_; }

 private:
  static constexpr std::uint64_t kCheckpointEvery = 1024;
  std::uint64_t value_ = 0;
  std::uint64_t events_ = 0;
  std::vector<Checkpoint> checkpoints_;
};

}  // namespace simnet
