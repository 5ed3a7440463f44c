// L3: after healing every replica of the ledger comes to the same index, and that is the last
// committed one.
#pragma once

#include "properties/property.h"

namespace properties {

class ReplicasConverge final : public Property {
 public:
  std::string_view id() const override { return "L3"; }
  std::string_view statement() const override {
    return "after healing every replica has applied the whole committed log";
  }
  void on_event(simnet::Time, const env::EventRef&, const Evidence&) override {}
  void at_end(const FinalState& final, const Reference& reference) override;
};

}  // namespace properties
