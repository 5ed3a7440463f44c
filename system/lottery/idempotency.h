// One row per (user, key): the request it stood for and the reply it got. Rows are
// replicated state like any other: written in the transaction of their effect,
// never removed, aged by nothing. A failed key stays failed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "system/lottery/entry_codec.h"
#include "system/lottery/messages.h"
#include "system/store/database.h"

namespace lottery {

// What a keyed command did. `purchase` is empty when the reply names none.
struct Outcome {
  Reply reply;
  std::string purchase;
  std::int64_t attempt = 0;
};

struct IdempotencyRow {
  std::string request_hash;
  Outcome outcome;
};

class Idempotency {
 public:
  explicit Idempotency(store::Database& database) : database_(database) {}

  std::optional<IdempotencyRow> find(std::string_view user, std::string_view key);
  void store(std::string_view user, std::string_view key, std::string_view request_hash,
             const Outcome& outcome);
  // Gives a row stored with 202 its terminal reply.
  void complete(std::string_view user, std::string_view key, const Reply& reply);

 private:
  store::Database& database_;
};

// XXH3-128 in hex of the packed command, without the members that do not make the
// request another one: its key, and what the buyer happened to see.
std::string request_hash(const Command& command);

}  // namespace lottery
