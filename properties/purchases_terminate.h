// L1: once faults have ended and the grace period has passed, every purchase is over
// and no money is in between: SUSPENSE and CLEARING are zero. Every user has got an
// answer to everything he asked, and the bank's settlement file has been taken in.
#pragma once

#include "properties/property.h"

namespace properties {

class PurchasesTerminate final : public Property {
 public:
  std::string_view id() const override { return "L1"; }
  std::string_view statement() const override {
    return "after healing every purchase is terminal, SUSPENSE = CLEARING = 0, every user has "
           "answers";
  }
  void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) override;
  void at_end(const FinalState& final, const Reference& reference) override;
};

}  // namespace properties
