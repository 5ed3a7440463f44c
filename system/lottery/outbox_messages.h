// The outbox: what the ledger has to tell others, in the order in which it happened.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lottery {

// `consumer` has passed on everything up to `sequence`. Only ever grows.
struct AckOutbox {
  static constexpr std::string_view kType = "ack_outbox";
  std::string consumer;
  std::int64_t sequence = 0;
};
BOOST_DESCRIBE_STRUCT(AckOutbox, (), (consumer, sequence))

// `topic` says whom it concerns: "user:<user>" or "draw:<draw>". `payload` is the view of
// the purchase or draw as it was when it happened.
struct OutboxRow {
  std::int64_t sequence = 0;  // from 1, without gaps
  std::string topic;
  std::string kind;  // confirmed, failed, refunded; closed, published
  std::string payload;
};
BOOST_DESCRIBE_STRUCT(OutboxRow, (), (sequence, topic, kind, payload))

struct OutboxRows {
  std::vector<OutboxRow> rows;
};
BOOST_DESCRIBE_STRUCT(OutboxRows, (), (rows))

}  // namespace lottery
