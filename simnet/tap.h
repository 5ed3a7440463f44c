// Who looks on at the wire and at the processes of a world: for pictures of a run, as a packet
// sniffer would take them. A tap changes nothing: a run with one is the same as a run without.
#pragma once

#include <cstdint>

#include "simnet/packet.h"
#include "simnet/time.h"

namespace simnet {

// What became of a packet when it should have arrived. One that a clogged link holds back has
// no fate yet: it is told when it gets through.
enum class Fate : std::uint8_t {
  arrived,
  lost,     // on the way
  cut,      // by a rule of the network
  dark,     // the receiver has no power
  refused,  // the receiver answered with a reset
};

class Tap {
 public:
  virtual ~Tap() = default;
  // Hosts are numbered from 1, as World::hosts() has them. `packet` as the sender gave it, before
  // any damage; it is gone after the call. Sent again, or by the network twice, it has the same
  // source and sequence.
  virtual void on_sent(Time at, std::uint32_t from, std::uint32_t to, const Packet& packet) = 0;
  virtual void on_arrival(Time at, std::uint32_t from, std::uint32_t to, const Packet& packet,
                          Fate fate) = 0;
  // The host's process begins (true) or ends.
  virtual void on_process(Time at, std::uint32_t host, bool runs) = 0;
};

}  // namespace simnet
