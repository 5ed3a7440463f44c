#include "properties/reference_locks.h"

#include "properties/reference_replies.h"
#include "system/rpc/codec.h"

namespace properties {
namespace {

using lottery::Reply;

Reply lease_reply(const std::string& resource, const Lease& lease) {
  return {200, rpc::encode(lottery::LockView{resource, lease.owner, lease.token, lease.ends_us})};
}

}  // namespace

Reply ReferenceLocks::run(const lottery::AcquireLock& command, std::int64_t now_us,
                          std::int64_t token) {
  if (command.owner.empty() || command.resource.empty() || command.ttl_us <= 0 ||
      command.ttl_us > lottery::kMaxLockTtl_us) {
    return refusal(400, "bad_request");
  }
  Lease& lease = leases_[command.resource];
  if (lease.ends_us > now_us && lease.owner != command.owner) {
    return refusal(409, "locked");
  }
  lease = {command.owner, token, command.ttl_us, now_us + command.ttl_us};
  return lease_reply(command.resource, lease);
}

Reply ReferenceLocks::run(const lottery::RenewLock& command, std::int64_t now_us) {
  const auto found = leases_.find(command.resource);
  if (found == leases_.end() || found->second.owner != command.owner ||
      found->second.token != command.token || found->second.ends_us <= now_us) {
    return refusal(409, "not_holder");
  }
  found->second.ends_us = now_us + found->second.ttl_us;
  return lease_reply(command.resource, found->second);
}

Reply ReferenceLocks::run(const lottery::ReleaseLock& command) {
  const auto found = leases_.find(command.resource);
  if (found == leases_.end() || found->second.owner != command.owner ||
      found->second.token != command.token) {
    return refusal(409, "not_holder");
  }
  found->second.ends_us = 0;
  return lease_reply(command.resource, found->second);
}

Reply ReferenceLocks::run(const lottery::PutPlan& command, std::int64_t now_us) {
  if (command.resource.empty() || command.value.size() > lottery::kMaxPlanBytes) {
    return refusal(400, "bad_request");
  }
  const auto lease = leases_.find(command.resource);
  if (lease == leases_.end() || lease->second.ends_us <= now_us ||
      lease->second.token != command.token) {
    return refusal(409, "fenced");
  }
  const auto known = plans_.find(command.resource);
  const std::int64_t before = known == plans_.end() ? 0 : known->second.generation;
  if (command.generation > before) {
    plans_[command.resource] = {command.generation, command.token, command.value};
  } else if (known == plans_.end() || command.generation != before ||
             command.token != known->second.token || command.value != known->second.value) {
    return refusal(409, "stale");
  }
  return {200, rpc::encode(lottery::PlanView{command.resource, command.generation, command.token,
                                             command.value})};
}

TableRows ReferenceLocks::lock_rows() const {
  TableRows rows;
  for (const auto& [resource, lease] : leases_) {
    rows.push_back({resource, lease.owner, std::to_string(lease.token),
                    std::to_string(lease.ttl_us), std::to_string(lease.ends_us)});
  }
  return rows;
}

TableRows ReferenceLocks::plan_rows() const {
  TableRows rows;
  for (const auto& [resource, plan] : plans_) {
    rows.push_back(
        {resource, std::to_string(plan.generation), std::to_string(plan.token), plan.value});
  }
  return rows;
}

}  // namespace properties
