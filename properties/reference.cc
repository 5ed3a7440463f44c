#include "properties/reference.h"

#include <algorithm>
#include <utility>

#include "system/lottery/entry_codec.h"

namespace properties {

std::vector<lottery::CommandReply> replies_told(const Folded& folded, const env::EventRef& event) {
  const auto* applied = event.as<lottery::EntryApplied>();
  if (applied != nullptr && applied->index == folded.entry.index) {
    return applied->replies;
  }
  std::vector<lottery::CommandReply> replies;
  for (const lottery::Reply& reply : folded.replies) {
    replies.push_back({reply.status, reply.body});
  }
  return replies;
}

void Reference::observe(const env::EventRef& event) {
  folded_.clear();
  breaches_.clear();
  rewound_ = false;
  if (const auto* committed = event.as<lottery::EntryCommitted>()) {
    on_committed(*committed);
  } else if (const auto* applied = event.as<lottery::EntryApplied>()) {
    on_applied(*applied);
  } else if (const auto* recovered = event.as<lottery::LedgerRecovered>()) {
    on_recovered(*recovered);
  } else if (const auto* restored = event.as<lottery::LedgerRestored>()) {
    on_restored(*restored);
  } else if (const auto* moved = event.as<lottery::BankMoved>()) {
    on_moved(*moved);
  } else if (const auto* declined = event.as<lottery::BankDeclined>()) {
    declined_.insert(declined->key);
  } else if (const auto* intent = event.as<lottery::UserIntent>()) {
    on_intent(*intent);
  }
}

void Reference::breach(std::string_view property, std::string what) {
  breaches_.push_back({std::string(property), std::move(what)});
}

void Reference::on_committed(const lottery::EntryCommitted& event) {
  const auto known = log_.find(event.index);
  if (known != log_.end()) {
    if (known->second != event.payload) {
      breach("S9", "entry " + std::to_string(event.index) + " was committed as " +
                       lottery::entry_text(known->second) + " and later as " +
                       lottery::entry_text(event.payload));
      known->second = event.payload;
      pending_.erase(event.index);
    }
    return;
  }
  if (event.index != committed_index_ + 1) {
    breach("S9", "entry " + std::to_string(event.index) + " was committed after entry " +
                     std::to_string(committed_index_));
  }
  committed_index_ = std::max(committed_index_, event.index);
  log_.emplace_hint(log_.end(), event.index, event.payload);
  index_commands(event.index);
}

// Decodes entry `index` and remembers who asked for what in it. The entry does not know
// its index, and one of Raft's own has no bytes.
void Reference::index_commands(std::int64_t index) {
  lottery::Entry entry;
  try {
    const std::string& payload = log_.at(index);
    entry = payload.empty() ? lottery::Entry{} : lottery::decode_entry(payload);
    entry.index = index;
  } catch (const std::exception& error) {
    breach("S9", "entry " + std::to_string(index) + " does not decode: " + error.what());
  }
  std::int64_t position = 0;
  for (const lottery::Command& command : entry.commands) {
    if (const auto* hold = std::get_if<lottery::Hold>(&command)) {
      holds_.insert_or_assign(PurchaseId{index, position}, *hold);
      commands_.emplace({hold->user, hold->key}, true);
    } else if (const auto* pay = std::get_if<lottery::Pay>(&command)) {
      commands_.emplace({pay->user, pay->key}, true);
    } else if (const auto* cancel = std::get_if<lottery::Cancel>(&command)) {
      commands_.emplace({cancel->user, cancel->key}, true);
    }
    ++position;
  }
  pending_.insert_or_assign(index, std::move(entry));
}

void Reference::on_applied(const lottery::EntryApplied& event) {
  std::int64_t& applied = replicas_[event.node];
  if (event.index != applied + 1) {
    breach("S5", "entry " + std::to_string(event.index) + " was applied to books of node " +
                     std::to_string(event.node) + " that held " + std::to_string(applied) +
                     " entries");
  }
  applied = event.index;
  fold_to(event.index);
}

void Reference::on_recovered(const lottery::LedgerRecovered& event) {
  std::int64_t& applied = replicas_[event.node];
  const std::int64_t before = std::exchange(applied, event.applied_index);
  if (event.applied_index < before) {
    breach("S5", "the books of node " + std::to_string(event.node) + " went back from entry " +
                     std::to_string(before) + " to " + std::to_string(event.applied_index) +
                     " in a restart");
  }
  if (furthest() < applied_index_) {
    rewind(furthest());
  }
  fold_to(event.applied_index);
}

void Reference::on_restored(const lottery::LedgerRestored& event) {
  std::int64_t& applied = replicas_[event.node];
  const std::int64_t before = std::exchange(applied, event.applied_index);
  if (event.applied_index < before) {
    breach("S10", "a snapshot took node " + std::to_string(event.node) + " back from entry " +
                      std::to_string(before) + " to " + std::to_string(event.applied_index));
  }
  fold_to(event.applied_index);
}

std::int64_t Reference::furthest() const {
  std::int64_t furthest = 0;
  for (const auto& [node, applied] : replicas_) {
    furthest = std::max(furthest, applied);
  }
  return furthest;
}

void Reference::fold_to(std::int64_t index) {
  while (applied_index_ < index) {
    fold(applied_index_ + 1);
  }
}

void Reference::fold(std::int64_t index) {
  applied_index_ = index;
  if (!pending_.contains(index)) {
    if (!log_.contains(index)) {
      breach("S9", "entry " + std::to_string(index) + " is in the books but was never committed");
      return;
    }
    index_commands(index);
  }
  Folded folded{std::move(pending_.extract(index).mapped()), {}, {}, {}};
  folded_commands_ += static_cast<std::int64_t>(folded.entry.commands.size());
  folded.replies = state_.apply(folded.entry);
  folded.changes = state_.changes();
  folded.accounts = state_.touched_accounts();
  folded_.push_back(std::move(folded));
}

// Folds the log again from its first entry up to `index`.
void Reference::rewind(std::int64_t index) {
  state_ = ReferencePurchases();
  applied_index_ = 0;
  folded_commands_ = 0;
  fold_to(index);
  folded_.clear();
  rewound_ = true;
}

void Reference::on_moved(const lottery::BankMoved& event) {
  std::string row = lottery::encode_event(event);
  std::string& known = moved_[event.sequence];
  if (known == row) {
    return;  // the bank said it again after a restart
  }
  known = std::move(row);
  BankTotal& total = bank_[event.reference];
  if (event.kind == "charge") {
    total.charges += 1;
    total.captured += event.amount;
  } else {
    total.refunds += 1;
    total.refunded += event.amount;
  }
}

void Reference::on_intent(const lottery::UserIntent& event) {
  Intent& intent = intents_[{event.user, event.intent}];
  intent.count = event.count;
  intent.keys.insert(event.key);
  intent_by_key_.emplace({event.user, event.key}).first = event.intent;
}

const lottery::Hold* Reference::hold_of(std::string_view purchase) const {
  const auto id = PurchaseId::parse(purchase);
  const auto found = id ? holds_.find(*id) : holds_.end();
  return found == holds_.end() ? nullptr : &found->second;
}

BankTotal Reference::bank_of(std::string_view purchase) const {
  const auto found = bank_.find(purchase);
  return found == bank_.end() ? BankTotal{} : found->second;
}

IntentId Reference::intent_of(const UserKey& key) const {
  const std::string* const found = intent_by_key_.find(key);
  return {key.first, found == nullptr ? "key " + key.second : *found};
}

const Intent* Reference::intent(const IntentId& id) const {
  const auto found = intents_.find(id);
  return found == intents_.end() ? nullptr : &found->second;
}

Tally Reference::tally() const {
  Tally tally;
  std::set<IntentId> satisfied;
  for (const auto& [id, purchase] : state_.purchases()) {
    tally.purchases_by_state[std::string(name(purchase.state))] += 1;
    const auto hold = holds_.find(id);
    if (purchase.state == PurchaseState::confirmed && hold != holds_.end()) {
      satisfied.insert(intent_of({hold->second.user, hold->second.key}));
    }
  }
  for (const auto& [reference, total] : bank_) {
    tally.charges += total.charges;
    tally.refunds += total.refunds;
  }
  tally.declines = static_cast<std::int64_t>(declined_.size());
  tally.tickets_sold = static_cast<std::int64_t>(state_.tickets().size());
  tally.intents = static_cast<std::int64_t>(intents_.size());
  for (const auto& [id, intent] : intents_) {
    tally.intents_satisfied += satisfied.contains(id) ? 1 : 0;
  }
  return tally;
}

}  // namespace properties
