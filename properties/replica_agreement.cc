#include "properties/replica_agreement.h"

#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "system/store/content_hash.h"
#include "system/store/page_hash.h"

namespace properties {
namespace {

std::uint64_t hash_of(const std::string& text) { return XXH3_64bits(text.data(), text.size()); }

std::uint64_t hash_of(const std::vector<lottery::CommandReply>& replies) {
  std::string text;
  for (const lottery::CommandReply& reply : replies) {
    text += std::to_string(reply.status) + reply.body + "\n";
  }
  return hash_of(text);
}

void add(std::string& text, const Account& a) {
  for (const std::int64_t column :
       {a.debits_pending, a.debits_posted, a.credits_pending, a.credits_posted}) {
    text += std::to_string(column) + ",";
  }
}

void add(std::string& text, const PurchaseRow& row) {
  text += row.id + row.user + row.state + row.hold_state + std::to_string(row.attempt) + ";";
}

std::string place(std::int64_t node, std::int64_t index) {
  return "node " + std::to_string(node) + " at entry " + std::to_string(index);
}

}  // namespace

void ReplicaAgreement::first(const lottery::EntryApplied& applied, const Evidence& evidence) {
  Footprint& print = footprints_[applied.index];
  print.node = applied.node;
  print.replies = hash_of(applied.replies);
  print.has_rows = evidence.books != nullptr;
  print.compared = choose(applied.index, evidence.reference.commands());
  std::string text;
  for (const AccountRow& row : evidence.accounts) {
    print.accounts.push_back(row.id);
    add(text, row.account);
  }
  for (const PurchaseRow& row : evidence.purchases) {
    print.purchases.push_back(row.id);
    add(text, row);
  }
  print.rows = hash_of(text);
}

void ReplicaAgreement::again(simnet::Time at, const lottery::EntryApplied& applied,
                             Footprint& known) {
  expect(known.replies == hash_of(applied.replies), at, [&] {
    return place(applied.node, applied.index) + " answered otherwise than node " +
           std::to_string(known.node);
  });
  if (!known.has_rows || applied.books == nullptr) {
    return;
  }
  std::string text;
  for (const std::string& id : known.accounts) {
    add(text, read_account(*applied.books, id));
  }
  for (const PurchaseRow& row : read_purchases(*applied.books, known.purchases)) {
    add(text, row);
  }
  expect(known.rows == hash_of(text), at, [&] {
    return place(applied.node, applied.index) + " has other rows than node " +
           std::to_string(known.node) + " had there";
  });
}

ReplicaAgreement::Whole ReplicaAgreement::choose(std::int64_t index, std::int64_t commands) {
  if (!comparisons_.due(index, commands)) {
    return Whole::no;
  }
  const bool small = commands <= WholeComparisons::kOftenUntil_commands;
  return small || pages_differ_ ? Whole::by_rows : Whole::by_pages;
}

// At the entries, and in the way, that were chosen when the first replica came there.
void ReplicaAgreement::whole(simnet::Time at, std::int64_t index, std::int64_t node,
                             store::Database* books) {
  const auto found = footprints_.find(index);
  if (found == footprints_.end() || found->second.compared == Whole::no || books == nullptr) {
    return;
  }
  Footprint& print = found->second;
  const bool by_rows = print.compared == Whole::by_rows;
  const std::uint64_t hash = by_rows ? store::content_hash(*books) : store::page_hash(*books);
  if (!std::exchange(print.has_whole, true)) {
    print.whole = hash;
    return;
  }
  if (!by_rows && print.whole != hash) {
    pages_differ_ = true;
    comparisons_.hurry();
    return;
  }
  expect(print.whole == hash, at, [&] {
    return place(node, index) + " has other books than the first replica that came there";
  });
}

void ReplicaAgreement::on_event(simnet::Time at, const env::EventRef& event,
                                const Evidence& evidence) {
  for (const Breach& breach : evidence.reference.breaches()) {
    if (breach.property == id()) {
      violated(at, breach.what);
    }
  }
  if (const auto* restored = event.as<lottery::LedgerRestored>()) {
    whole(at, restored->applied_index, restored->node, restored->books);
    return;
  }
  const auto* applied = event.as<lottery::EntryApplied>();
  if (applied == nullptr) {
    return;
  }
  const auto known = footprints_.find(applied->index);
  if (known == footprints_.end()) {
    first(*applied, evidence);
  } else {
    again(at, *applied, known->second);
  }
  whole(at, applied->index, applied->node, applied->books);
  if (applied->index % kForgetEvery == 0) {
    forget(evidence.reference);
  }
}

// What every replica has left behind. One that is down keeps its place until it is back.
void ReplicaAgreement::forget(const Reference& reference) {
  std::int64_t last = reference.applied_index();
  for (const auto& [node, applied] : reference.replicas()) {
    last = std::min(last, applied);
  }
  footprints_.erase(footprints_.begin(), footprints_.lower_bound(last));
}

void ReplicaAgreement::at_end(const FinalState& final, const Reference&) {
  std::map<std::int64_t, std::pair<std::int64_t, std::uint64_t>> seen;  // index -> node, hash
  for (const FinalReplica& replica : final.replicas) {
    const std::uint64_t hash = store::content_hash(*replica.books);
    const auto [known, fresh] = seen.emplace(replica.applied_index, std::pair{replica.node, hash});
    expect(fresh || known->second.second == hash, final.at, [&, &known = known] {
      return place(replica.node, replica.applied_index) + " ended with other books than node " +
             std::to_string(known->second.first);
    });
  }
}

}  // namespace properties
