// S6: accounts with a limit never go below zero: STOCK counts what is held as gone;
// SUSPENSE, POOL and HOUSE never pay out more than came in.
#pragma once

#include "properties/property.h"

namespace properties {

class NoOverdraft final : public Property {
 public:
  std::string_view id() const override { return "S6"; }
  std::string_view statement() const override {
    return "limited accounts never go below zero, pending included";
  }
  void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) override;
  void at_end(const FinalState& final, const Reference& reference) override;

 private:
  void check(simnet::Time at, std::string_view where, std::string_view id, const Account& account);
};

}  // namespace properties
