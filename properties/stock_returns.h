// L2: once faults have ended and the grace period has passed, no ticket is held any
// more, and sold plus free tickets are the minted ones.
#pragma once

#include "properties/property.h"

namespace properties {

class StockReturns final : public Property {
 public:
  std::string_view id() const override { return "L2"; }
  std::string_view statement() const override {
    return "after healing no stock is pending and sold + free = minted";
  }
  void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) override;
  void at_end(const FinalState& final, const Reference& reference) override;
};

}  // namespace properties
