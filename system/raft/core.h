// Raft as a pure state machine: messages and ticks go in, a Ready comes out. No I/O, no
// clock, no thread, no coroutine, nothing but the standard library; the same calls give
// the same results.
//
// The driver's loop:
//   1. step() / tick() / propose() / ... any number of times;
//   2. while has_ready(): take ready() and, in this order,
//      a. make `snapshot_to_install` the state, then make `hard_state` and `entries`
//         durable (entries replace whatever the log holds from the first one's index on),
//      b. only then send `messages`, in order per receiver; losing any is allowed,
//      c. hand `committed` to the state machine in order, and serve `reads` whose
//         index has been applied,
//      d. advance().
// A driver that cannot do (a) must end the process: nothing may be sent or served.
//
// More may be stepped, ticked or proposed between ready() and advance(), while the driver writes:
// it comes out of the next Ready.
//
// The core keeps in memory the entries after the last compaction.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "system/raft/message.h"
#include "system/raft/types.h"

namespace raft {

struct Options {
  NodeId id = kNobody;
  // In ticks. The election time-out of a round is drawn from [election_ticks,
  // 2 * election_ticks) (paper section 9.3).
  std::uint32_t election_ticks = 10;
  std::uint32_t heartbeat_ticks = 1;
  std::size_t append_bytes_max = 256 * 1024;  // of entry data per append message
  std::size_t inflight_max = 64;              // unacknowledged appends per follower
  // A uniform number; the only source of chance.
  std::function<std::uint64_t()> random;
};

// What the disk held at start. `log` ascends without a gap from snapshot.index + 1. When `applied`
// lies behind its end, the log lost what was applied, and is distrusted up to there.
struct Restored {
  HardState hard_state;
  SnapshotMark snapshot;  // index 0: none; then `configuration` is the initial one
  std::vector<Entry> log;
  Index applied = 0;  // by the state machine, durably; at least snapshot.index
  // The disk lost entries up to this one that may have been acknowledged, or the vote.
  // The node neither votes nor campaigns until a leader's log has matched beyond it;
  // 0: nothing was lost. UINT64_MAX: for ever (the vote itself was lost, and perhaps the term:
  // `hard_state` is then a guess, and at least the log's last term). Such a node gets the log but
  // is not counted in any majority either, for it may follow a leader that it had deserted.
  Index distrusted_up_to = 0;
};

enum class Role : std::uint8_t { follower, pre_candidate, candidate, leader };

struct ReadPoint {
  std::uint64_t id = 0;  // as given to read_index()
  Index index = 0;       // serve once applied; meaningless when failed
  bool failed = false;   // leadership was lost or there is no leader: ask again
};

struct Ready {
  std::optional<HardState> hard_state;
  std::vector<Entry> entries;
  // Its bytes came beside the message. The durable log becomes empty: what follows it are
  // `entries`. A snapshot message that leads to none was not needed.
  std::optional<SnapshotMark> snapshot_to_install;
  std::vector<Message> messages;
  std::vector<Entry> committed;  // ascending, each once
  std::vector<ReadPoint> reads;
  // Followers that need a snapshot: send the state database with a message of kind
  // snapshot, then call report_snapshot().
  std::vector<NodeId> snapshots_to_send;
};

// Where a follower stands, seen from the leader; for tests, checkers and operators.
struct Progress {
  Index match = 0;
  Index next = 1;
  bool snapshotting = false;
  bool recently_active = false;
  bool learner = false;
};

class Core {
 public:
  // Errors: std::invalid_argument, when the options or the restored parts contradict themselves.
  Core(Options options, Restored restored);
  ~Core();
  Core(Core&&) noexcept;
  Core& operator=(Core&&) noexcept;

  // One unit of time has passed.
  void tick();
  // A message arrived. One for another receiver or of an impossible shape is ignored. Leaders and
  // candidates that are no members as far as this node knows are heard (thesis section 4.1):
  // their configuration may be newer.
  void step(Message message);
  // Appends to the leader's log. Null: not the leader, or it is handing leadership over.
  // The entry is committed when it comes out of Ready::committed with this index and term;
  // another term at this index means it was lost.
  struct Proposed {
    Index index = 0;
    Term term = 0;
  };
  std::optional<Proposed> propose(std::string data);
  // One server more, one fewer, or one learner turned voter, at a time; null also while the last
  // change is not committed or no entry of the leader's own term is (Ongaro, raft-dev 2015). A
  // leader may remove itself: it leads until that is committed and then steps down.
  std::optional<Proposed> change(const Configuration& next);
  // Asks for a point from which a read is linearizable (thesis 6.4): comes back in
  // Ready::reads with `id`. Works on followers and learners, which ask the leader.
  void read_index(std::uint64_t id);
  // Hands leadership to a voter that has caught up; gives up after an election time-out.
  // False: not the leader, handing over already, or `to` is no other voter.
  bool transfer_leadership(NodeId to);
  // Starts an election at once, lease or not (an operator, or a test).
  void campaign();

  // The snapshot that `to` needed arrived or not. Until this is called or `to` acknowledges it,
  // `to` gets nothing else but heartbeats.
  void report_snapshot(NodeId to, bool arrived);
  // The state machine's database covers everything up to `index`, durably: entries up to it
  // may be forgotten. REQUIRES: index <= applied(). `mark` of the forgotten prefix: snapshot().
  void compact(Index index);

  bool has_ready() const;
  Ready ready();   // REQUIRES: has_ready(), and the last one was advanced
  void advance();  // what ready() gave is done

  NodeId id() const;
  Role role() const;
  Term term() const;
  NodeId vote() const;
  NodeId leader() const;  // of this term as far as known, or kNobody
  Index commit() const;
  Index applied() const;      // handed out in Ready::committed and advanced
  Index first_index() const;  // of the entries in memory
  Index last_index() const;
  std::optional<Term> term_at(Index index) const;
  const Configuration& configuration() const;  // the latest in the log
  // The prefix that is no longer in the log.
  const SnapshotMark& snapshot() const;
  // The mark of a snapshot taken at applied(): what a snapshot message carries.
  SnapshotMark mark_at_applied() const;
  // The leader has heard from a quorum lately and committed an entry of its term.
  bool leads_with_quorum() const;
  bool may_vote() const;  // see Restored::distrusted_up_to
  std::map<NodeId, Progress> progress() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace raft
