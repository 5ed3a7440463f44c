#include "tests/raft/calm.h"

#include <algorithm>

namespace raft_tests {
namespace {

// Six election time-outs of at most 20 ticks, and what a snapshot takes.
constexpr std::uint64_t kTicksMax = 150;
constexpr std::size_t kPacketsPerTickMax = 5000;

}  // namespace

Calm::Calm(Cluster& cluster) : cluster_(cluster) {
  ticks_ = agree("agreement");
  if (has_voters_to_spare()) {
    deafen_a_voter();
    deafen_the_leader();
  }
  if (failure_.empty()) {
    failure_ = cluster_.safety.violation();
  }
}

void Calm::tick_all() {
  deliver_all();
  for (const NodeId id : cluster_.ids()) {
    cluster_.tick(id);
    cluster_.drain(id);
  }
  deliver_all();
}

// In the order sent; a snapshot's sender hears of its fate.
void Calm::deliver_all() {
  for (const NodeId id : cluster_.ids()) {
    cluster_.drain(id);
  }
  for (std::size_t i = 0; i < cluster_.wire.size() && i < kPacketsPerTickMax; ++i) {
    Packet packet = std::move(cluster_.wire[i]);
    const NodeId from = packet.message.from;
    const NodeId to = packet.message.to;
    const bool snapshot = packet.message.kind == raft::MessageKind::snapshot;
    const bool arrives = !cut_.contains({from, to});
    if (arrives) {
      cluster_.deliver(std::move(packet));
      cluster_.drain(to);
    }
    if (snapshot) {
      cluster_.node(from).core->report_snapshot(to, arrives);
      cluster_.drain(from);
    }
  }
  if (cluster_.wire.size() >= kPacketsPerTickMax) {
    failure_ = "messages without end";
  }
  cluster_.wire.clear();
}

bool Calm::agreed(NodeId leader) {
  const Node& best = cluster_.node(leader);
  const raft::Configuration& members = best.core->configuration();
  return best.core->leads_with_quorum() && best.core->commit() == best.core->last_index() &&
         std::ranges::all_of(cluster_.ids(), [&](NodeId id) {
           return !members.contains(id) || cut_.contains({leader, id}) ||
                  cluster_.node(id).disk.state == best.disk.state;
         });
}

std::uint64_t Calm::agree(const std::string& what) {
  bool proposed = false;
  for (std::uint64_t ticks = 0; ticks < kTicksMax && failure_.empty(); ++ticks) {
    const NodeId leader = cluster_.leader();
    if (leader != raft::kNobody && cluster_.node(leader).core->leads_with_quorum()) {
      if (proposed && agreed(leader)) {
        return ticks;
      }
      proposed = cluster_.propose(leader) || proposed;
    }
    tick_all();
  }
  if (failure_.empty()) {
    failure_ = what + (cluster_.leader() == raft::kNobody ? ": no leader" : ": did not come");
  }
  return kTicksMax;
}

// A damaged voter may wait longer for its trust than the calm lasts.
bool Calm::has_voters_to_spare() {
  if (!failure_.empty()) {
    return false;
  }
  const std::vector<NodeId> voters = cluster_.node(cluster_.leader()).core->configuration().voters;
  return voters.size() >= 3 &&
         std::ranges::all_of(voters, [&](NodeId id) { return cluster_.node(id).core->may_vote(); });
}

// A voter that hears everybody but its leader must not cost the others their leader (thesis
// sections 4.2.3 and 9.6), neither meanwhile nor when it hears again.
void Calm::deafen_a_voter() {
  const NodeId leader = cluster_.leader();
  const raft::Term term = cluster_.node(leader).core->term();
  const std::vector<NodeId> voters = cluster_.node(leader).core->configuration().voters;
  cut_.emplace(leader, voters[0] == leader ? voters[1] : voters[0]);
  for (int i = 0; i < 60; ++i) {
    tick_all();
  }
  cut_.clear();
  agree("agreement with a voter that hears again");
  if (failure_.empty() &&
      (cluster_.leader() != leader || cluster_.node(leader).core->term() != term)) {
    failure_ = "a voter that did not hear its leader deposed it";
  }
}

// A leader that nobody reaches must give way, although all hear its heartbeats (thesis section
// 6.2).
void Calm::deafen_the_leader() {
  const NodeId leader = cluster_.leader();
  for (const NodeId id : cluster_.ids()) {
    cut_.emplace(id, leader);
  }
  agree("agreement without a deaf leader");
  if (failure_.empty() && cluster_.leader() == leader) {
    failure_ = "a leader that nobody reaches still leads";
  }
  cut_.clear();
  agree("agreement with a leader that hears again");
}

}  // namespace raft_tests
