// S9: what a client was told is in the final log. A terminal reply must stem from a
// command of the committed log; an entry once committed keeps its bytes and its
// place, through every restart, and is on the disk at the end.
#pragma once

#include "properties/property.h"

namespace properties {

class Acknowledged final : public Property {
 public:
  std::string_view id() const override { return "S9"; }
  std::string_view statement() const override {
    return "every acknowledged operation is in the final log, and committed entries never change";
  }
  void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) override;
  void at_end(const FinalState& final, const Reference& reference) override;
};

}  // namespace properties
