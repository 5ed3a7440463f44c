// What travels between two hosts: a TCP segment or a datagram.
#pragma once

#include <cstdint>

#include "simnet/payload.h"

namespace simnet {

// Names one end of one connection for ever; never reused. Low half: slot of the world's
// table of ends, high half: how often that slot was used.
using EndId = std::uint64_t;

struct Packet {
  enum class Type : std::uint8_t { syn, syn_ack, data, fin, reset, datagram };

  Type type = Type::data;
  bool loopback = false;          // addressed to 127.0.0.0/8
  std::uint16_t source_port = 0;  // of a syn or a datagram
  std::uint16_t port = 0;         // likewise: the destination's
  EndId source = 0;               // of a segment
  EndId destination = 0;
  std::uint64_t sequence = 0;  // counts segments of this direction from 0
  PayloadPtr bytes;

  std::size_t size() const { return bytes ? bytes->size() : 0; }
};

// What is added to the payload for the time on the wire: headers of IP and TCP (RFC 791,
// RFC 9293, no options).
inline constexpr std::size_t kHeader_bytes = 40;

}  // namespace simnet
