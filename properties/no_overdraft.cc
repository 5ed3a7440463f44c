#include "properties/no_overdraft.h"

namespace properties {

void NoOverdraft::check(simnet::Time at, std::string_view where, std::string_view id,
                        const Account& account) {
  const std::string_view kind = account::kind(id);
  std::int64_t left = 0;
  if (kind == "STOCK") {
    left = account.free();
  } else if (kind == "SUSPENSE" || kind == "POOL" || kind == account::kHouse) {
    left = account.balance();
  } else {
    return;
  }
  expect(left >= 0, at, [&] {
    return std::string(id) + " in " + std::string(where) + " is overdrawn by " +
           std::to_string(-left) + ": debits " + std::to_string(account.debits_posted) + " + " +
           std::to_string(account.debits_pending) + " pending, credits " +
           std::to_string(account.credits_posted);
  });
}

void NoOverdraft::on_event(simnet::Time at, const env::EventRef&, const Evidence& evidence) {
  for (const AccountRow& row : evidence.accounts) {
    check(at, "the books", row.id, row.account);
    check(at, "the reference", row.id, evidence.reference.state().books().account(row.id));
  }
}

void NoOverdraft::at_end(const FinalState& final, const Reference&) {
  for (const AccountRow& row : read_accounts(*final.furthest().books)) {
    check(final.at, "the final books", row.id, row.account);
  }
}

}  // namespace properties
