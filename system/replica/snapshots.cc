// The whole state from a leader to a follower whose missing entries are no longer in the log
// (paper section 7).
#include <stdexcept>
#include <utility>

#include "system/probe/probe.h"
#include "system/replica/events.h"
#include "system/replica/impl.h"

namespace replica {
namespace {

// Before a follower that did not take a snapshot is offered another.
constexpr env::Duration kPauseAfterFailure = std::chrono::seconds(1);

}  // namespace

bool Replica::Impl::receive_snapshot(raft::Message message, std::string bytes) {
  if (stopped_) {
    return false;
  }
  arriving_ = Arriving{message.snapshot.index, std::move(bytes)};
  core_.step(std::move(message));
  drive();
  arriving_.reset();
  return !stopped_;
}

void Replica::Impl::install(const raft::Ready& ready) {
  const raft::SnapshotMark& mark = *ready.snapshot_to_install;
  if (!arriving_ || arriving_->index != mark.index) {
    throw std::logic_error("raft wants a snapshot that did not arrive");
  }
  log_.begin_install(mark, ready.hard_state);
  // A state machine that is ahead of a log that was cut has more than the snapshot.
  probe::hit_if<"replica.state_ahead_of_snapshot">(machine_.applied_index() >= mark.index);
  if (machine_.applied_index() < mark.index) {
    machine_.restore(arriving_->bytes);
  }
  if (machine_.applied_index() < mark.index) {
    throw store::Error(SQLITE_CORRUPT, "the snapshot is older than it says");
  }
  log_.finish_install();
  const SnapshotInstalled installed{options_.id, mark.index, mark.term};
  env_.emit(installed);
  applied_waits_.applied(machine_.applied_index());
}

void Replica::Impl::send_snapshots(const std::vector<raft::NodeId>& receivers) {
  std::shared_ptr<const std::string> bytes;
  for (const raft::NodeId to : receivers) {
    if (!sending_.insert(to).second) {
      probe::hit<"replica.snapshot_already_on_its_way">();
      continue;  // the end of that one will be reported
    }
    raft::Message message;
    message.kind = raft::MessageKind::snapshot;
    message.from = options_.id;
    message.to = to;
    message.term = core_.term();
    message.snapshot = core_.mark_at_applied();
    // Not when the state machine is ahead of the core: the mark of its state is not known.
    if (!bytes && message.snapshot.index == machine_.applied_index()) {
      bytes = std::make_shared<const std::string>(machine_.snapshot());
    }
    env::spawn(env_, transfer(std::move(message), bytes));
  }
}

env::awaitable<void> Replica::Impl::transfer(raft::Message message,
                                             std::shared_ptr<const std::string> bytes) {
  const raft::NodeId to = message.to;
  const raft::Term term = message.term;
  const bool arrived =
      bytes != nullptr && co_await transport_.send_snapshot(std::move(message), std::move(bytes));
  if (!arrived) {
    probe::hit<"replica.snapshot_did_not_arrive">();
    co_await env::sleep_for(env_, kPauseAfterFailure);
  }
  sending_.erase(to);
  probe::hit_if<"replica.snapshot_arrived_in_another_term">(arrived && term != core_.term());
  core_.report_snapshot(to, arrived && term == core_.term());
  wake();
}

}  // namespace replica
