// The outbox: a row written in the transaction of the effect it tells of, so that neither
// exists without the other. Readers go by sequence and acknowledge what they passed on;
// a reader that starts again from its acknowledged sequence misses nothing, but may pass
// something on twice.
//
// Limits: rows are never removed.
#pragma once

#include <cstdint>
#include <string_view>

#include "system/lottery/messages.h"
#include "system/store/database.h"

namespace lottery {

class Outbox {
 public:
  explicit Outbox(store::Database& database) : database_(database) {}

  void append(std::string_view topic, std::string_view kind, std::string_view payload);
  Reply ack(const AckOutbox& command);

  // Rows after `sequence`, oldest first; `limit` is clamped to 1..100.
  OutboxRows after(std::int64_t sequence, std::int64_t limit);
  std::int64_t acknowledged(std::string_view consumer);  // 0: nothing yet

 private:
  std::int64_t last_sequence();

  store::Database& database_;
};

}  // namespace lottery
