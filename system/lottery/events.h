// What the lottery tells observers. The simulation's checkers live on these;
// they are facts about what happened, never instructions.
#pragma once

#include <string>
#include <vector>

#include "system/lottery/messages.h"
#include "system/rpc/binary.h"

namespace store {
class Database;
}

namespace lottery {

// A replica learned that the entry is committed, and is about to apply it. `payload`
// decodes with decode_entry(); it is empty for entries of Raft's own.
struct EntryCommitted {
  static constexpr std::string_view kEventName = "ledger.committed";
  std::int64_t index = 0;
  std::string payload;
  std::int64_t node = 0;
};
BOOST_DESCRIBE_STRUCT(EntryCommitted, (), (index, payload, node))

// What one command was answered.
struct CommandReply {
  std::int64_t status = 0;
  std::string body;
};
BOOST_DESCRIBE_STRUCT(CommandReply, (), (status, body))

// The entry's effects are durable in the books of this replica. `books` is its own open
// connection, for observers to look through during this call; not encoded.
struct EntryApplied {
  static constexpr std::string_view kEventName = "ledger.applied";
  std::int64_t index = 0;
  std::vector<CommandReply> replies;
  store::Database* books = nullptr;
  std::int64_t node = 0;
};
BOOST_DESCRIBE_STRUCT(EntryApplied, (), (index, replies, node))

// A replica opened its books after a start. What was committed after `applied_index` is
// applied again once the replica learns of it, with its events.
struct LedgerRecovered {
  static constexpr std::string_view kEventName = "ledger.recovered";
  std::int64_t applied_index = 0;
  store::Database* books = nullptr;
  std::int64_t node = 0;
};
BOOST_DESCRIBE_STRUCT(LedgerRecovered, (), (applied_index, node))

// A snapshot of another replica replaced the books.
struct LedgerRestored {
  static constexpr std::string_view kEventName = "ledger.restored";
  std::int64_t applied_index = 0;
  store::Database* books = nullptr;
  std::int64_t node = 0;
};
BOOST_DESCRIBE_STRUCT(LedgerRestored, (), (applied_index, node))

// A row of the bank's own journal: money moved. The truth about charges. The last
// row is told again when the bank restarts: it may have been cut off before.
// `kind` is "charge" or "refund", `reference` the purchase the caller named.
struct BankMoved {
  static constexpr std::string_view kEventName = "bank.moved";
  std::int64_t sequence = 0;
  std::string kind;
  std::string key;
  std::string reference;
  std::int64_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(BankMoved, (), (sequence, kind, key, reference, amount))

// The bank definitely declined `key`; it will never capture under it.
struct BankDeclined {
  static constexpr std::string_view kEventName = "bank.declined";
  std::string key;
  std::string reference;
};
BOOST_DESCRIBE_STRUCT(BankDeclined, (), (key, reference))

// A worker is about to send a bank call.
struct BankCallSent {
  static constexpr std::string_view kEventName = "worker.bank_call";
  std::string kind;
  std::string key;
  std::string purchase;
};
BOOST_DESCRIBE_STRUCT(BankCallSent, (), (kind, key, purchase))

// A user wants something, once, whatever the machines make of it. Emitted before
// the first request of the intent. `key` is the idempotency key of its Hold; an
// intent has exactly one unless the client is broken. Repeated after a restart of
// the client with the same values.
struct UserIntent {
  static constexpr std::string_view kEventName = "client.intent";
  std::string user;
  std::string intent;
  std::string key;
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(UserIntent, (), (user, intent, key, count))

// A client received a reply. `operation` is hold, pay or cancel, `index` the index of the
// log that the reply reflects.
struct ClientReplied {
  static constexpr std::string_view kEventName = "client.replied";
  std::string user;
  std::string operation;
  std::string key;
  std::int64_t status = 0;
  std::string body;
  std::int64_t index = 0;
};
BOOST_DESCRIBE_STRUCT(ClientReplied, (), (user, operation, key, status, body, index))

// A client begins to read `target` (/v1/draws/.., /v1/purchases/..) at `level`, not before
// `watermark`. `look` counts the reads of this process of the client.
struct ClientLooked {
  static constexpr std::string_view kEventName = "client.looked";
  std::string user;
  std::int64_t look = 0;
  std::string target;
  std::string level;
  std::int64_t watermark = 0;
};
BOOST_DESCRIBE_STRUCT(ClientLooked, (), (user, look, target, level, watermark))

// What it got, as the ledger was at `index`.
struct ClientSaw {
  static constexpr std::string_view kEventName = "client.saw";
  std::string user;
  std::int64_t look = 0;
  std::int64_t status = 0;
  std::string body;
  std::int64_t index = 0;
};
BOOST_DESCRIBE_STRUCT(ClientSaw, (), (user, look, status, body, index))

// The ledger took this version of the user's session; `body` is the SessionView he was answered.
struct CartStored {
  static constexpr std::string_view kEventName = "client.cart_stored";
  std::string user;
  std::string target;  // /v1/sessions/..
  std::int64_t version = 0;
  std::string body;
};
BOOST_DESCRIBE_STRUCT(CartStored, (), (user, target, version, body))

// A request of his goes out once more: `why` is "double_press" soon after
// the first, "retry" when its outcome is unknown.
struct UserRepeated {
  static constexpr std::string_view kEventName = "client.repeated";
  std::string user;
  std::string key;
  std::string why;
};
BOOST_DESCRIBE_STRUCT(UserRepeated, (), (user, key, why))

// A user wants nothing more; nothing of his is in flight.
struct UserDone {
  static constexpr std::string_view kEventName = "client.done";
  std::string user;
};
BOOST_DESCRIBE_STRUCT(UserDone, (), (user))

template <class T>
requires requires { T::kEventName; }
std::string encode_event(const T& event) { return rpc::pack(event); }

}  // namespace lottery
