// A seeded storm over a cluster: one random event per step, with a weather of its own per
// seed (some kinds off, some frequent), then calm (calm.h), in which everything must come right.
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
  std::uint64_t steps = 4000;
  bool restless = false;  // the configuration changes all the time
};

struct StormResult {
  std::string failure;  // empty: all held
  std::uint64_t step = 0;
  std::uint64_t calm_ticks = 0;  // until all agreed after the storm
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
  // What was on its way is lost; everybody is up.
  void end();

  const std::string& failure() const { return cluster_.safety.violation(); }
  Cluster& cluster() { return cluster_; }

 private:
  NodeId any() { return 1 + chance_.below(nodes_); }
  void act_on(NodeId id);
  void send(Packet packet);
  void deliver_one();
  void start_one();
  void cut();
  void campaign();
  void read();
  void change();
  void damage();
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
};

}  // namespace raft_tests
