// What clients and server tell each other, as lines of text:
//   client:  say ID TEXT         ID is the client's own and has no space in it
//   server:  ack ID NUMBER       said message ID is number NUMBER of the history, on disk
//            msg NUMBER ID TEXT  numbers count from 1 without a gap
// GET /history?after=N answers with the lines `msg` after number N, GET /chat?after=N
// upgrades to a WebSocket that first brings them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chat {

struct Message {
  std::uint64_t number = 0;
  std::string id;
  std::string text;

  friend bool operator==(const Message&, const Message&) = default;
};

struct Acknowledgement {
  std::string id;
  std::uint64_t number = 0;
};

std::string to_line(const Message& message);
std::string to_line(const Acknowledgement& acknowledgement);
std::string say_line(std::string_view id, std::string_view text);

// Nothing when the line is of another kind.
std::optional<Message> message_of(std::string_view line);
std::optional<Acknowledgement> acknowledgement_of(std::string_view line);
// A message that has no number yet.
std::optional<Message> said_of(std::string_view line);

// N of "...?after=N"; 0 when there is none.
std::uint64_t after_of(std::string_view target);

}  // namespace chat
