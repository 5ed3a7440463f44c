// Reads that wait: on the leader for a confirmed round of heartbeats, elsewhere for the
// leader's answer (thesis section 6.4). Bookkeeping only.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "system/raft/types.h"

namespace raft {

struct AskedRead {
  NodeId from = kNobody;
  std::uint64_t id = 0;  // of `from`
  Index index = 0;
  std::uint64_t round = 0;
};

class LeaderReads {
 public:
  // Before the leader has committed an entry of its term: waits for settle().
  void ask_early(NodeId from, std::uint64_t id) { early_.push_back({from, id, 0, 0}); }
  // Joins the round that opens next.
  void ask(NodeId from, std::uint64_t id, Index commit);
  // An entry of the leader's term is committed: the early ones are asked now.
  void settle(Index commit);

  bool wants_round() const { return wants_round_; }
  void open_round();
  std::uint64_t round() const { return round_; }  // the last one that opened

  // Those of rounds up to `round`, in the order asked; forgets them.
  std::vector<AskedRead> confirmed(std::uint64_t round);
  // All; forgets them.
  std::vector<AskedRead> abandon();

 private:
  std::uint64_t round_ = 0;  // never reused by this object
  bool wants_round_ = false;
  std::vector<AskedRead> early_;
  std::vector<AskedRead> asked_;  // rounds ascend
};

class ForwardedReads {
 public:
  // Numbers on the wire count from `first`: drawn by chance, so that an answer to a read of
  // before a restart fits none of after it.
  explicit ForwardedReads(std::uint64_t first) : next_(first) {}

  std::uint64_t add(std::uint64_t id);  // gives the number on the wire
  // The id of the read with this number on the wire, which is forgotten. False: none waits.
  bool take(std::uint64_t on_wire, std::uint64_t& id);
  // One tick passed. The ids of those that have waited `ticks_max`; forgets them.
  std::vector<std::uint64_t> age(std::uint32_t ticks_max);
  std::vector<std::uint64_t> abandon();

 private:
  struct Waiting {
    std::uint64_t id = 0;
    std::uint32_t ticks = 0;
  };
  std::uint64_t next_;
  std::map<std::uint64_t, Waiting> waiting_;
};

}  // namespace raft
