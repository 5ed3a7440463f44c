#include "properties/oracle.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "properties/acknowledged.h"
#include "properties/conservation.h"
#include "properties/double_charge.h"
#include "properties/fresh_reads.h"
#include "properties/hold_discipline.h"
#include "properties/idempotency.h"
#include "properties/lock_discipline.h"
#include "properties/no_overdraft.h"
#include "properties/oversell.h"
#include "properties/purchases_terminate.h"
#include "properties/raft_safety.h"
#include "properties/replica_agreement.h"
#include "properties/replicas_converge.h"
#include "properties/session_survival.h"
#include "properties/settlement_of_purchases.h"
#include "properties/stock_returns.h"

namespace properties {
namespace {

std::int64_t shown_index(const lottery::EntryApplied& event) { return event.index; }
std::int64_t shown_index(const lottery::LedgerRecovered& event) { return event.applied_index; }
std::int64_t shown_index(const lottery::LedgerRestored& event) { return event.applied_index; }

// The books that the event shows, when they are where the fold is.
store::Database* books_in(const env::EventRef& event, std::int64_t index) {
  const auto at_index = [index](const auto* shown) -> store::Database* {
    return shown->books != nullptr && shown_index(*shown) == index ? shown->books : nullptr;
  };
  if (const auto* applied = event.as<lottery::EntryApplied>()) {
    return at_index(applied);
  }
  if (const auto* recovered = event.as<lottery::LedgerRecovered>()) {
    return at_index(recovered);
  }
  if (const auto* restored = event.as<lottery::LedgerRestored>()) {
    return at_index(restored);
  }
  return nullptr;
}

}  // namespace

Oracle::Oracle() {
  properties_.push_back(std::make_unique<Oversell>());
  properties_.push_back(std::make_unique<DoubleCharge>());
  properties_.push_back(std::make_unique<SettlementOfPurchases>());
  properties_.push_back(std::make_unique<Conservation>());
  properties_.push_back(std::make_unique<NoOverdraft>());
  properties_.push_back(std::make_unique<Idempotency>());
  properties_.push_back(std::make_unique<Acknowledged>());
  properties_.push_back(std::make_unique<FreshReads>());
  properties_.push_back(std::make_unique<ReplicaAgreement>());
  properties_.push_back(std::make_unique<LockDiscipline>());
  properties_.push_back(std::make_unique<HoldDiscipline>());
  properties_.push_back(std::make_unique<RaftSafety>());
  properties_.push_back(std::make_unique<SessionSurvival>());
  properties_.push_back(std::make_unique<PurchasesTerminate>());
  properties_.push_back(std::make_unique<StockReturns>());
  properties_.push_back(std::make_unique<ReplicasConverge>());
}

// Rows that cannot be read prove nothing: a fault hit the observer's read, and the
// next event looks again. A property that was cut short stays consistent because
// it compares whole rows, never increments.
void Oracle::observe(simnet::Time at, const env::EventRef& event) {
  reference_.observe(event);
  Evidence evidence{reference_, books_in(event, reference_.applied_index()), {}, {}};
  bool readable = true;
  try {
    gather(evidence);
  } catch (const store::Error&) {
    readable = false;
    evidence.books = nullptr;
    evidence.accounts.clear();
    evidence.purchases.clear();
  }
  if (reader_ && evidence.books != nullptr && !reference_.folded().empty()) {
    reader_(at, evidence);
  }
  for (const auto& property : properties_) {
    try {
      property->on_event(at, event, evidence);
    } catch (const store::Error&) {
      readable = false;
    }
  }
  unreadable_ += readable ? 0 : 1;
}

void Oracle::finish(const FinalState& final) {
  for (const auto& property : properties_) {
    try {
      property->at_end(final, reference_);
    } catch (const store::Error& error) {
      if (reference_.committed_index() == 0) {
        continue;  // a ledger that never got as far as its first entry
      }
      property->violated(
          final.at,
          std::string("what is left on the ledger's disk cannot be read: ") + error.what());
    }
  }
}

const Property& Oracle::property(std::string_view id) const {
  for (const auto& property : properties_) {
    if (property->id() == id) {
      return *property;
    }
  }
  throw std::invalid_argument("no property " + std::string(id));
}

bool Oracle::holds() const {
  return std::all_of(properties_.begin(), properties_.end(),
                     [](const auto& property) { return property->holds(); });
}

std::uint64_t Oracle::checks() const {
  std::uint64_t checks = 0;
  for (const auto& property : properties_) {
    checks += property->checks();
  }
  return checks;
}

std::vector<Violation> Oracle::violations() const {
  std::multimap<simnet::Time, Violation> by_time;  // keeps the order of equal times
  for (const auto& property : properties_) {
    for (const Violation& violation : property->violations()) {
      by_time.emplace(violation.at, violation);
    }
  }
  std::vector<Violation> all;
  for (auto& [at, violation] : by_time) {
    all.push_back(std::move(violation));
  }
  return all;
}

std::size_t Oracle::purchases_in(PurchaseState state) const {
  const auto& purchases = reference_.state().purchases();
  return static_cast<std::size_t>(
      std::count_if(purchases.begin(), purchases.end(),
                    [state](const auto& entry) { return entry.second.state == state; }));
}

}  // namespace properties
