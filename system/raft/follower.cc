// A follower's side of replication (paper sections 5.3 and 7).
#include <algorithm>
#include <utility>

#include "system/probe/probe.h"
#include "system/raft/impl.h"

namespace raft {

// REQUIRES: a message of this term's leader has arrived.
void Core::Impl::follow(NodeId leader) {
  if (role_ != Role::follower || leader_ != leader) {
    become_follower(hard_.term, leader);
  }
  elapsed_ticks_ = 0;
}

void Core::Impl::commit_to(Index index) { commit_ = std::max(commit_, index); }

void Core::Impl::on_append(Message message) {
  if (leads()) {
    return;  // no other node leads this term (paper section 5.2)
  }
  follow(message.from);
  if (message.log_index < log_.snapshot().index) {
    probe::hit<"raft.append_before_the_log">();
    acknowledge(message.from, commit_);  // the snapshot covers what precedes: it is committed
    return;
  }
  if (!log_.matches(message.log_index, message.log_term)) {
    reject_append(message);
    return;
  }
  // What lies behind the message's last entry may be another leader's (libraft 0.15.0
  // acknowledged it): paper figure 2, AppendEntries.
  const Index matched = message.log_index + message.entries.size();
  if (!log_.merge(std::move(message.entries), commit_)) {
    return;  // it contradicts what is committed: no leader of this protocol sends that
  }
  commit_to(std::min(message.commit, matched));
  regain_trust(matched);
  acknowledge(message.from, matched);
}

void Core::Impl::on_heartbeat(const Message& message) {
  if (leads()) {
    return;
  }
  follow(message.from);
  commit_to(std::min(message.commit, log_.last_index()));
  Message reply;
  reply.kind = MessageKind::heartbeat_reply;
  reply.to = message.from;
  reply.read_round = message.read_round;
  reply.force = lost_its_vote();
  if (!may_vote()) {
    // Nothing may be under way that would show what is missing here, and until somebody fills it
    // there is one voter less.
    reply.reject = true;
    reply.hint_index = log_.last_index();
  }
  send(std::move(reply));
}

// Paper section 7, "InstallSnapshot RPC".
void Core::Impl::on_snapshot(const Message& message) {
  if (leads()) {
    return;
  }
  probe::hit_if<"raft.snapshot_during_election">(role_ != Role::follower);
  follow(message.from);
  const SnapshotMark& mark = message.snapshot;
  if (mark.index <= commit_) {
    probe::hit<"raft.snapshot_not_needed">();
    acknowledge(message.from, commit_);
    return;
  }
  if (log_.matches(mark.index, mark.term)) {
    probe::hit<"raft.snapshot_within_the_log">();
    commit_to(mark.index);  // the log reaches it: nothing to replace
  } else if (mark.index < applied_) {
    probe::hit<"raft.snapshot_older_than_the_state">();
    return;  // the log was damaged; the state is newer than this, and never goes back
  } else {
    probe::hit<"raft.snapshot_installed">();
    log_.install(mark);
    commit_to(mark.index);
    handed_ = std::max(handed_, mark.index);
    snapshot_to_install_ = mark;
  }
  regain_trust(mark.index);
  acknowledge(message.from, mark.index);
}

void Core::Impl::acknowledge(NodeId leader, Index matched) {
  Message reply;
  reply.kind = MessageKind::append_reply;
  reply.to = leader;
  reply.log_index = matched;
  reply.force = lost_its_vote();
  send(std::move(reply));
}

// The hint: the last place where the logs can still agree, as far as this side sees.
void Core::Impl::reject_append(const Message& message) {
  probe::hit<"raft.append_rejected">();
  Message reply;
  reply.kind = MessageKind::append_reply;
  reply.to = message.from;
  reply.log_index = message.log_index;
  reply.reject = true;
  reply.force = lost_its_vote();
  reply.hint_index = log_.latest_at_or_below(message.log_index, message.log_term);
  reply.hint_term = *log_.term_at(reply.hint_index);
  send(std::move(reply));
}

// A leader of no older term (the term only grows) has given back everything that was lost.
void Core::Impl::regain_trust(Index matched) {
  if (matched >= distrusted_up_to_) {
    probe::hit_if<"raft.loss_repaired_by_leader">(distrusted_up_to_ != 0);
    distrusted_up_to_ = 0;
  }
}

}  // namespace raft
