// S26: a session's version grows by one with each accepted write, and what a user was told is
// stored is what he finds afterwards, whichever servers he meets, until he stores more.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "properties/property.h"

namespace properties {

class SessionSurvival final : public Property {
 public:
  std::string_view id() const override { return "S26"; }
  std::string_view statement() const override {
    return "session versions grow one by one, and an acknowledged session write survives";
  }
  void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) override;
  void at_end(const FinalState& final, const Reference& reference) override;

 private:
  struct Stored {
    std::int64_t version = 0;
    std::string body;
  };

  void applied(simnet::Time at, const Folded& folded,
               const std::vector<lottery::CommandReply>& replies);
  void saw(simnet::Time at, const lottery::ClientSaw& event);

  std::map<std::string, std::int64_t> versions_;  // session -> as the ledger's replies tell
  std::map<std::string, Stored> acknowledged_;    // target -> the latest
  std::map<std::pair<std::string, std::int64_t>, std::pair<std::string, Stored>> looks_;
};

}  // namespace properties
