// S4: a purchase that is over was paid exactly once and has its tickets, or was not
// paid (or paid back in full) and has none: net at the bank = price <=> CONFIRMED <=>
// exactly `count` tickets.
#pragma once

#include "properties/property.h"

namespace properties {

class SettlementOfPurchases final : public Property {
 public:
  std::string_view id() const override { return "S4"; }
  std::string_view statement() const override {
    return "a finished purchase is CONFIRMED, paid its price and has its tickets, or none of the "
           "three";
  }
  void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) override;
  void at_end(const FinalState& final, const Reference& reference) override;

 private:
  void check_money(simnet::Time at, const PurchaseRow& row, const Reference& reference);
};

}  // namespace properties
