#include "system/lottery/outbox.h"

#include <algorithm>

#include "system/lottery/refusals.h"

namespace lottery {

void Outbox::append(std::string_view topic, std::string_view kind, std::string_view payload) {
  database_.run("INSERT INTO outbox(sequence, topic, kind, payload) VALUES (?1, ?2, ?3, ?4)",
                last_sequence() + 1, topic, kind, payload);
}

Reply Outbox::ack(const AckOutbox& command) {
  if (command.consumer.empty() || command.sequence < 0 || command.sequence > last_sequence()) {
    return refuse(Refusal::bad_request);
  }
  const std::int64_t known = std::max(acknowledged(command.consumer), command.sequence);
  database_.run("REPLACE INTO outbox_consumers(consumer, sequence) VALUES (?1, ?2)",
                command.consumer, known);
  return reply_count("acknowledged", known);
}

OutboxRows Outbox::after(std::int64_t sequence, std::int64_t limit) {
  store::Query query = database_.query(
      "SELECT sequence, topic, kind, payload FROM outbox WHERE sequence > ?1 "
      "ORDER BY sequence LIMIT ?2",
      sequence, std::clamp<std::int64_t>(limit, 1, 100));
  OutboxRows found;
  while (query.step()) {
    found.rows.push_back({query.integer(0), query.text(1), query.text(2), query.text(3)});
  }
  return found;
}

std::int64_t Outbox::acknowledged(std::string_view consumer) {
  store::Query query =
      database_.query("SELECT sequence FROM outbox_consumers WHERE consumer = ?1", consumer);
  return query.step() ? query.integer(0) : 0;
}

std::int64_t Outbox::last_sequence() {
  store::Query query = database_.query("SELECT coalesce(max(sequence), 0) FROM outbox");
  query.step();
  return query.integer(0);
}

}  // namespace lottery
