// S8: what clients read is the ledger's state at the index that the reply names; a linear read
// reflects every write acknowledged to any client before it began, a session read everything
// that its reader had seen.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "properties/property.h"

namespace properties {

class FreshReads final : public Property {
 public:
  std::string_view id() const override { return "S8"; }
  std::string_view statement() const override {
    return "reads are the log's state at their index, linear and session reads new enough";
  }
  void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) override;
  void at_end(const FinalState&, const Reference&) override {}

 private:
  struct Look {
    std::string target;
    std::int64_t not_before = 0;  // the index that the answer must have reached
  };
  // What a row looked like from an index on.
  using Versions = std::map<std::int64_t, std::string>;

  void remember(const Evidence& evidence);
  void judge(simnet::Time at, const lottery::ClientSaw& saw, const Reference& reference);

  std::map<std::string, Versions> versions_;  // by target
  std::map<std::pair<std::string, std::int64_t>, Look> looks_;
  std::int64_t acknowledged_ = 0;  // the newest index that any client knows of
};

}  // namespace properties
