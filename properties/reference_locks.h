// Locks and plans by the rules: one live holder, a new and greater token for each grant,
// and writes only under the token of the live holder.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "properties/table_rows.h"
#include "system/lottery/messages.h"

namespace properties {

// The latest grant of a resource, dead or alive.
struct Lease {
  std::string owner;
  std::int64_t token = 0;
  std::int64_t ttl_us = 0;
  std::int64_t ends_us = 0;  // the first moment at which it is dead; 0 once released
};

struct Plan {
  std::int64_t generation = 0;
  std::int64_t token = 0;
  std::string value;
};

class ReferenceLocks {
 public:
  lottery::Reply run(const lottery::AcquireLock& command, std::int64_t now_us, std::int64_t token);
  lottery::Reply run(const lottery::RenewLock& command, std::int64_t now_us);
  lottery::Reply run(const lottery::ReleaseLock& command);
  lottery::Reply run(const lottery::PutPlan& command, std::int64_t now_us);

  const std::map<std::string, Lease>& leases() const { return leases_; }
  const std::map<std::string, Plan>& plans() const { return plans_; }
  TableRows lock_rows() const;
  TableRows plan_rows() const;

 private:
  std::map<std::string, Lease> leases_;
  std::map<std::string, Plan> plans_;
};

}  // namespace properties
