// Scripted scenarios as text: what was done, what left and what arrived, for people to read and
// for a comparison with what was read before (golden_test.cc).
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>

#include "tests/raft/cluster.h"

namespace raft_tests {

std::string text_of(const raft::Message& message);

class Transcript {
 public:
  explicit Transcript(Cluster::Setup setup);

  void note(const std::string& what);
  // Its time-out passes, and its driver works.
  void time_out(NodeId id);
  void tick(NodeId id);
  void propose(NodeId id);
  void read(NodeId id);
  void change(NodeId id, const raft::Configuration& next);
  void transfer(NodeId id, NodeId to);
  void crash(NodeId id);
  void start(NodeId id);
  void compact(NodeId id, Index index);
  void cut(NodeId a, NodeId b);  // both ways
  void alone(NodeId id);
  void mend();
  // Delivers everything, in order, and what follows from it.
  void settle();
  // Until `id` leads; what is on its way then is lost.
  void settle_until_leads(NodeId id);
  // A line per node.
  void show();

  const std::string& text() const { return text_; }
  Cluster& cluster() { return cluster_; }

 private:
  void drain(NodeId id);
  void deliver_until(const std::function<bool()>& done);

  Cluster cluster_;
  std::set<std::pair<NodeId, NodeId>> cut_;
  std::string text_;
};

}  // namespace raft_tests
