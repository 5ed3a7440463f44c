#include "system/replica/waiting.h"

#include <utility>

#include "system/probe/probe.h"

namespace replica {

WaiterPtr<Proposals::Outcome> Proposals::add(env::Env& env, raft::Core::Proposed proposed) {
  auto waiter = std::make_shared<Waiter<Outcome>>(env);
  pending_[proposed.index] = {proposed.term, waiter};
  return waiter;
}

void Proposals::applied(raft::Index index, raft::Term term) {
  const auto found = pending_.find(index);
  if (found == pending_.end()) {
    return;
  }
  const bool ours = found->second.term == term;
  probe::hit_if<"replica.proposal_overwritten">(!ours);
  found->second.waiter->finish(
      {ours ? ProposeResult::committed : ProposeResult::not_leader, ours ? index : 0});
  pending_.erase(found);
}

void Proposals::give_up() {
  for (const auto& [index, pending] : std::exchange(pending_, {})) {
    probe::hit<"replica.proposal_outcome_unknown">();
    pending.waiter->finish({ProposeResult::unknown, index});
  }
}

WaiterPtr<raft::ReadPoint> Reads::add(env::Env& env) {
  return wanted_.emplace_back(std::make_shared<Waiter<raft::ReadPoint>>(env));
}

void Reads::ask(raft::Core& core) {
  if (!wanted_.empty()) {
    const std::uint64_t id = next_id_++;
    asked_[id] = {ticks_, std::exchange(wanted_, {})};
    core.read_index(id);
  }
}

void Reads::answer(const std::vector<raft::ReadPoint>& points) {
  for (const raft::ReadPoint& point : points) {
    const auto found = asked_.find(point.id);
    if (found != asked_.end()) {
      for (const auto& waiter : found->second.waiters) {
        waiter->finish(point);
      }
      asked_.erase(found);
    }
  }
}

void Reads::tick(std::uint64_t lifetime_ticks) {
  ++ticks_;
  const std::size_t forgotten = std::erase_if(
      asked_, [&](const auto& entry) { return entry.second.asked_tick + lifetime_ticks < ticks_; });
  probe::hit_if<"replica.read_forgotten">(forgotten != 0);
}

env::awaitable<bool> AppliedWaits::wait(env::Env* env, raft::Index index, env::Instant deadline) {
  auto waiter = std::make_shared<Waiter<bool>>(*env);
  const auto position = waiting_.emplace(index, waiter);
  const bool in_time = co_await waiter->wait_until(deadline, env);
  if (!in_time) {
    probe::hit<"replica.entry_not_applied_in_time">();
    waiting_.erase(position);
  }
  co_return in_time;
}

void AppliedWaits::applied(raft::Index index) {
  const auto end = waiting_.upper_bound(index);
  for (auto it = waiting_.begin(); it != end; ++it) {
    it->second->finish(true);
  }
  waiting_.erase(waiting_.begin(), end);
}

}  // namespace replica
