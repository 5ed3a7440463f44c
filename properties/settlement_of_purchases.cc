#include "properties/settlement_of_purchases.h"

#include <map>
#include <set>

namespace properties {
namespace {

std::string about(const PurchaseRow& row) { return "purchase " + row.id + " is " + row.state; }

}  // namespace

void SettlementOfPurchases::check_money(simnet::Time at, const PurchaseRow& row,
                                        const Reference& reference) {
  const auto state = state_named(row.state);
  if (!state || !terminal(*state)) {
    return;
  }
  const std::int64_t due = *state == PurchaseState::confirmed ? row.price : 0;
  const BankTotal bank = reference.bank_of(row.id);
  expect(bank.net() == due, at, [&] {
    return about(row) + ", priced " + std::to_string(row.price) + ", but the bank holds " +
           std::to_string(bank.net()) + ": captured " + std::to_string(bank.captured) + " in " +
           std::to_string(bank.charges) + " charges, refunded " + std::to_string(bank.refunded);
  });
}

void SettlementOfPurchases::on_event(simnet::Time at, const env::EventRef&,
                                     const Evidence& evidence) {
  for (const PurchaseRow& row : evidence.purchases) {
    check_money(at, row, evidence.reference);
  }
}

void SettlementOfPurchases::at_end(const FinalState& final, const Reference& reference) {
  std::map<std::string, std::int64_t> tickets;
  for (const TicketRow& ticket : read_tickets(*final.furthest().books)) {
    tickets[ticket.purchase] += 1;
  }
  std::set<std::string, std::less<>> known;
  for (const PurchaseRow& row : read_purchases(*final.furthest().books)) {
    check_money(final.at, row, reference);
    const auto state = state_named(row.state);
    const std::int64_t due = state == PurchaseState::confirmed ? row.count : 0;
    const std::int64_t issued = tickets[row.id];
    expect(issued == due, final.at, [&] {
      return about(row) + " with " + std::to_string(issued) + " tickets instead of " +
             std::to_string(due);
    });
    known.insert(row.id);
  }
  for (const auto& [purchase, bank] : reference.bank()) {
    expect(bank.net() == 0 || known.contains(purchase), final.at, [&] {
      return "the bank holds " + std::to_string(bank.net()) + " for " + purchase +
             ", a purchase that the books do not have";
    });
  }
}

}  // namespace properties
