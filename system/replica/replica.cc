#include "system/replica/replica.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include "system/probe/probe.h"
#include "system/replica/codec.h"
#include "system/replica/events.h"
#include "system/replica/impl.h"

namespace replica {
namespace {

raft::Configuration initial_configuration(const std::vector<Member>& members) {
  raft::Configuration configuration;
  for (const Member& member : members) {
    (member.learner ? configuration.learners : configuration.voters).push_back(member.id);
  }
  std::sort(configuration.voters.begin(), configuration.voters.end());
  std::sort(configuration.learners.begin(), configuration.learners.end());
  return configuration;
}

std::map<raft::NodeId, env::Endpoint> peers_of(const ReplicaOptions& options) {
  std::map<raft::NodeId, env::Endpoint> peers;
  for (const Member& member : options.members) {
    if (member.id != options.id) {
      peers.emplace(member.id, member.endpoint);
    }
  }
  return peers;
}

std::uint16_t own_port(const ReplicaOptions& options) {
  const auto own = std::find_if(options.members.begin(), options.members.end(),
                                [&](const Member& member) { return member.id == options.id; });
  if (own == options.members.end()) {
    throw std::invalid_argument("a replica must be one of its members");
  }
  return own->endpoint.port;
}

env::awaitable<Replica::Outcome> outcome_of(WaiterPtr<Replica::Outcome> waiter) {
  co_await waiter->wait();
  co_return *waiter->value();
}

}  // namespace

Replica::Impl::Impl(env::Env& env, StateMachine& machine, ReplicaOptions options)
    : env_(env),
      machine_(machine),
      options_(std::move(options)),
      log_(env.database_file(options_.log_name), initial_configuration(options_.members)),
      core_(recover()),
      transport_(env, *this, own_port(options_), peers_of(options_)),
      woken_(env),
      told_commit_(core_.commit()) {}

raft::Core Replica::Impl::recover() {
  raft::Restored restored = log_.recover(machine_.applied_index());
  const Head& head = log_.head();
  const Opened opened{options_.id,          head.hard_state.term, head.hard_state.vote,
                      head.first_index(),   head.last_index,      machine_.applied_index(),
                      head.distrusted_up_to};
  env_.emit(opened);
  tell_entries(restored.log);
  raft::Options options;
  options.id = options_.id;
  options.election_ticks = options_.election_ticks;
  options.heartbeat_ticks = options_.heartbeat_ticks;
  options.append_bytes_max = options_.append_bytes_max;
  options.inflight_max = options_.appends_in_flight_max;
  options.random = [&env = env_] { return env.random("raft.election"); };
  return {std::move(options), std::move(restored)};
}

void Replica::Impl::start() {
  transport_.start();
  if (core_.configuration().voters == std::vector{options_.id}) {
    core_.campaign();  // alone, there is nobody to wait for
    wake();
  }
  env::spawn(env_, drive_loop());
  env::spawn(env_, tick_loop());
}

env::awaitable<void> Replica::Impl::tick_loop() {
  for (;;) {
    co_await env::sleep_for(env_, options_.tick);
    core_.tick();
    reads_.tick(options_.election_ticks);
    wake();
  }
}

WaiterPtr<Replica::Outcome> Replica::Impl::add(std::optional<raft::Core::Proposed> proposed) {
  if (!proposed) {
    auto waiter = std::make_shared<Waiter<Outcome>>(env_);
    waiter->finish({});
    return waiter;
  }
  wake();
  return proposals_.add(env_, *proposed);
}

env::awaitable<Replica::Outcome> Replica::Impl::propose(std::string payload) {
  if (payload.size() > kPayloadLimit_bytes) {
    throw std::length_error("a proposal of " + std::to_string(payload.size()) + " bytes");
  }
  return outcome_of(add(core_.propose(std::move(payload))));
}

env::awaitable<Replica::Outcome> Replica::Impl::change(raft::Configuration next) {
  return outcome_of(add(core_.change(next)));
}

env::awaitable<bool> Replica::Impl::wait_applied(std::uint64_t index, env::Duration timeout) {
  if (applied() >= index) {
    co_return true;
  }
  co_return co_await applied_waits_.wait(&env_, index, env_.now() + timeout);
}

env::awaitable<bool> Replica::Impl::wait_linearizable(env::Duration timeout) {
  const env::Instant deadline = env_.now() + timeout;
  while (env_.now() < deadline) {
    const auto waiter = reads_.add(env_);
    wake();
    // The question or its answer may be lost.
    const env::Instant ask_again = env_.now() + options_.election_ticks * options_.tick;
    const bool answered = co_await waiter->wait_until(std::min(deadline, ask_again), &env_);
    if (answered && !waiter->value()->failed) {
      co_return co_await wait_applied(waiter->value()->index, deadline - env_.now());
    }
    if (answered) {
      probe::hit<"replica.read_index_refused">();
      co_await env::sleep_for(env_, options_.tick);
    }
  }
  probe::hit<"replica.no_quorum_for_read_index">();
  co_return false;
}

bool Replica::Impl::transfer_leadership(raft::NodeId to) {
  wake();
  return core_.transfer_leadership(to);
}

Replica::Replica(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Replica::~Replica() = default;

std::shared_ptr<Replica> Replica::start(env::Env& env, StateMachine& machine,
                                        ReplicaOptions options) {
  auto impl = std::make_unique<Impl>(env, machine, std::move(options));
  impl->start();
  return std::shared_ptr<Replica>(new Replica(std::move(impl)));
}

env::awaitable<Replica::Outcome> Replica::propose(std::string payload) {
  return impl_->propose(std::move(payload));
}
env::awaitable<Replica::Outcome> Replica::change(raft::Configuration next) {
  return impl_->change(std::move(next));
}
env::awaitable<bool> Replica::wait_linearizable(env::Duration timeout) {
  return impl_->wait_linearizable(timeout);
}
env::awaitable<bool> Replica::wait_applied(std::uint64_t index, env::Duration timeout) {
  return impl_->wait_applied(index, timeout);
}
bool Replica::transfer_leadership(raft::NodeId to) { return impl_->transfer_leadership(to); }

bool Replica::leads() const { return core().leads_with_quorum(); }
raft::NodeId Replica::leader() const { return core().leader(); }
std::uint64_t Replica::applied() const { return impl_->applied(); }
const raft::Core& Replica::core() const { return impl_->core(); }

}  // namespace replica
