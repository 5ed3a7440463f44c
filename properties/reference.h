// What the properties judge by: the committed log as the ledger announced it,
// folded by an independent implementation of the rules; the bank's journal; and
// what the users wanted.
//
// The fold follows the books, not the log: entry i is folded when the first replica says
// that its books reached i. So reference and books can be compared after every
// event, also between a commit and its effects, and after a crash between them. The
// books of a replica that is behind are another property's business (S10).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "properties/reference_purchases.h"
#include "system/env/event.h"
#include "system/env/lookup.h"
#include "system/lottery/events.h"

namespace properties {

// The ledger said something that its protocol of events rules out.
struct Breach {
  std::string property;  // the one it belongs to
  std::string what;
};

// An entry folded because of the current event.
struct Folded {
  lottery::Entry entry;
  std::vector<lottery::Reply> replies;  // what the rules say
  std::vector<Change> changes;          // steps of purchases, in order
  std::vector<std::string> accounts;    // that the rules touched
};

// The ledger's own replies to the entry if the event tells them. Nobody may ever have: power that
// is cut between the commit of the books and the event leaves an entry that the replica finds
// applied, and no other one need have said so yet. Then the rules' replies stand in.
std::vector<lottery::CommandReply> replies_told(const Folded& folded, const env::EventRef& event);

// What the bank moved for one purchase.
struct BankTotal {
  std::int64_t charges = 0;
  std::int64_t captured = 0;
  std::int64_t refunds = 0;
  std::int64_t refunded = 0;
  std::int64_t net() const { return captured - refunded; }
};

using UserKey = std::pair<std::string, std::string>;   // (user, idempotency key)
using IntentId = std::pair<std::string, std::string>;  // (user, intent)

struct Intent {
  std::int64_t count = 0;
  std::set<std::string> keys;
};

// For the summary of a run.
struct Tally {
  std::map<std::string, std::int64_t> purchases_by_state;
  std::int64_t charges = 0;
  std::int64_t refunds = 0;
  std::int64_t declines = 0;
  std::int64_t tickets_sold = 0;
  std::int64_t intents = 0;
  std::int64_t intents_satisfied = 0;  // with a CONFIRMED purchase
};

class Reference {
 public:
  void observe(const env::EventRef& event);

  const ReferencePurchases& state() const { return state_; }
  std::int64_t committed_index() const { return committed_index_; }
  // Of the replica that has come furthest.
  std::int64_t applied_index() const { return applied_index_; }
  // In the entries up to applied_index().
  std::int64_t commands() const { return folded_commands_; }
  // Of each replica that ever spoke.
  const std::map<std::int64_t, std::int64_t>& replicas() const { return replicas_; }
  const std::map<std::int64_t, std::string>& log() const { return log_; }

  // Folds the next committed entry ahead of its event.
  void fold_next() { fold(applied_index_ + 1); }

  // About the last event only.
  const std::vector<Folded>& folded() const { return folded_; }
  const std::vector<Breach>& breaches() const { return breaches_; }
  bool rewound() const { return rewound_; }  // the books went back, and so did the fold

  // The Hold that stands in the log where this purchase id points, whether the
  // rules accept it or not; null when there is none.
  const lottery::Hold* hold_of(std::string_view purchase) const;
  // A Hold, Pay or Cancel of (user, key) is in the committed log.
  bool in_log(const UserKey& key) const { return commands_.contains(key); }

  const std::map<std::string, BankTotal, std::less<>>& bank() const { return bank_; }
  BankTotal bank_of(std::string_view purchase) const;

  // The intent that uses `key` for its Hold. One that no client announced is an
  // intent of its own, named by the key.
  IntentId intent_of(const UserKey& key) const;
  const Intent* intent(const IntentId& id) const;

  Tally tally() const;

 private:
  void on_committed(const lottery::EntryCommitted& event);
  void on_applied(const lottery::EntryApplied& event);
  void on_recovered(const lottery::LedgerRecovered& event);
  void on_restored(const lottery::LedgerRestored& event);
  void on_moved(const lottery::BankMoved& event);
  void on_intent(const lottery::UserIntent& event);
  void index_commands(std::int64_t index);
  std::int64_t furthest() const;
  void fold_to(std::int64_t index);
  void fold(std::int64_t index);
  void rewind(std::int64_t index);
  void breach(std::string_view property, std::string what);

  std::map<std::int64_t, std::string> log_;
  std::map<std::int64_t, lottery::Entry> pending_;  // decoded, not folded yet
  std::int64_t committed_index_ = 0;
  std::int64_t applied_index_ = 0;
  std::int64_t folded_commands_ = 0;
  std::map<std::int64_t, std::int64_t> replicas_;  // node -> applied index
  ReferencePurchases state_;
  std::map<PurchaseId, lottery::Hold> holds_;
  env::Lookup<UserKey, bool> commands_;  // true

  std::map<std::string, BankTotal, std::less<>> bank_;
  std::map<std::int64_t, std::string> moved_;  // sequence -> encoded row
  std::set<std::string> declined_;
  std::map<IntentId, Intent> intents_;
  env::Lookup<UserKey, std::string> intent_by_key_;

  std::vector<Folded> folded_;
  std::vector<Breach> breaches_;
  bool rewound_ = false;
};

}  // namespace properties
