// A leader's side of replication (paper sections 5.3, 5.4 and 8; thesis section 10.2.1).
#include <algorithm>
#include <utility>

#include "system/probe/probe.h"
#include "system/raft/impl.h"

namespace raft {

void Core::Impl::become_leader() {
  role_ = Role::leader;
  leader_ = options_.id;
  heartbeat_elapsed_ticks_ = 0;
  peers_.clear();
  sync_peers();
  // Until an entry of its own term is committed, a leader does not know what is (paper section 8).
  propose(EntryKind::no_op, "");
}

std::optional<Core::Proposed> Core::Impl::propose(EntryKind kind, std::string data) {
  if (!leads() || transferee_ != kNobody) {
    return std::nullopt;
  }
  const Proposed proposed{log_.last_index() + 1, hard_.term};
  log_.append({proposed.index, proposed.term, kind, std::move(data)});
  appends_due_ = true;
  return proposed;
}

// Follows the configuration, which is in force once it is in the log (thesis section 4.1).
void Core::Impl::sync_peers() {
  const Configuration& configuration = log_.configuration();
  std::erase_if(peers_, [&](const auto& peer) { return !configuration.contains(peer.first); });
  for (const auto* ids : {&configuration.voters, &configuration.learners}) {
    for (const NodeId id : *ids) {
      if (id != options_.id) {
        const auto [peer, is_new] = peers_.try_emplace(id, log_.last_index() + 1);
        peer->second.empty_due |= is_new;  // finds out where it stands, without waiting for entries
      }
    }
  }
  if (!configuration.is_voter(transferee_)) {
    transferee_ = kNobody;
  }
  appends_due_ = true;
}

void Core::Impl::on_append_reply(const Message& message) {
  const auto it = peers_.find(message.from);
  if (!leads() || it == peers_.end() || message.log_index > log_.last_index()) {
    return;
  }
  Peer& peer = it->second;
  peer.silent_ticks = 0;
  peer.counts = !message.force;
  probe::hit_if<"raft.voter_not_counted">(message.force);
  appends_due_ = true;
  if (message.reject) {
    peer.rejected(message.log_index, where_logs_agree(message));
    return;
  }
  peer.matched(message.log_index, log_.first_index());
  hand_over_if_caught_up(message.from, peer);
  advance_commit();
}

// The last place where the logs can agree, as far as both sides see (paper section 5.3, end). One
// before the log's start stays as it is: a snapshot is due then.
Index Core::Impl::where_logs_agree(const Message& reject) const {
  return reject.hint_index < log_.snapshot().index
             ? reject.hint_index
             : log_.latest_at_or_below(reject.hint_index, reject.hint_term);
}

void Core::Impl::on_heartbeat_reply(const Message& message) {
  const auto it = peers_.find(message.from);
  if (!leads() || it == peers_.end()) {
    return;
  }
  Peer& peer = it->second;
  peer.silent_ticks = 0;
  peer.counts = !message.force;
  peer.read_round = std::max(peer.read_round, message.read_round);
  if (message.reject) {
    peer.lost(message.hint_index);
  }
  if (peer.match() < log_.last_index()) {
    peer.resume();
    appends_due_ = true;
  }
  answer_confirmed_reads();
}

void Core::Impl::send_heartbeats() {
  for (const auto& [id, peer] : peers_) {
    Message message;
    message.kind = MessageKind::heartbeat;
    message.to = id;
    // The receiver may hold other entries behind what it is known to match.
    message.commit = std::min(commit_, peer.match());
    message.read_round = leader_reads_.round();
    send(std::move(message));
  }
}

void Core::Impl::flush_appends() {
  for (auto& [id, peer] : peers_) {
    send_appends(id, peer);
  }
  appends_due_ = false;
}

void Core::Impl::send_appends(NodeId to, Peer& peer) {
  if (!peer.snapshotting() && peer.next() < log_.first_index()) {
    // The log starts behind what it needs (paper section 7).
    if (peer.silent_ticks < options_.election_ticks) {
      probe::hit<"raft.follower_behind_the_log">();
      peer.sent_snapshot(applied_);
      snapshots_to_send_.push_back(to);
    }
    return;
  }
  while (peer.next() <= log_.last_index() && peer.ready_for_append(options_.inflight_max)) {
    send_append(to, peer, true);
  }
  probe::hit_if<"raft.append_window_full">(peer.next() <= log_.last_index() && !peer.probing());
  if (peer.empty_due && peer.ready_for_empty()) {
    send_append(to, peer, false);
  }
}

void Core::Impl::send_append(NodeId to, Peer& peer, bool with_entries) {
  Message message;
  message.kind = MessageKind::append;
  message.to = to;
  message.log_index = peer.next() - 1;
  message.log_term = *log_.term_at(message.log_index);
  message.commit = commit_;
  if (with_entries) {
    message.entries = log_.batch(peer.next(), options_.append_bytes_max);
  }
  peer.sent_append(message.log_index + message.entries.size(), with_entries);
  send(std::move(message));
}

// Entries of older terms are never counted, they become committed with one of the leader's own
// behind them (paper section 5.4.2, figure 8). The leader counts itself for what is durable only,
// and not at all when it is removed (thesis sections 10.2.1 and 4.2.2).
void Core::Impl::advance_commit() {
  std::vector<std::uint64_t> matches;
  for (const NodeId voter : voters()) {
    const auto peer = peers_.find(voter);
    const bool counts = peer != peers_.end() && peer->second.counts;
    const Index match = counts ? peer->second.match() : 0;
    matches.push_back(voter == options_.id ? log_.saved() : match);
  }
  const Index reached = reached_by_majority(std::move(matches));
  if (reached <= commit_ || log_.term_at(reached) != hard_.term) {
    probe::hit_if<"raft.figure8_held_back">(reached > commit_);
    return;
  }
  commit_to(reached);
  leader_reads_.settle(commit_);
  for (auto& [id, peer] : peers_) {
    peer.empty_due = true;  // so that the followers learn of it now
  }
  appends_due_ = true;
  step_down_if_removed();
}

bool Core::Impl::heard_from_majority() const {
  std::map<NodeId, bool> heard{{options_.id, true}};
  for (const auto& [id, peer] : peers_) {
    heard[id] = peer.counts && peer.silent_ticks < options_.election_ticks;
  }
  return count_votes(voters(), heard) == Verdict::won;
}

bool Core::Impl::leads_with_quorum() const {
  return leads() && heard_from_majority() && own_term_committed();
}

// A leader that is no member leads until its removal is committed (thesis section 4.2.2).
void Core::Impl::step_down_if_removed() {
  if (log_.configuration_index() <= commit_ && !log_.configuration().contains(options_.id)) {
    probe::hit<"raft.leader_removed_itself">();
    flush_appends();
    become_follower(hard_.term, kNobody);
  }
}

void Core::Impl::report_snapshot(NodeId to, bool arrived) {
  const auto it = peers_.find(to);
  if (it != peers_.end()) {
    it->second.snapshot_reported(arrived);
  }
}

std::map<NodeId, Progress> Core::Impl::progress() const {
  std::map<NodeId, Progress> progress;
  for (const auto& [id, peer] : peers_) {
    progress[id] = {peer.match(), peer.next(), peer.snapshotting(),
                    peer.silent_ticks < options_.election_ticks,
                    log_.configuration().is_learner(id)};
  }
  return progress;
}

}  // namespace raft
