#include "properties/double_charge.h"

namespace properties {

void DoubleCharge::on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) {
  const auto* moved = event.as<lottery::BankMoved>();
  if (moved == nullptr || moved->kind != "charge") {
    return;
  }
  const Reference& reference = evidence.reference;
  const lottery::Hold* const hold = reference.hold_of(moved->reference);
  if (hold == nullptr) {
    expect(false, at, [&] {
      return "the bank captured " + std::to_string(moved->amount) + " under " + moved->key +
             " for " + moved->reference + ", which no hold of the log began";
    });
    return;
  }
  const IntentId id = reference.intent_of({hold->user, hold->key});
  std::set<std::string>& purchases = purchases_[id];
  purchases.insert(moved->reference);
  BankTotal total;
  std::string listed;
  for (const std::string& purchase : purchases) {
    const BankTotal part = reference.bank_of(purchase);
    total.charges += part.charges;
    total.captured += part.captured;
    listed += (listed.empty() ? "" : ", ") + purchase;
  }
  const Intent* const intent = reference.intent(id);
  const Draw* const draw = reference.state().draw(hold->draw);
  const std::int64_t count = intent != nullptr ? intent->count : hold->count;
  const std::int64_t price = draw != nullptr ? count * draw->price : 0;
  expect(total.captured <= price, at, [&] {
    return "user " + id.first + ", intent " + id.second + ": the bank captured " +
           std::to_string(total.captured) + " in " + std::to_string(total.charges) +
           " charges for " + std::to_string(count) + " tickets priced " + std::to_string(price) +
           " (purchases " + listed + "; last key " + moved->key + ")";
  });
}

void DoubleCharge::at_end(const FinalState&, const Reference&) {}

}  // namespace properties
