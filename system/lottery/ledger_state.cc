#include "system/lottery/ledger_state.h"

#include <algorithm>

#include "system/lottery/refusals.h"
#include "system/lottery/schema.h"
#include "system/probe/probe.h"

namespace lottery {
namespace {

// Some members read their tables when they are made.
store::Database& with_schema(store::Database& database) {
  create_schema(database);
  return database;
}

}  // namespace

LedgerState::LedgerState(store::Database& database)
    : database_(with_schema(database)),
      books_(database),
      draws_(database),
      purchases_(database),
      keys_(database),
      outbox_(database),
      jobs_(database),
      draw_rules_(books_, draws_),
      draw_results_(database, draws_, outbox_),
      saga_(books_, draws_, purchases_, outbox_),
      bank_lane_(database, books_, draws_, purchases_, keys_, outbox_, jobs_),
      sessions_(database),
      locks_(database) {
  applied_index_ = read_meta(database, "applied_index");
  last_now_us_ = read_meta(database, "last_now_us");
}

std::int64_t LedgerState::applied_index() const { return applied_index_; }

std::int64_t LedgerState::last_now_us() const { return last_now_us_; }

std::vector<Reply> LedgerState::apply(const Entry& entry) {
  if (entry.index != applied_index_ + 1) {
    throw store::Error(SQLITE_MISUSE, "entry " + std::to_string(entry.index) +
                                          " does not follow entry " +
                                          std::to_string(applied_index_));
  }
  if (entry.commands.size() > kMaxCommandsPerEntry) {
    throw store::Error(SQLITE_MISUSE, "entry " + std::to_string(entry.index) +
                                          " holds more commands than there are positions");
  }
  const std::int64_t now_us = std::max(entry.now_us, last_now_us_ + 1);
  // Raft's own entries are empty and have no time.
  probe::hit_if<"ledger.leaders_clock_went_back">(!entry.commands.empty() &&
                                                  entry.now_us <= last_now_us_);
  store::Transaction transaction(database_);
  books_.begin();
  draws_.begin();
  std::vector<Reply> replies;
  replies.reserve(entry.commands.size());
  LogPoint at{entry.index, 0, now_us};
  for (const Command& command : entry.commands) {
    replies.push_back(run(command, at));
    ++at.position;
  }
  books_.flush();
  record_progress(database_, entry.index, now_us);
  transaction.commit();
  applied_index_ = entry.index;
  last_now_us_ = now_us;
  return replies;
}

Reply LedgerState::run(const Command& command, const LogPoint& at) {
  struct Dispatch {
    LedgerState& state;
    const LogPoint& at;

    Reply operator()(const OpenDraw& c) { return state.draw_rules_.open(c); }
    Reply operator()(const Hold& c) { return state.run_once(c, at); }
    Reply operator()(const Pay& c) { return state.run_once(c, at); }
    Reply operator()(const Cancel& c) { return state.run_once(c, at); }
    Reply operator()(const ExpireHolds&) { return state.saga_.expire_holds(at); }
    Reply operator()(const CloseDraws&) { return state.saga_.close_draws(at); }
    Reply operator()(const LeaseBankCalls& c) { return state.bank_lane_.lease(c, at); }
    Reply operator()(const RecordCharge& c) { return state.bank_lane_.record(c, at); }
    Reply operator()(const RecordRefund& c) { return state.bank_lane_.record(c); }
    Reply operator()(const RecordSettlement& c) { return state.bank_lane_.record(c, at); }
    Reply operator()(const SessionPut& c) { return state.sessions_.put(c); }
    Reply operator()(const AcquireLock& c) { return state.locks_.run(c, at); }
    Reply operator()(const RenewLock& c) { return state.locks_.run(c, at); }
    Reply operator()(const ReleaseLock& c) { return state.locks_.run(c); }
    Reply operator()(const PutPlan& c) { return state.locks_.run(c, at); }
    Reply operator()(const AmendDraw& c) { return state.draw_rules_.amend(c, at); }
    Reply operator()(const AckOutbox& c) { return state.outbox_.ack(c); }
    Reply operator()(const LeaseJobs& c) { return state.jobs_.run(c, at); }
    Reply operator()(const RenewJob& c) { return state.jobs_.run(c, at); }
    Reply operator()(const CompleteJob& c) { return state.jobs_.run(c); }
    Reply operator()(const FailJob& c) { return state.jobs_.run(c, at); }
    Reply operator()(const SealDraw& c) { return state.draw_results_.run(c); }
    Reply operator()(const DrawNumbers& c) { return state.draw_results_.run(c); }
    Reply operator()(const PublishDraw& c) { return state.draw_results_.run(c, at); }
  };
  return std::visit(Dispatch{*this, at}, command);
}

template <class Keyed>
Reply LedgerState::run_once(const Keyed& command, const LogPoint& at) {
  if (command.user.empty() || command.key.empty()) {
    return refuse(Refusal::bad_request);
  }
  const std::string hash = request_hash(command);
  if (const auto row = keys_.find(command.user, command.key); row.has_value()) {
    if (row->request_hash != hash) {
      probe::hit<"ledger.key_met_with_another_request">();
      return refuse(Refusal::key_reused);
    }
    return repeated(*row);
  }
  const Outcome outcome = saga_.execute(command, at);
  keys_.store(command.user, command.key, hash, outcome);
  return outcome.reply;
}

// 202 means the outcome is still open: then the present state is the answer.
Reply LedgerState::repeated(const IdempotencyRow& row) {
  if (row.outcome.reply.status != 202) {
    probe::hit<"ledger.key_repeated_after_its_end">();
    return row.outcome.reply;
  }
  probe::hit<"ledger.key_repeated_while_open">();
  const std::optional<PurchaseView> view = purchase(row.outcome.purchase);
  if (!view.has_value()) {
    throw store::Error(SQLITE_CORRUPT, "purchase " + row.outcome.purchase + " is missing");
  }
  return reply_with(202, *view);
}

std::optional<PurchaseView> LedgerState::purchase(std::string_view id) {
  const std::optional<Purchase> found = purchases_.find(id);
  if (!found.has_value()) {
    return std::nullopt;
  }
  return view_of(*found);
}

std::optional<DrawView> LedgerState::draw(std::string_view id) {
  const std::optional<Draw> found = draws_.find(id);
  if (!found.has_value()) {
    return std::nullopt;
  }
  return view_of(*found, books_.account(stock_account(found->id, found->sku)).spare());
}

std::optional<DrawResultView> LedgerState::draw_result(std::string_view id) {
  return draw_results_.find(id);
}

TicketRows LedgerState::tickets(std::string_view draw, std::int64_t after, std::int64_t limit) {
  return draw_results_.tickets(draw, after, limit);
}

std::optional<SessionView> LedgerState::session(std::string_view id) { return sessions_.find(id); }

std::optional<LockView> LedgerState::lock(std::string_view resource) {
  return locks_.lock(resource);
}

std::optional<PlanView> LedgerState::plan(std::string_view resource) {
  return locks_.plan(resource);
}

OutboxRows LedgerState::outbox(std::int64_t after_sequence, std::int64_t limit) {
  return outbox_.after(after_sequence, limit);
}

std::int64_t LedgerState::outbox_acknowledged(std::string_view consumer) {
  return outbox_.acknowledged(consumer);
}

std::optional<JobView> LedgerState::job(std::string_view id) { return jobs_.find(id); }

std::optional<std::string> LedgerState::receipt(std::string_view purchase) {
  return jobs_.receipt(purchase);
}

bool LedgerState::jobs_due(std::int64_t now_us) { return jobs_.due(now_us); }

bool LedgerState::bank_calls_due(std::int64_t now_us) {
  return !purchases_.due_calls(now_us, 1).empty();
}

bool LedgerState::holds_due(std::int64_t now_us) {
  return !purchases_.due_holds(now_us, 1).empty();
}

bool LedgerState::draws_due(std::int64_t now_us) { return !draws_.due(now_us, 1).empty(); }

std::int64_t LedgerState::settled_sequence() { return read_meta(database_, "settled_sequence"); }

}  // namespace lottery
