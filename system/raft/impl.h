// The core's state and its rooms. Each group of functions below lives in the file named
// above it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "system/raft/core.h"
#include "system/raft/log.h"
#include "system/raft/peer.h"
#include "system/raft/quorum.h"
#include "system/raft/reads.h"

namespace raft {

// membership.cc: whether `next` is one permitted step from `now`.
bool is_single_step(const Configuration& now, const Configuration& next);

// message.cc: whether an honest node of any state could have sent it.
bool is_well_formed(const Message& message);

class Core::Impl {
 public:
  Impl(Options options, Restored restored);

  // step.cc: what arrives, and the passing of time
  void tick();
  void step(Message message);

  // election.cc
  void campaign();
  bool may_vote() const { return distrusted_up_to_ == 0; }
  bool lost_its_vote() const { return distrusted_up_to_ == UINT64_MAX; }

  // leader.cc
  std::optional<Proposed> propose(EntryKind kind, std::string data);
  void report_snapshot(NodeId to, bool arrived);
  bool leads_with_quorum() const;
  bool own_term_committed() const { return log_.term_at(commit_) == hard_.term; }

  // membership.cc
  std::optional<Proposed> change(const Configuration& next);
  const std::vector<NodeId>& voters() const;

  // transfer.cc
  bool transfer_leadership(NodeId to);

  // read_index.cc
  void read_index(std::uint64_t id);

  // ready.cc
  bool has_ready() const;
  Ready ready();
  void advance();
  void compact(Index index);
  SnapshotMark mark_at_applied() const;

  std::map<NodeId, Progress> progress() const;

  const Log& log() const { return log_; }
  const HardState& hard_state() const { return hard_; }
  const Options& options() const { return options_; }
  Role role() const { return role_; }
  NodeId leader() const { return leader_; }
  Index commit() const { return commit_; }
  Index applied() const { return applied_; }

 private:
  bool leads() const { return role_ == Role::leader; }
  void send(Message message);
  void commit_to(Index index);
  void become_follower(Term term, NodeId leader);

  // step.cc
  bool enter_newer_term(const Message& message);
  void answer_older_term(const Message& message);
  void dispatch(Message message);
  void tick_waiting();
  void tick_leading();

  // election.cc
  void restart_election_clock();
  bool in_lease() const;
  bool may_campaign() const;
  void start_pre_vote();
  void start_election(bool force);
  void ask_for_votes(MessageKind kind, Term term, bool force);
  void judge_votes();
  void on_pre_vote(const Message& message);
  void on_vote(const Message& message);
  void on_vote_answer(const Message& message, Role asked_as);
  void on_timeout_now();

  // follower.cc
  void follow(NodeId leader);
  void on_append(Message message);
  void on_heartbeat(const Message& message);
  void on_snapshot(const Message& message);
  void acknowledge(NodeId leader, Index matched);
  void reject_append(const Message& message);
  void regain_trust(Index matched);

  // leader.cc
  void become_leader();
  void sync_peers();
  void on_append_reply(const Message& message);
  Index where_logs_agree(const Message& reject) const;
  void on_heartbeat_reply(const Message& message);
  void send_heartbeats();
  void flush_appends();
  void send_appends(NodeId to, Peer& peer);
  void send_append(NodeId to, Peer& peer, bool with_entries);
  void advance_commit();
  bool heard_from_majority() const;
  void step_down_if_removed();

  // transfer.cc
  void hand_over_if_caught_up(NodeId to, const Peer& peer);

  // read_index.cc
  void on_read_index(const Message& message);
  void on_read_index_reply(const Message& message);
  void ask_read(NodeId from, std::uint64_t id);
  void open_read_round();
  void answer_confirmed_reads();
  void answer_read(const AskedRead& read, bool failed);
  void abandon_forwarded_reads();

  Options options_;
  Log log_;
  HardState hard_;
  HardState handed_hard_;
  Index distrusted_up_to_ = 0;

  Role role_ = Role::follower;
  NodeId leader_ = kNobody;
  Index commit_ = 0;
  Index handed_ = 0;  // given out in Ready::committed, or covered by a snapshot
  Index applied_ = 0;

  std::uint32_t elapsed_ticks_ = 0;  // since the leader was heard, a vote given or a campaign begun
  std::uint32_t timeout_ticks_ = 0;
  std::map<NodeId, bool> votes_;

  // While leading.
  std::map<NodeId, Peer> peers_;  // everybody of the configuration but this node
  std::uint32_t heartbeat_elapsed_ticks_ = 0;
  bool appends_due_ = false;
  NodeId transferee_ = kNobody;
  std::uint32_t transfer_ticks_ = 0;
  LeaderReads leader_reads_;
  std::vector<NodeId> snapshots_to_send_;

  ForwardedReads forwarded_reads_;
  std::vector<Message> messages_;
  std::vector<ReadPoint> reads_;
  std::optional<SnapshotMark> snapshot_to_install_;
};

}  // namespace raft
