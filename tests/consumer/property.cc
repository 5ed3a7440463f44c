#include "property.h"

#include <algorithm>
#include <cstdint>

namespace chat {
namespace {

using Numbers = std::map<std::string, std::uint64_t>;

std::string contents(const Record& record, const std::vector<Message>& history, Numbers& numbers) {
  for (const Message& message : history) {
    const auto said = record.said.find(message.id);
    if (said == record.said.end() || said->second != message.text) {
      return message.id + " was never said like this";
    }
    const auto [first, fresh] = numbers.emplace(message.id, message.number);
    if (!fresh) {
      return message.id + " is there twice, as " + std::to_string(first->second) + " and " +
             std::to_string(message.number);
    }
  }
  return "";
}

std::string acknowledged(const Record& record, const Numbers& numbers) {
  for (const Acknowledgement& acknowledgement : record.acknowledged) {
    const std::string promise =
        acknowledgement.id + " was acknowledged as " + std::to_string(acknowledgement.number);
    const auto found = numbers.find(acknowledgement.id);
    if (found == numbers.end()) {
      return promise + " and is lost";
    }
    if (found->second != acknowledgement.number) {
      return promise + " and stands at " + std::to_string(found->second);
    }
  }
  return "";
}

std::string order(const Record& record, const Numbers& numbers) {
  for (const auto& [client, ids] : record.ids) {
    std::uint64_t last = 0;
    for (const std::string& id : ids) {
      const auto found = numbers.find(id);
      if (found == numbers.end()) {
        continue;
      }
      if (found->second < last) {
        return id + " stands before what " + client + " had said earlier";
      }
      last = found->second;
    }
  }
  return "";
}

}  // namespace

std::string violation(const Record& record,
                      const std::map<std::string, std::vector<Message>>& histories) {
  if (histories.empty()) {
    return "nobody holds a history";
  }
  const auto& [reader, history] = *histories.begin();
  for (const auto& [other, others_history] : histories) {
    if (others_history != history) {
      const auto part = std::ranges::mismatch(history, others_history);
      return reader + " and " + other + " differ after message " +
             std::to_string(part.in1 - history.begin()) + ", of " + std::to_string(history.size()) +
             " and " + std::to_string(others_history.size());
    }
  }
  Numbers numbers;
  for (const std::string& wrong : {contents(record, history, numbers),
                                   acknowledged(record, numbers), order(record, numbers)}) {
    if (!wrong.empty()) {
      return wrong;
    }
  }
  return "";
}

}  // namespace chat
