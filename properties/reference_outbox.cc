#include "properties/reference_outbox.h"

#include <utility>

#include "properties/reference_replies.h"

namespace properties {

void ReferenceOutbox::tell(std::string topic, std::string kind, std::string payload) {
  rows_.push_back(
      {std::to_string(told() + 1), std::move(topic), std::move(kind), std::move(payload)});
}

lottery::Reply ReferenceOutbox::run(const lottery::AckOutbox& command) {
  if (command.consumer.empty() || command.sequence < 0 || command.sequence > told()) {
    return refusal(400, "bad_request");
  }
  std::int64_t& sequence = consumers_[command.consumer];
  if (command.sequence > sequence) {
    sequence = command.sequence;
  }
  return number_reply("acknowledged", sequence);
}

TableRows ReferenceOutbox::rows() const { return rows_; }

TableRows ReferenceOutbox::consumer_rows() const {
  TableRows rows;
  for (const auto& [consumer, sequence] : consumers_) {
    rows.push_back({consumer, std::to_string(sequence)});
  }
  return rows;
}

}  // namespace properties
