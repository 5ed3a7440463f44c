#include "properties/conservation.h"

#include <utility>

#include "properties/book_comparison.h"

namespace properties {

void Conservation::grown(simnet::Time at, std::string_view id, const Account& before,
                         const Account& now) {
  expect(now.debits_posted >= before.debits_posted && now.credits_posted >= before.credits_posted,
         at, [&] {
           return "posted sums of " + std::string(id) + " shrank: debits " +
                  std::to_string(before.debits_posted) + " to " +
                  std::to_string(now.debits_posted) + ", credits " +
                  std::to_string(before.credits_posted) + " to " +
                  std::to_string(now.credits_posted);
         });
}

// The row against the rules and against what it was before.
void Conservation::row(simnet::Time at, const AccountRow& row, const Reference& reference) {
  const Account& now = row.account;
  const std::string wrong = difference(row.id, now, reference.state().books().account(row.id));
  expect(wrong.empty(), at,
         [&] { return "after entry " + std::to_string(reference.applied_index()) + " " + wrong; });
  Account& before = last_[row.id];
  grown(at, row.id, before, now);
  Sums& sums = sums_[now.ledger.empty() ? before.ledger : now.ledger];
  sums.pending +=
      (now.debits_pending - now.credits_pending) - (before.debits_pending - before.credits_pending);
  sums.posted +=
      (now.debits_posted - now.credits_posted) - (before.debits_posted - before.credits_posted);
  before = now;
}

void Conservation::balances(simnet::Time at, const Reference& reference) {
  for (const auto& [ledger, sums] : sums_) {
    expect(sums.pending == 0 && sums.posted == 0, at, [&, &ledger = ledger, &sums = sums] {
      return "after entry " + std::to_string(reference.applied_index()) + " the " + ledger +
             " ledger is out of balance by " + std::to_string(sums.posted) + " posted and " +
             std::to_string(sums.pending) + " pending";
    });
  }
}

void Conservation::purchases(simnet::Time at, const Evidence& evidence) {
  for (const PurchaseRow& row : evidence.purchases) {
    const std::string wrong = difference(row, evidence.reference.state().purchase(row.id));
    expect(wrong.empty(), at, [&] {
      return "after entry " + std::to_string(evidence.reference.applied_index()) + " " + wrong;
    });
  }
}

void Conservation::whole(simnet::Time at, store::Database& books, const Reference& reference) {
  stale_ = true;  // until every row has been read
  const std::vector<AccountRow> rows = read_accounts(books);
  const auto report = [&](const Differences& differences) {
    checked(differences.compared);
    for (const std::string& sentence : differences.first) {
      violated(at, "at entry " + std::to_string(reference.applied_index()) + " " + sentence);
    }
  };
  report(compare_accounts(rows, reference.state().books()));
  report(compare_rest(books, reference.state()));
  if (reference.rewound()) {
    last_.clear();
  }
  std::map<std::string, Account, std::less<>> before = std::exchange(last_, {});
  sums_.clear();
  for (const AccountRow& row : rows) {
    grown(at, row.id, before[row.id], row.account);
    Sums& sums = sums_[row.account.ledger];
    sums.pending += row.account.debits_pending - row.account.credits_pending;
    sums.posted += row.account.debits_posted - row.account.credits_posted;
    last_.insert_or_assign(row.id, row.account);
  }
  balances(at, reference);
  stale_ = false;
}

void Conservation::on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) {
  const Reference& reference = evidence.reference;
  for (const Breach& breach : reference.breaches()) {
    if (breach.property == id()) {
      violated(at, breach.what);
    }
  }
  if (evidence.books == nullptr) {
    stale_ = stale_ || !reference.folded().empty();
    return;
  }
  if (stale_ || event.as<lottery::LedgerRecovered>() != nullptr ||
      event.as<lottery::LedgerRestored>() != nullptr) {
    whole(at, *evidence.books, reference);
    return;
  }
  for (const AccountRow& account : evidence.accounts) {
    row(at, account, reference);
  }
  balances(at, reference);
  purchases(at, evidence);
  if (!reference.folded().empty() &&
      comparisons_.due(reference.applied_index(), reference.commands())) {
    whole(at, *evidence.books, reference);
  }
}

// The last entry may have reached the books without its event: power was cut after
// the commit. Then the books must be what the log says one entry later.
void Conservation::at_end(const FinalState& final, const Reference& reference) {
  const std::vector<AccountRow> rows = read_accounts(*final.furthest().books);
  if (reference.applied_index() < reference.committed_index()) {
    Reference next = reference;
    next.fold_next();
    if (compare_accounts(rows, next.state().books()).count == 0 &&
        compare_rest(*final.furthest().books, next.state()).count == 0) {
      whole(final.at, *final.furthest().books, next);
      return;
    }
  }
  whole(final.at, *final.furthest().books, reference);
}

}  // namespace properties
