// Locks with fencing tokens, and the plans that are written under them.
//
// A lock is a hint: its holder may be paused between looking at the clock and acting.
// What protects is the token, compared where the write is applied.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace lottery {

// Takes the lock for `ttl_us` of log time. A grant always has a new token, also when the
// owner holds the lock already: the same name may be another life of it, and what the
// former life still has under way must not pass for the new one's.
struct AcquireLock {
  static constexpr std::string_view kType = "acquire_lock";
  std::string owner;
  std::string resource;
  std::int64_t ttl_us = 0;
};
BOOST_DESCRIBE_STRUCT(AcquireLock, (), (owner, resource, ttl_us))

// Prolongs a live lease by its ttl, counted from now. An expired one is dead, also when
// nobody took the lock since.
struct RenewLock {
  static constexpr std::string_view kType = "renew_lock";
  std::string owner;
  std::string resource;
  std::int64_t token = 0;
};
BOOST_DESCRIBE_STRUCT(RenewLock, (), (owner, resource, token))

struct ReleaseLock {
  static constexpr std::string_view kType = "release_lock";
  std::string owner;
  std::string resource;
  std::int64_t token = 0;
};
BOOST_DESCRIBE_STRUCT(ReleaseLock, (), (owner, resource, token))

// A fenced write: only under the token of the live holder, only a greater generation.
struct PutPlan {
  static constexpr std::string_view kType = "put_plan";
  std::string resource;
  std::int64_t token = 0;
  std::int64_t generation = 0;
  std::string value;  // at most kMaxPlanBytes
};
BOOST_DESCRIBE_STRUCT(PutPlan, (), (resource, token, generation, value))

// A holder that must be waited for longer than this is no holder.
inline constexpr std::int64_t kMaxLockTtl_us = 3'600'000'000;
inline constexpr std::int64_t kMaxPlanBytes = 4096;

// The latest grant. It is live while log time is before `expires_at_us`; 0: released.
struct LockView {
  std::string resource;
  std::string owner;
  std::int64_t token = 0;
  std::int64_t expires_at_us = 0;
};
BOOST_DESCRIBE_STRUCT(LockView, (), (resource, owner, token, expires_at_us))

struct PlanView {
  std::string resource;
  std::int64_t generation = 0;
  std::int64_t token = 0;  // under which it was written
  std::string value;
};
BOOST_DESCRIBE_STRUCT(PlanView, (), (resource, generation, token, value))

}  // namespace lottery
