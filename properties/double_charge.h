// S3: at every moment the bank has captured at most the price of what a user wanted.
// Counted per user intent, not per purchase: one intent may wrongly become two
// purchases. Refunds are not netted: money taken twice and given back was taken twice.
//
// The truth about charges is the bank's own journal. An intent is known by the key
// of its Hold; a charge leads to the Hold through the purchase id, which says where
// in the log that Hold stands.
#pragma once

#include <map>
#include <set>
#include <string>

#include "properties/property.h"

namespace properties {

class DoubleCharge final : public Property {
 public:
  std::string_view id() const override { return "S3"; }
  std::string_view statement() const override {
    return "the bank never captures more than the price of a user intent, refunds not netted";
  }
  void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) override;
  void at_end(const FinalState& final, const Reference& reference) override;

 private:
  std::map<IntentId, std::set<std::string>> purchases_;  // charged for the intent
};

}  // namespace properties
