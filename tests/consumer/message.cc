#include "message.h"

#include <charconv>

namespace chat {
namespace {

// Takes the text up to the next space.
std::string_view take_word(std::string_view& rest) {
  const std::size_t space = rest.find(' ');
  const std::string_view word = rest.substr(0, space);
  rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
  return word;
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

std::string to_line(const Message& message) {
  return "msg " + std::to_string(message.number) + " " + message.id + " " + message.text;
}

std::string to_line(const Acknowledgement& acknowledgement) {
  return "ack " + acknowledgement.id + " " + std::to_string(acknowledgement.number);
}

std::string say_line(std::string_view id, std::string_view text) {
  return "say " + std::string(id) + " " + std::string(text);
}

std::optional<Message> message_of(std::string_view line) {
  if (take_word(line) != "msg") {
    return std::nullopt;
  }
  const auto number = number_of(take_word(line));
  const std::string_view id = take_word(line);
  if (!number || id.empty()) {
    return std::nullopt;
  }
  return Message{*number, std::string(id), std::string(line)};
}

std::optional<Acknowledgement> acknowledgement_of(std::string_view line) {
  if (take_word(line) != "ack") {
    return std::nullopt;
  }
  const std::string_view id = take_word(line);
  const auto number = number_of(line);
  if (!number || id.empty()) {
    return std::nullopt;
  }
  return Acknowledgement{std::string(id), *number};
}

std::optional<Message> said_of(std::string_view line) {
  if (take_word(line) != "say") {
    return std::nullopt;
  }
  const std::string_view id = take_word(line);
  if (id.empty()) {
    return std::nullopt;
  }
  return Message{0, std::string(id), std::string(line)};
}

std::uint64_t after_of(std::string_view target) {
  const std::string_view key = "?after=";
  const std::size_t at = target.find(key);
  return at == std::string_view::npos ? 0 : number_of(target.substr(at + key.size())).value_or(0);
}

}  // namespace chat
