// Messages in the bytes of a connection, as a packet sniffer's dissectors find them: frames of
// the ledger's protocols, and HTTP. The ports of system/lottery/protocol.h say which.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace story {

struct Dissected {
  std::size_t size = 0;  // bytes of the stream that the message takes
  std::string kind;
  std::string label;
  std::string detail;
};

// The first message of `bytes`, which were sent by who connected to `port` (`request`) or who
// accepted. Nullopt: it is not complete. Bytes that are none of the protocol are one message of
// kind "bytes", to the end.
std::optional<Dissected> dissect(std::string_view bytes, std::uint16_t port, bool request);

}  // namespace story
