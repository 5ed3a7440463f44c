#include "system/lottery/locks.h"

#include "system/lottery/refusals.h"
#include "system/probe/probe.h"

namespace lottery {
namespace {

bool is_live(const LockView& lock, const LogPoint& at) { return at.now_us < lock.expires_at_us; }

bool fences(const std::optional<LockView>& lock, std::int64_t token, const LogPoint& at) {
  return !lock.has_value() || token != lock->token || !is_live(*lock, at);
}

}  // namespace

Reply Locks::run(const AcquireLock& command, const LogPoint& at) {
  if (command.owner.empty() || command.resource.empty() || command.ttl_us < 1 ||
      command.ttl_us > kMaxLockTtl_us) {
    return refuse(Refusal::bad_request);
  }
  const std::optional<LockView> held = lock(command.resource);
  if (held.has_value() && is_live(*held, at) && held->owner != command.owner) {
    probe::hit<"locks.refused_to_another_owner">();
    return refuse(Refusal::locked);
  }
  probe::hit_if<"locks.taken_over_after_the_lease">(held.has_value() && held->expires_at_us != 0 &&
                                                    held->owner != command.owner);
  probe::hit_if<"locks.taken_again_by_its_holder">(held.has_value() &&
                                                   held->owner == command.owner);
  const LockView granted{command.resource, command.owner, at.token(), at.now_us + command.ttl_us};
  database_.run(
      "REPLACE INTO locks(resource, owner, token, ttl_us, expires_at_us) "
      "VALUES (?1, ?2, ?3, ?4, ?5)",
      granted.resource, granted.owner, granted.token, command.ttl_us, granted.expires_at_us);
  return reply_with(200, granted);
}

Reply Locks::run(const RenewLock& command, const LogPoint& at) {
  std::optional<LockView> held = lock(command.resource);
  if (fences(held, command.token, at) || held->owner != command.owner) {
    probe::hit<"locks.renewal_refused">();
    return refuse(Refusal::not_holder);
  }
  set_expiry(*held, at.now_us + ttl_us(command.resource));
  return reply_with(200, *held);
}

// Whether the lease still runs does not matter: giving up what has ended changes nothing,
// and a release whose reply was lost is told the same again.
Reply Locks::run(const ReleaseLock& command) {
  std::optional<LockView> held = lock(command.resource);
  if (!held.has_value() || command.token != held->token || command.owner != held->owner) {
    probe::hit<"locks.release_refused">();
    return refuse(Refusal::not_holder);
  }
  set_expiry(*held, 0);
  return reply_with(200, *held);
}

Reply Locks::run(const PutPlan& command, const LogPoint& at) {
  if (command.resource.empty() || command.value.size() > kMaxPlanBytes) {
    return refuse(Refusal::bad_request);
  }
  if (fences(lock(command.resource), command.token, at)) {
    probe::hit<"locks.write_fenced">();
    return refuse(Refusal::fenced);
  }
  const PlanView next{command.resource, command.generation, command.token, command.value};
  const PlanView current = plan(command.resource).value_or(PlanView{});
  const bool repeated = next.generation == current.generation && next.token == current.token &&
                        next.value == current.value;
  probe::hit_if<"locks.plan_written_twice">(repeated);
  if (!repeated && next.generation <= current.generation) {
    probe::hit<"locks.plan_superseded">();
    return refuse(Refusal::stale);
  }
  database_.run("REPLACE INTO plans(resource, generation, token, value) VALUES (?1, ?2, ?3, ?4)",
                next.resource, next.generation, next.token, next.value);
  return reply_with(200, next);
}

std::optional<LockView> Locks::lock(std::string_view resource) {
  store::Query query = database_.query(
      "SELECT owner, token, expires_at_us FROM locks WHERE resource = ?1", resource);
  if (!query.step()) {
    return std::nullopt;
  }
  return LockView{std::string(resource), query.text(0), query.integer(1), query.integer(2)};
}

std::optional<PlanView> Locks::plan(std::string_view resource) {
  store::Query query =
      database_.query("SELECT generation, token, value FROM plans WHERE resource = ?1", resource);
  if (!query.step()) {
    return std::nullopt;
  }
  return PlanView{std::string(resource), query.integer(0), query.integer(1), query.text(2)};
}

std::int64_t Locks::ttl_us(std::string_view resource) {
  store::Query query = database_.query("SELECT ttl_us FROM locks WHERE resource = ?1", resource);
  return query.step() ? query.integer(0) : 0;
}

void Locks::set_expiry(LockView& lock, std::int64_t expires_at_us) {
  lock.expires_at_us = expires_at_us;
  database_.run("UPDATE locks SET expires_at_us = ?2 WHERE resource = ?1", lock.resource,
                expires_at_us);
}

}  // namespace lottery
