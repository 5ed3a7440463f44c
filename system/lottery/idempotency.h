// One row per (user, key): the request it stood for and the reply it got. Rows are
// replicated state like any other: written in the transaction of their effect,
// never removed, aged by nothing. A failed key stays failed.
// They stand in the order of arrival and are found by a table in memory (key_rows.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "system/lottery/entry_codec.h"
#include "system/lottery/key_rows.h"
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
  // Walks through the rows there are. A row whose transaction fails is not found.
  explicit Idempotency(store::Database& database);

  std::optional<IdempotencyRow> find(std::string_view user, std::string_view key);
  void store(std::string_view user, std::string_view key, std::string_view request_hash,
             const Outcome& outcome);
  // Gives a row stored with 202 its terminal reply.
  void complete(std::string_view user, std::string_view key, const Reply& reply);

 private:
  std::optional<IdempotencyRow> read(std::int64_t number, std::string_view full_key);

  store::Database& database_;
  KeyRows rows_;
};

// XXH3-128 in hex of the packed command, without the members that do not make the
// request another one: its key, and what the buyer happened to see.
std::string request_hash(const Command& command);

}  // namespace lottery
