// Liveness: what must come within a bounded number of ticks once the network is whole and
// everybody is up (paper section 5.6, thesis chapter 9), and what a healthy leader must survive.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "tests/raft/cluster.h"

namespace raft_tests {

class Calm {
 public:
  // Plays it all: agreement, then a voter deaf to its leader, then a deaf leader.
  explicit Calm(Cluster& cluster);

  const std::string& failure() const { return failure_; }
  std::uint64_t ticks() const { return ticks_; }  // until all members agreed

 private:
  void tick_all();
  void deliver_all();
  // Until a leader has committed a new entry and every member has applied it.
  std::uint64_t agree(const std::string& what);
  bool agreed(NodeId leader);
  void deafen_a_voter();
  void deafen_the_leader();
  bool has_voters_to_spare();

  Cluster& cluster_;
  std::set<std::pair<NodeId, NodeId>> cut_;  // directed
  std::uint64_t ticks_ = 0;
  std::string failure_;
};

}  // namespace raft_tests
