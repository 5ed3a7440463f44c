#include "tests/raft/storm.h"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "tests/raft/calm.h"

namespace raft_tests {
namespace {

constexpr std::size_t kWireMax = 400;

Cluster::Setup cluster_setup(const StormSetup& setup, Chance& chance) {
  Cluster::Setup made;
  for (NodeId id = 1; id <= setup.voters; ++id) {
    made.initial.voters.push_back(id);
  }
  for (NodeId id = setup.voters + 1; id <= setup.voters + setup.learners; ++id) {
    made.initial.learners.push_back(id);
  }
  made.nodes = setup.voters + setup.learners + setup.spares;
  made.append_bytes_max = 1 + chance.below(40);
  made.inflight_max = 1 + chance.below(6);
  made.heartbeat_ticks = 1 + static_cast<std::uint32_t>(chance.below(3));
  return made;
}

void toggle(std::vector<NodeId>& ids, NodeId id) {
  const auto at = std::ranges::lower_bound(ids, id);
  at != ids.end() && *at == id ? static_cast<void>(ids.erase(at))
                               : static_cast<void>(ids.insert(at, id));
}

}  // namespace

Storm::Storm(const StormSetup& setup, std::uint64_t seed)
    : chance_(seed),
      nodes_(setup.voters + setup.learners + setup.spares),
      cluster_(cluster_setup(setup, chance_), seed + 1) {
  const std::uint64_t usual[kEvents] = {600, 250, 50, 25, 3, 20, 4, 8, 3, 3, 8, 20, 4};
  for (std::size_t i = 0; i < kEvents; ++i) {
    const std::uint64_t factors[] = {0, 1, 1, 2, 5};
    const bool needed = i <= static_cast<std::size_t>(Event::propose) ||
                        i == static_cast<std::size_t>(Event::start) ||
                        i == static_cast<std::size_t>(Event::mend);
    weights_[i] = usual[i] * (needed ? 1 + chance_.below(2) : factors[chance_.below(5)]);
  }
  // A majority of whoever remains must be sound for the calm to be calm.
  if (setup.restless) {
    weights_[static_cast<std::size_t>(Event::change)] = 60;
    weights_[static_cast<std::size_t>(Event::damage)] = 0;
  } else {
    const auto dropped = chance_.per_mille(500) ? Event::change : Event::damage;
    weights_[static_cast<std::size_t>(dropped)] = 0;
  }
  weight_sum_ = std::accumulate(weights_, weights_ + kEvents, std::uint64_t{0});
  const std::uint64_t rates[] = {0, 0, 10, 50, 200};
  lost_per_mille_ = rates[chance_.below(5)];
  doubled_per_mille_ = rates[chance_.below(5)];
  lazy_per_mille_ = 3 * rates[chance_.below(5)];
  const std::uint64_t crash_rates[] = {0, 0, 1, 4, 12};
  crash_per_mille_ = crash_rates[chance_.below(5)];
  const std::size_t windows[] = {1, 4, kWireMax};
  reorder_window_ = windows[chance_.below(3)];
  cluster_.send = [this](Packet packet) { send(std::move(packet)); };
  cluster_.crashes = [this](NodeId, CrashPoint) { return chance_.per_mille(crash_per_mille_); };
}

void Storm::end() {
  for (const Packet& packet : cluster_.wire) {
    drop(packet);
  }
  cluster_.wire.clear();
  cluster_.crashes = nullptr;
  for (const NodeId id : cluster_.ids()) {
    if (!cluster_.node(id).up()) {
      cluster_.start(id);
    }
  }
}

Event Storm::draw_event() {
  std::uint64_t at = chance_.below(weight_sum_);
  std::size_t i = 0;
  while (at >= weights_[i]) {
    at -= weights_[i++];
  }
  return static_cast<Event>(i);
}

void Storm::happen(Event event) {
  const NodeId id = any();
  switch (event) {
    case Event::deliver:
      return deliver_one();
    case Event::tick:
      cluster_.tick(id);
      return act_on(id);
    case Event::propose:
      cluster_.propose(chance_.per_mille(700) ? std::max<NodeId>(cluster_.leader(), 1) : id);
      return act_on(id);
    case Event::read:
      return read();
    case Event::crash:
      cluster_.crash(id);
      if (chance_.per_mille(500)) {
        cluster_.start(id);  // back before what was sent to it arrives
      }
      return;
    case Event::start:
      return start_one();
    case Event::cut:
      return cut();
    case Event::mend:
      return cut_.clear();
    case Event::transfer:
      if (cluster_.node(id).leads() && cluster_.node(id).core->transfer_leadership(any())) {
        ++cluster_.tally.transfers;
      }
      return act_on(id);
    case Event::campaign:
      return campaign();
    case Event::change:
      return change();
    case Event::compact:
      return cluster_.compact(id, cluster_.node(id).disk.state.applied - chance_.below(4));
    case Event::damage:
      return damage();
  }
}

// One candidate, or rivals for the same vote.
void Storm::campaign() {
  for (std::uint64_t rivals = 1 + chance_.below(2); rivals > 0; --rivals) {
    const NodeId id = any();
    if (cluster_.node(id).up()) {
      cluster_.node(id).core->campaign();
    }
    act_on(id);
  }
}

// Of anybody, or of somebody who thinks it leads: rightly or not.
void Storm::read() {
  const std::vector<NodeId> leaders = cluster_.leaders();
  const bool ask_leader = !leaders.empty() && chance_.per_mille(500);
  const NodeId id = ask_leader ? leaders[chance_.below(leaders.size())] : any();
  cluster_.read(id);
  act_on(id);
}

// The driver of `id` gets on with its work, now or later.
void Storm::act_on(NodeId id) {
  if (!chance_.per_mille(lazy_per_mille_)) {
    cluster_.drain(id);
  } else if (chance_.per_mille(500) && !cluster_.take_ready(id)) {
    cluster_.finish_ready(id);
  }
}

void Storm::send(Packet packet) {
  if (chance_.per_mille(doubled_per_mille_)) {
    cluster_.wire.push_back(packet);
  }
  cluster_.wire.push_back(std::move(packet));
  if (cluster_.wire.size() > kWireMax) {
    drop(cluster_.wire.front());
    cluster_.wire.erase(cluster_.wire.begin());
  }
}

// The sender of a snapshot notices, rightly or wrongly.
void Storm::drop(const Packet& packet) {
  Node& from = cluster_.node(packet.message.from);
  if (packet.message.kind == raft::MessageKind::snapshot && from.up()) {
    from.core->report_snapshot(packet.message.to, chance_.per_mille(200));
  }
}

void Storm::deliver_one() {
  auto& wire = cluster_.wire;
  if (wire.empty()) {
    return;
  }
  const std::size_t at = chance_.below(std::min(reorder_window_, wire.size()));
  Packet packet = std::move(wire[at]);
  wire.erase(wire.begin() + static_cast<std::ptrdiff_t>(at));
  const NodeId from = packet.message.from;
  const NodeId to = packet.message.to;
  if (cut_.contains({from, to}) || chance_.per_mille(lost_per_mille_) || !cluster_.node(to).up()) {
    return drop(packet);
  }
  const bool snapshot = packet.message.kind == raft::MessageKind::snapshot;
  if (snapshot) {
    cluster_.finish_ready(to);  // one snapshot at a time, as a driver would
  }
  cluster_.deliver(std::move(packet));
  if (snapshot) {
    cluster_.drain(to);
    if (cluster_.node(from).up()) {
      cluster_.node(from).core->report_snapshot(to, chance_.per_mille(900));
    }
  }
  act_on(to);
}

void Storm::start_one() {
  std::vector<NodeId> down = cluster_.ids();
  std::erase_if(down, [&](NodeId id) { return cluster_.node(id).up(); });
  if (!down.empty()) {
    cluster_.start(down[chance_.below(down.size())]);
  }
}

// One direction of one link, one node, or two halves.
void Storm::cut() {
  const std::uint64_t kind = chance_.below(3);
  const NodeId a = any();
  const NodeId b = any();
  const std::uint64_t side = chance_.draw();
  for (NodeId from = 1; from <= nodes_; ++from) {
    for (NodeId to = 1; to <= nodes_; ++to) {
      const bool link = kind == 0 && from == a && to == b;
      const bool alone = kind == 1 && (from == a || to == a);
      const bool halves = kind == 2 && ((side >> from) & 1) != ((side >> to) & 1);
      if (link || alone || halves) {
        cut_.emplace(from, to);
      }
    }
  }
}

void Storm::change() {
  const std::vector<NodeId> leaders = cluster_.leaders();
  if (leaders.empty()) {
    return;
  }
  const NodeId leader = leaders[chance_.below(leaders.size())];
  raft::Configuration next = cluster_.node(leader).core->configuration();
  const NodeId id = any();
  if (next.is_learner(id)) {
    toggle(next.learners, id);
    if (chance_.per_mille(600)) {
      toggle(next.voters, id);
    }
  } else if (next.is_voter(id)) {
    toggle(next.voters, id);
  } else {
    toggle(chance_.per_mille(500) ? next.voters : next.learners, id);
  }
  cluster_.change(leader, next);
  act_on(leader);
}

// A node that crashed finds its log damaged. One at a time: a second before the first has
// everything back could be the last that held an entry.
void Storm::damage() {
  if (damaged_ != raft::kNobody && cluster_.node(damaged_).disk.distrusted_up_to != 0) {
    return;
  }
  damaged_ = any();
  cluster_.crash(damaged_);
  cluster_.damage_log(damaged_, chance_.below(cluster_.node(damaged_).disk.log.size()));
  if (chance_.per_mille(40)) {
    cluster_.damage_vote(damaged_);  // for the rest of this storm
  }
}

StormResult run_storm(const StormSetup& setup, std::uint64_t seed) {
  Storm storm(setup, seed);
  StormResult result;
  while (result.step < setup.steps && storm.failure().empty()) {
    storm.happen(storm.draw_event());
    ++result.step;
  }
  if (storm.failure().empty()) {
    storm.end();
    Calm calm(storm.cluster());
    result.failure = calm.failure();
    result.calm_ticks = calm.ticks();
  }
  if (result.failure.empty()) {
    result.failure = storm.failure();
  }
  result.tally = storm.cluster().tally;
  return result;
}

}  // namespace raft_tests
