// What travels between two TCP stacks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace simnet {

// Names one end of one connection for ever; never reused.
using EndId = std::uint64_t;

struct Segment {
  enum class Type : std::uint8_t { syn, syn_ack, data, fin, reset };

  Type type = Type::data;
  EndId source = 0;
  EndId destination = 0;
  std::uint64_t sequence = 0;  // counts segments of this direction from 0
  std::uint16_t port = 0;      // of a syn
  std::shared_ptr<const std::string> bytes;
};

}  // namespace simnet
