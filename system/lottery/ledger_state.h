// The ledger's state machine: draws, stock, purchases, money, idempotency rows in one
// SQLite database. apply() is deterministic and is the only way to change it;
// one transaction per entry with applied_index inside it.
//
// Limits: one sku per draw id; nothing is ever pruned; no prizes yet. The rules as a specification:
// README.md.
#pragma once

#include <optional>
#include <vector>

#include "system/lottery/bank_lane.h"
#include "system/lottery/books.h"
#include "system/lottery/draw_results.h"
#include "system/lottery/draw_rules.h"
#include "system/lottery/draws.h"
#include "system/lottery/idempotency.h"
#include "system/lottery/jobs.h"
#include "system/lottery/locks.h"
#include "system/lottery/messages.h"
#include "system/lottery/outbox.h"
#include "system/lottery/purchase_table.h"
#include "system/lottery/saga.h"
#include "system/lottery/sessions.h"
#include "system/store/database.h"

namespace lottery {

class LedgerState {
 public:
  // Opens or creates the schema. Ownership: the database outlives this.
  // Errors everywhere: store::Error; the caller must then stop the process.
  explicit LedgerState(store::Database& database);
  LedgerState(const LedgerState&) = delete;
  LedgerState& operator=(const LedgerState&) = delete;

  std::int64_t applied_index() const;  // 0: nothing applied yet
  std::int64_t last_now_us() const;

  // REQUIRES: entry.index == applied_index() + 1, at most kMaxCommandsPerEntry commands.
  // The commands see the time max(entry.now_us, last_now_us() + 1): log time grows also
  // when a new leader's clock is behind. Returns one reply per command, after the commit.
  std::vector<Reply> apply(const Entry& entry);

  // Reads of the current state.
  std::optional<PurchaseView> purchase(std::string_view id);
  std::optional<DrawView> draw(std::string_view id);
  std::optional<DrawResultView> draw_result(std::string_view id);
  // For whoever computes what SealDraw carries; numbers above `after`, limit 1..1000.
  TicketRows tickets(std::string_view draw, std::int64_t after, std::int64_t limit);
  std::optional<SessionView> session(std::string_view id);
  std::optional<LockView> lock(std::string_view resource);  // live or not
  std::optional<PlanView> plan(std::string_view resource);
  OutboxRows outbox(std::int64_t after_sequence, std::int64_t limit);  // limit: 1..100
  std::int64_t outbox_acknowledged(std::string_view consumer);
  std::optional<JobView> job(std::string_view id);
  std::optional<std::string> receipt(std::string_view purchase);
  bool jobs_due(std::int64_t now_us);  // LeaseJobs would hand out one or park one
  bool bank_calls_due(std::int64_t now_us);
  bool holds_due(std::int64_t now_us);  // ExpireHolds would expire one
  bool draws_due(std::int64_t now_us);  // CloseDraws would close one
  std::int64_t settled_sequence();

 private:
  Reply run(const Command& command, const LogPoint& at);
  template <class Keyed>
  Reply run_once(const Keyed& command, const LogPoint& at);
  Reply repeated(const IdempotencyRow& row);

  store::Database& database_;
  Books books_;
  Draws draws_;
  PurchaseTable purchases_;
  Idempotency keys_;
  Outbox outbox_;
  Jobs jobs_;
  DrawRules draw_rules_;
  DrawResults draw_results_;
  Saga saga_;
  BankLane bank_lane_;
  Sessions sessions_;
  Locks locks_;
  std::int64_t applied_index_ = 0;
  std::int64_t last_now_us_ = 0;
};

}  // namespace lottery
