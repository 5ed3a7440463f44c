// S15: a purchase is confirmed only from a live hold and never expires while it is
// being charged. Judged on the states that the rows of the books go through and on
// the state of the hold transfer that belongs to each.
#pragma once

#include <map>
#include <string>

#include "properties/property.h"

namespace properties {

class HoldDiscipline final : public Property {
 public:
  std::string_view id() const override { return "S15"; }
  std::string_view statement() const override {
    return "purchases are confirmed only from a live hold and never expire while charging";
  }
  void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) override;
  void at_end(const FinalState& final, const Reference& reference) override;

 private:
  void row(simnet::Time at, const PurchaseRow& row, const Reference& reference);

  std::map<std::string, PurchaseState, std::less<>> last_;  // states as last seen
};

}  // namespace properties
