// A seeded storm over a cluster: one random event per step, with a weather of its own per
// seed (some kinds off, some frequent), then calm, in which everything must come right.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "tests/raft/cluster.h"

namespace raft_tests {

struct StormSetup {
  std::size_t voters = 3;
  std::size_t learners = 2;
  std::size_t spares = 1;
  std::uint64_t steps = 3000;
};

struct StormResult {
  std::string failure;  // empty: all held
  std::uint64_t step = 0;
  std::uint64_t ticks_to_leader = 0;    // after the storm
  std::uint64_t ticks_to_converge = 0;  // after the storm
  Tally tally;
};

StormResult run_storm(const StormSetup& setup, std::uint64_t seed);

enum class Event : std::uint8_t {
  deliver,
  tick,
  propose,
  read,
  crash,
  start,
  cut,
  mend,
  transfer,
  campaign,
  change,
  compact,
  damage,
};
inline constexpr std::size_t kEvents = 13;

class Storm {
 public:
  Storm(const StormSetup& setup, std::uint64_t seed);

  // One event of this kind, its details drawn; nothing when there is no occasion.
  void happen(Event event);
  Event draw_event();
  // The network is whole, everybody is up. The number of ticks until there was a leader and until
  // all agreed; failure() says what did not come.
  void calm_down(std::uint64_t& ticks_to_leader, std::uint64_t& ticks_to_converge);

  std::string failure() const;
  Cluster& cluster() { return cluster_; }

 private:
  NodeId any() { return 1 + chance_.below(nodes_); }
  void act_on(NodeId id);
  void send(Packet packet);
  void deliver_one();
  void cut();
  void change();
  void damage();
  bool converged(NodeId leader);
  void drop(const Packet& packet);

  Chance chance_;
  NodeId nodes_;
  Cluster cluster_;
  std::uint64_t weights_[kEvents] = {};
  std::uint64_t weight_sum_ = 0;
  std::uint64_t lost_per_mille_ = 0;
  std::uint64_t doubled_per_mille_ = 0;
  std::uint64_t crash_per_mille_ = 0;        // at each step of the driver's loop
  std::uint64_t lazy_per_mille_ = 0;         // the driver leaves its work for later
  std::size_t reorder_window_ = 1;           // packets that may be overtaken
  std::set<std::pair<NodeId, NodeId>> cut_;  // directed
  NodeId damaged_ = raft::kNobody;
  std::string failure_;
};

}  // namespace raft_tests
