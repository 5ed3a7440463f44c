#include "properties/oversell.h"

namespace properties {
namespace {

std::string minted_id(std::string_view sold_id) {
  return "MINT" + std::string(sold_id.substr(sold_id.find('[')));
}

}  // namespace

void Oversell::check(simnet::Time at, std::string_view where, std::string_view sold_id,
                     const Account& sold, const Account& minted) {
  expect(sold.credits_posted + sold.credits_pending <= minted.debits_posted, at, [&] {
    return std::string(sold_id) + " in " + std::string(where) + ": " +
           std::to_string(sold.credits_posted) + " sold and " +
           std::to_string(sold.credits_pending) + " held, but only " +
           std::to_string(minted.debits_posted) + " minted";
  });
}

void Oversell::on_event(simnet::Time at, const env::EventRef&, const Evidence& evidence) {
  if (evidence.reference.rewound()) {
    minted_.clear();
  }
  for (const AccountRow& row : evidence.accounts) {
    if (account::kind(row.id) == "MINT") {
      minted_.insert_or_assign(row.id, row.account);
    }
    if (account::kind(row.id) != "SOLD") {
      continue;
    }
    const std::string minted = minted_id(row.id);
    const auto [known, fresh] = minted_.try_emplace(minted);
    if (fresh) {
      known->second = read_account(*evidence.books, minted);
    }
    const Account& row_minted = known->second;
    check(at, "the books", row.id, row.account, row_minted);
    const ReferenceBooks& reference = evidence.reference.state().books();
    check(at, "the reference", row.id, reference.account(row.id), reference.account(minted));
  }
}

void Oversell::at_end(const FinalState& final, const Reference&) {
  std::map<std::string, Account, std::less<>> rows;
  for (AccountRow& row : read_accounts(*final.furthest().books)) {
    rows.insert_or_assign(std::move(row.id), std::move(row.account));
  }
  for (const auto& [id, sold] : rows) {
    if (account::kind(id) == "SOLD") {
      check(final.at, "the final books", id, sold, rows[minted_id(id)]);
    }
  }
}

}  // namespace properties
