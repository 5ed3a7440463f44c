// S14: per resource there is at most one live holder, it is ended only by itself or by the
// clock, tokens grow, and a write under a token is accepted only while that token is the
// holder's. Judged by the ledger's own replies on log time.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "properties/property.h"

namespace properties {

class LockDiscipline final : public Property {
 public:
  std::string_view id() const override { return "S14"; }
  std::string_view statement() const override {
    return "one live holder per lock, and accepted writes carry the holder's token";
  }
  void on_event(simnet::Time at, const env::EventRef& event, const Evidence& evidence) override;
  void at_end(const FinalState&, const Reference&) override {}

 private:
  struct Lease {
    std::string owner;
    std::int64_t token = 0;
    std::int64_t ttl_us = 0;
    std::int64_t expires_at_us = 0;  // 0: released
    std::int64_t generation = 0;     // of the last plan accepted
    std::int64_t written_under = 0;  // its token
  };

  void judge(simnet::Time at, const lottery::AcquireLock& command, const std::string& body);
  void judge(simnet::Time at, const lottery::RenewLock& command, const std::string& body);
  void judge(simnet::Time at, const lottery::ReleaseLock& command, const std::string& body);
  void judge(simnet::Time at, const lottery::PutPlan& command, const std::string& body);
  void judge(simnet::Time at, const Folded& folded,
             const std::vector<lottery::CommandReply>& replies);
  bool live(const Lease& lease) const { return now_us_ < lease.expires_at_us; }

  std::int64_t now_us_ = 0;  // log time
  std::map<std::string, Lease> leases_;
};

}  // namespace properties
