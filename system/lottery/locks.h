// Locks by lease on log time, fenced by tokens (S14), and plans of growing generation
// (S24). The row of a lock outlives its lease, so the greatest token ever granted for a
// resource is always known. After Kleppmann's fencing tokens and the Jepsen analysis of
// etcd 3.4.3: the token is compared at apply, and a lease is looked at again there.
//
// Limits: nobody waits in the ledger; who is refused asks again.
#pragma once

#include <optional>
#include <string_view>

#include "system/lottery/log_point.h"
#include "system/lottery/messages.h"
#include "system/store/database.h"

namespace lottery {

class Locks {
 public:
  explicit Locks(store::Database& database) : database_(database) {}

  Reply run(const AcquireLock& command, const LogPoint& at);
  Reply run(const RenewLock& command, const LogPoint& at);
  Reply run(const ReleaseLock& command);
  Reply run(const PutPlan& command, const LogPoint& at);

  std::optional<LockView> lock(std::string_view resource);
  std::optional<PlanView> plan(std::string_view resource);

 private:
  void set_expiry(LockView& lock, std::int64_t expires_at_us);
  std::int64_t ttl_us(std::string_view resource);

  store::Database& database_;
};

}  // namespace lottery
