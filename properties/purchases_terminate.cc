#include "properties/purchases_terminate.h"

namespace properties {

void PurchasesTerminate::on_event(simnet::Time, const env::EventRef&, const Evidence&) {}

void PurchasesTerminate::at_end(const FinalState& final, const Reference&) {
  if (!final.healed) {
    return;
  }
  expect(final.unfinished.empty(), final.at, [&] { return final.unfinished; });
  for (const PurchaseRow& row : read_purchases(*final.furthest().books)) {
    const auto state = state_named(row.state);
    expect(state && terminal(*state), final.at, [&] {
      return "purchase " + row.id + " of " + row.user + " is still " + row.state + " in attempt " +
             std::to_string(row.attempt);
    });
  }
  for (const AccountRow& row : read_accounts(*final.furthest().books)) {
    const std::string_view kind = account::kind(row.id);
    if (kind != "SUSPENSE" && kind != "CLEARING") {
      continue;
    }
    expect(row.account.balance() == 0, final.at, [&] {
      return row.id + " still holds " + std::to_string(row.account.balance()) + ": debits " +
             std::to_string(row.account.debits_posted) + ", credits " +
             std::to_string(row.account.credits_posted);
    });
  }
}

}  // namespace properties
