// Replication to one other node, as its leader sees it. Three states (thesis section
// 10.2.1 for the pipeline): probe finds where the logs part, one append per round trip;
// replicate sends ahead of the acknowledgements, at most a window of appends; snapshot waits
// for the state to arrive.
#pragma once

#include <cstdint>
#include <deque>

#include "system/raft/types.h"

namespace raft {

class Peer {
 public:
  explicit Peer(Index next) : next_(next) {}

  Index match() const { return match_; }  // 0: unknown
  Index next() const { return next_; }
  bool probing() const { return state_ == State::probe; }
  bool snapshotting() const { return state_ == State::snapshot; }
  // Whether an append may leave now.
  bool ready_for_append(std::size_t inflight_max) const;
  // Whether an append without entries may: it does not use up the window.
  bool ready_for_empty() const { return state_ == State::replicate || may_probe(); }

  void sent_append(Index last, bool has_entries);
  // It says that its log matches up to `index`. REQUIRES: index is in the leader's log or before.
  void matched(Index index, Index first_index);
  // It rejected an append that followed `index`; the logs can agree up to `agreed` at most.
  // An old message changes nothing.
  void rejected(Index index, Index agreed);
  // It says that its disk lost what it had acknowledged behind `last`.
  void lost(Index last);
  // Something arrived from it although an append may have been lost: look again.
  void resume();

  // A snapshot of at least `index` is on its way.
  void sent_snapshot(Index index);
  void snapshot_reported(bool arrived);

  // Ticks since it was last heard, and the last read round it confirmed in this term.
  std::uint32_t silent_ticks = 0;
  std::uint64_t read_round = 0;
  bool counts = true;      // false: a voter that lost its vote, in no majority
  bool empty_due = false;  // an append is due even if it carries no entry

 private:
  enum class State : std::uint8_t { probe, replicate, snapshot };

  bool may_probe() const { return state_ == State::probe && !probe_sent_; }
  void become_probe(Index next);

  State state_ = State::probe;
  Index match_ = 0;
  Index next_ = 1;
  bool probe_sent_ = false;
  Index snapshot_index_ = 0;
  std::deque<Index> inflight_;  // the last index of each unacknowledged append
};

}  // namespace raft
