// The vocabulary of the ledger: commands that a log entry may hold, replies and
// the read model. Those of purchases stand here, the others in the headers
// that this one includes. Everything the ledger decides follows from a sequence of
// entries; an entry carries the leader's time stamp, so applying it reads no
// clock. Money is in integer minor units, times in microseconds of Unix time.
//
// The order of struct members is the order of JSON members. Each struct is
// described once (Boost.Describe) and encoded from that description by
// system/rpc/codec.h.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "system/lottery/draw_messages.h"
#include "system/lottery/job_messages.h"
#include "system/lottery/lock_messages.h"
#include "system/lottery/outbox_messages.h"
#include "system/lottery/session_messages.h"

namespace lottery {

// ---- Commands -------------------------------------------------------------

// Reserves `count` tickets: a pending transfer STOCK -> SOLD that expires.
// `seen_available` is what the buyer was shown; informative, never trusted.
// `seen_version` is the version of the draw he was shown; 0: not told. What he agrees to
// is that price and that closing time, so another version refuses the hold.
struct Hold {
  static constexpr std::string_view kType = "hold";
  std::string user;
  std::string key;
  std::string draw;
  std::string sku;
  std::int64_t count = 0;
  std::int64_t seen_available = 0;
  std::int64_t seen_version = 0;
};
BOOST_DESCRIBE_STRUCT(Hold, (), (user, key, draw, sku, count, seen_available, seen_version))

// Starts attempt n+1 to pay a held purchase. Committed before a byte goes to the bank.
struct Pay {
  static constexpr std::string_view kType = "pay";
  std::string user;
  std::string key;
  std::string purchase;
  std::string card;
};
BOOST_DESCRIBE_STRUCT(Pay, (), (user, key, purchase, card))

// Gives a purchase up: HELD expires, CHARGING is abandoned and its money resolved.
struct Cancel {
  static constexpr std::string_view kType = "cancel";
  std::string user;
  std::string key;
  std::string purchase;
};
BOOST_DESCRIBE_STRUCT(Cancel, (), (user, key, purchase))

// The hold sweeper: expires every HELD purchase whose time has come.
struct ExpireHolds {
  static constexpr std::string_view kType = "expire_holds";
};
BOOST_DESCRIBE_STRUCT(ExpireHolds, (), ())

// Closes every open draw whose closing time has come. Irreversible: its HELD
// purchases expire and its CHARGING ones are abandoned.
struct CloseDraws {
  static constexpr std::string_view kType = "close_draws";
};
BOOST_DESCRIBE_STRUCT(CloseDraws, (), ())

// A worker asks for bank calls that are due. A lease only spreads the work; two
// workers with the same call do no harm, because the bank key is the same.
struct LeaseBankCalls {
  static constexpr std::string_view kType = "lease_bank_calls";
  std::string worker;
  std::int64_t limit = 0;
};
BOOST_DESCRIBE_STRUCT(LeaseBankCalls, (), (worker, limit))

// A definite answer of the bank about `bank_key`: "captured" or "declined".
struct RecordCharge {
  static constexpr std::string_view kType = "record_charge";
  std::string purchase;
  std::string bank_key;
  std::string outcome;
};
BOOST_DESCRIBE_STRUCT(RecordCharge, (), (purchase, bank_key, outcome))

// The bank refunded under `refund_key`.
struct RecordRefund {
  static constexpr std::string_view kType = "record_refund";
  std::string purchase;
  std::string refund_key;
};
BOOST_DESCRIBE_STRUCT(RecordRefund, (), (purchase, refund_key))

// One row of the bank's settlement file: money that moved for `key`.
// `kind` is "charge" or "refund"; `sequence` counts the bank's rows from 1.
struct RecordSettlement {
  static constexpr std::string_view kType = "record_settlement";
  std::int64_t sequence = 0;
  std::string kind;
  std::string key;
  std::string purchase;
  std::int64_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(RecordSettlement, (), (sequence, kind, key, purchase, amount))

using Command = std::variant<OpenDraw, Hold, Pay, Cancel, ExpireHolds, CloseDraws, LeaseBankCalls,
                             RecordCharge, RecordRefund, RecordSettlement, SessionPut, AcquireLock,
                             RenewLock, ReleaseLock, PutPlan, AmendDraw, AckOutbox, LeaseJobs,
                             RenewJob, CompleteJob, FailJob, SealDraw, DrawNumbers, PublishDraw>;

// One log entry: many commands, one SQLite transaction; none at all is legal, such as
// the entry with which a leader begins its term. `now_us` is the leader's stamp; one
// that is not later than the entry before counts as one microsecond after it.
struct Entry {
  std::int64_t index = 0;
  std::int64_t now_us = 0;
  std::vector<Command> commands;
};

// ---- Replies --------------------------------------------------------------

// HTTP status and JSON body. A reply with a status other than 202 that answers a
// (user, key) is terminal: the same key gets the same reply for ever.
struct Reply {
  int status = 0;
  std::string body;
  bool operator==(const Reply&) const = default;
};

// The body of a reply about a purchase.
struct PurchaseView {
  std::string purchase;
  std::string user;
  std::string draw;
  std::string sku;
  std::int64_t count = 0;
  std::int64_t price = 0;  // of the whole purchase
  std::string state;
  std::int64_t attempt = 0;
  std::int64_t expires_at_us = 0;
  std::vector<std::int64_t> tickets;
};
BOOST_DESCRIBE_STRUCT(PurchaseView, (),
                      (purchase, user, draw, sku, count, price, state, attempt, expires_at_us,
                       tickets))

// The body of every refusal.
struct ErrorView {
  std::string error;   // a stable word: sold_out, closed, key_reused, ...
  std::string detail;  // for people
};
BOOST_DESCRIBE_STRUCT(ErrorView, (), (error, detail))

// A bank call handed out by LeaseBankCalls. `kind` is "charge" or "refund".
struct BankCall {
  std::string kind;
  std::string purchase;
  std::string key;  // the bank's idempotency key
  std::int64_t amount = 0;
  std::string card;
  std::int64_t attempt = 0;  // of the purchase; counts definite declines + 1
  std::int64_t send = 0;     // how often this call was handed out, from 1
};
BOOST_DESCRIBE_STRUCT(BankCall, (), (kind, purchase, key, amount, card, attempt, send))

struct BankCalls {
  std::vector<BankCall> calls;
};
BOOST_DESCRIBE_STRUCT(BankCalls, (), (calls))

// ---- Rules both sides of the seam need -------------------------------------

// Tokens number the commands of the log: index * kMaxCommandsPerEntry + position.
inline constexpr std::int64_t kMaxCommandsPerEntry = 1000;
inline constexpr std::int64_t kMaxTicketsPerPurchase = 10;
// OpenDraw refuses figures above these, so no sum of a purchase can overflow.
inline constexpr std::int64_t kMaxTicketPrice = 1'000'000'000'000;
inline constexpr std::int64_t kMaxHoldTtl_us = 1'000'000'000'000'000;
inline constexpr std::int64_t kMaxPayAttempts = 3;        // definite declines before FAILED
inline constexpr std::int64_t kPoolSharePercent = 50;     // of the price; the rest is HOUSE's
inline constexpr std::int64_t kLeaseBase_us = 6'000'000;  // a bank call comes back after this
inline constexpr std::int64_t kLeaseMax_us = 12'000'000;  // ... doubled per send up to this

}  // namespace lottery
