// The reference's purchases: draws, the saga and idempotency rows, folded from
// the commands of the log in plain C++. It is the second implementation of the
// ledger's rules; it shares the messages and the codec with the first, nothing
// else. Sessions, locks, jobs and the outbox have rooms of their own; of the rest
// reference_purchases.cc holds what users and clocks cause, reference_draws.cc the
// draws, reference_bank.cc what the bank causes, reference_replies.cc the wording.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "properties/reference_books.h"
#include "properties/reference_jobs.h"
#include "properties/reference_locks.h"
#include "properties/reference_outbox.h"
#include "properties/reference_replies.h"
#include "properties/reference_results.h"
#include "properties/reference_sessions.h"
#include "system/env/lookup.h"
#include "system/lottery/messages.h"

namespace properties {

enum class PurchaseState {
  held,
  charging,
  confirmed,
  expired,
  failed,
  abandoning,
  refunding,
  refunded,
  cancelled
};
std::string_view name(PurchaseState state);  // "HELD", ...
std::optional<PurchaseState> state_named(std::string_view name);
bool terminal(PurchaseState state);

// "p<index>.<position>": where in the log the Hold stands. Ordered numerically.
struct PurchaseId {
  std::int64_t index = 0;
  std::int64_t position = 0;
  auto operator<=>(const PurchaseId&) const = default;
  std::string text() const;
  static std::optional<PurchaseId> parse(std::string_view text);
};

struct Purchase {
  PurchaseId id;
  std::string text;  // id.text()
  std::string user;
  std::string draw;
  std::string sku;
  std::int64_t count = 0;
  std::int64_t price = 0;
  std::int64_t draw_version = 0;
  PurchaseState state = PurchaseState::held;
  std::int64_t attempt = 0;
  std::int64_t expires_at_us = 0;
  std::int64_t hold_left_us = 0;
  std::int64_t call_due_us = 0;
  std::int64_t sends = 0;
  std::string bank_key;
  std::string refund_key;
  std::string card;
  std::string pay_user;
  std::string pay_key;
  std::vector<std::int64_t> tickets;
};

enum class DrawState { open, closed, sealed, drawn, published };
std::string_view name(DrawState state);

struct Draw {
  std::string sku;
  DrawState state = DrawState::open;
  std::int64_t capacity = 0;
  std::int64_t price = 0;
  std::int64_t closes_at_us = 0;
  std::int64_t hold_ttl_us = 0;
  std::int64_t next_ticket = 1;
  std::int64_t version = 1;
  std::string commitment;
  Manifest sealed;
  std::string seed;
  std::vector<std::int64_t> numbers;
  std::int64_t offset = 0;

  bool sells_at(std::int64_t now_us) const {
    return state == DrawState::open && now_us < closes_at_us;
  }
};

// What (user, key) was answered.
struct KeyRow {
  std::string request;  // everything that identifies the request
  lottery::Reply reply;
  std::optional<PurchaseId> purchase;  // the one a 202 is about
};

// One step of the saga; `from` is empty when the purchase began.
struct Change {
  PurchaseId purchase;
  std::optional<PurchaseState> from;
  PurchaseState to;
};

class ReferencePurchases {
 public:
  // One reply per command. Defined for every sequence of entries and of time stamps.
  std::vector<lottery::Reply> apply(const lottery::Entry& entry);

  std::int64_t now_us() const { return now_us_; }  // log time of the last entry
  const ReferenceBooks& books() const { return books_; }
  const std::map<PurchaseId, Purchase>& purchases() const { return purchases_; }
  const Purchase* purchase(std::string_view id) const;
  const std::map<std::string, Draw, std::less<>>& draws() const { return draws_; }
  const Draw* draw(std::string_view id) const;
  const KeyRow* key_row(const std::string& user, const std::string& key) const;
  // (draw, number) -> purchase.
  const std::map<std::pair<std::string, std::int64_t>, std::string>& tickets() const {
    return tickets_;
  }
  Manifest manifest(const std::string& draw) const;                     // of the tickets it has now
  const std::set<PurchaseId>& open_purchases() const { return open_; }  // not terminal
  std::int64_t settled_sequence() const { return settled_sequence_; }

  const ReferenceSessions& sessions() const { return sessions_; }
  const ReferenceLocks& locks() const { return locks_; }
  const ReferenceOutbox& outbox() const { return outbox_; }
  const ReferenceJobs& jobs() const { return jobs_; }

  // What the rules say is in one of plain_tables().
  TableRows rows(std::string_view table) const;

  // The DrawView of a draw, encoded.
  std::string draw_text(const std::string& id, const Draw& draw) const;

  // What the last apply() did, in order.
  const std::vector<Change>& changes() const { return changes_; }
  const std::vector<std::string>& touched_accounts() const { return books_.touched(); }

 private:
  using Reply = lottery::Reply;

  Reply run(const lottery::OpenDraw& command);
  Reply run(const lottery::AmendDraw& command);
  Reply run(const lottery::SealDraw& command);
  Reply run(const lottery::DrawNumbers& command);
  Reply run(const lottery::PublishDraw& command);
  Reply run(const lottery::Hold& command);
  Reply run(const lottery::Pay& command);
  Reply run(const lottery::Cancel& command);
  Reply run(const lottery::ExpireHolds& command);
  Reply run(const lottery::CloseDraws& command);
  Reply run(const lottery::LeaseBankCalls& command);
  Reply run(const lottery::RecordCharge& command);
  Reply run(const lottery::RecordRefund& command);
  Reply run(const lottery::RecordSettlement& command);
  Reply run(const lottery::SessionPut& command) { return sessions_.run(command); }
  Reply run(const lottery::AcquireLock& command) {
    return locks_.run(command, now_us_, token_here());
  }
  Reply run(const lottery::RenewLock& command) { return locks_.run(command, now_us_); }
  Reply run(const lottery::ReleaseLock& command) { return locks_.run(command); }
  Reply run(const lottery::PutPlan& command) { return locks_.run(command, now_us_); }
  Reply run(const lottery::AckOutbox& command) { return outbox_.run(command); }
  Reply run(const lottery::LeaseJobs& command) { return jobs_.run(command, now_us_, token_here()); }
  Reply run(const lottery::RenewJob& command) { return jobs_.run(command, now_us_); }
  Reply run(const lottery::CompleteJob& command) { return jobs_.run(command); }
  Reply run(const lottery::FailJob& command) { return jobs_.run(command, now_us_); }

  template <class Execute>
  Reply once(const std::string& user, const std::string& key, std::string request,
             const std::string& purchase, Execute execute);
  Reply hold(const lottery::Hold& command);
  Reply pay(const lottery::Pay& command);
  Reply pay_held(Purchase& purchase, const lottery::Pay& command);
  Reply cancel(const lottery::Cancel& command);

  void tell(const Purchase& purchase, std::string kind);
  static std::string result_text(const std::string& id, const Draw& draw);
  TableRows draw_rows() const;
  TableRows result_rows() const;
  // The entry's index in thousands, and the place in it: grows from command to command.
  std::int64_t token_here() const { return 1000 * index_ + position_; }
  Purchase* find(std::string_view id);
  Purchase* find_of(std::string_view id, std::string_view user);
  void move_to(Purchase& purchase, PurchaseState state);
  void release(Purchase& purchase, PurchaseState state, std::string_view hold_state);
  void captured(Purchase& purchase);
  void confirm(Purchase& purchase);
  void declined(Purchase& purchase);
  void refunded(Purchase& purchase);
  void answer_pay(const Purchase& purchase, Reply reply);
  bool settle_charge(const lottery::RecordSettlement& row);
  bool settle_refund(const lottery::RecordSettlement& row);

  std::int64_t index_ = 0;
  std::int64_t position_ = 0;
  std::int64_t now_us_ = 0;
  ReferenceBooks books_;
  std::map<std::string, Draw, std::less<>> draws_;
  std::map<PurchaseId, Purchase> purchases_;
  std::set<PurchaseId> open_;
  env::Lookup<std::pair<std::string, std::string>, KeyRow> keys_;
  std::map<std::pair<std::string, std::int64_t>, std::string> tickets_;
  std::int64_t settled_sequence_ = 0;
  ReferenceSessions sessions_;
  ReferenceLocks locks_;
  ReferenceOutbox outbox_;
  ReferenceJobs jobs_;
  std::vector<Change> changes_;
};

lottery::Reply view_reply(int status, const Purchase& purchase);

}  // namespace properties
