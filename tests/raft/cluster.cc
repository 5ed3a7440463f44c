#include "tests/raft/cluster.h"

#include <algorithm>
#include <utility>

namespace raft_tests {
namespace {

std::string row(const char* what, std::uint64_t count) {
  return std::string(what) + " " + std::to_string(count) + "  ";
}

}  // namespace

void Tally::add(const Tally& other) {
  elections += other.elections;
  commits += other.commits;
  reads += other.reads;
  failed_reads += other.failed_reads;
  conflicts += other.conflicts;
  snapshots += other.snapshots;
  crashes += other.crashes;
  transfers += other.transfers;
  changes += other.changes;
  damages += other.damages;
  trust_regained += other.trust_regained;
}

std::string Tally::text() const {
  return row("elections", elections) + row("commits", commits) + row("reads", reads) +
         row("failed reads", failed_reads) + row("conflicts", conflicts) +
         row("snapshots", snapshots) + row("crashes", crashes) + row("transfers", transfers) +
         row("changes", changes) + row("damages", damages) + row("trust regained", trust_regained);
}

Cluster::Cluster(Setup setup, std::uint64_t seed)
    : send([this](Packet packet) { wire.push_back(std::move(packet)); }),
      setup_(std::move(setup)),
      chance_(seed) {
  for (NodeId id = 1; id <= setup_.nodes; ++id) {
    nodes_[id].id = id;
    nodes_[id].disk.snapshot.configuration = setup_.initial;
    start(id);
  }
}

std::vector<NodeId> Cluster::ids() const {
  std::vector<NodeId> ids;
  for (const auto& [id, node] : nodes_) {
    ids.push_back(id);
  }
  return ids;
}

std::vector<NodeId> Cluster::leaders() {
  std::vector<NodeId> leaders;
  for (const auto& [id, node] : nodes_) {
    if (node.leads()) {
      leaders.push_back(id);
    }
  }
  return leaders;
}

NodeId Cluster::leader() {
  NodeId newest = raft::kNobody;
  for (const NodeId id : leaders()) {
    if (newest == raft::kNobody || nodes_[id].core->term() > nodes_[newest].core->term()) {
      newest = id;
    }
  }
  return newest;
}

void Cluster::start(NodeId id) {
  Node& node = nodes_.at(id);
  raft::Options options;
  options.id = id;
  options.election_ticks = setup_.election_ticks;
  options.heartbeat_ticks = setup_.heartbeat_ticks;
  options.append_bytes_max = setup_.append_bytes_max;
  options.inflight_max = setup_.inflight_max;
  options.random = [this] { return chance_.draw(); };
  const Disk& disk = node.disk;
  node.core.emplace(std::move(options), raft::Restored{disk.hard_state, disk.snapshot, disk.log,
                                                       disk.state.applied, disk.distrusted_up_to});
}

void Cluster::crash(NodeId id) {
  Node& node = nodes_.at(id);
  node.core.reset();
  node.pending.reset();
  node.arrived.reset();
  node.read_floors.clear();
  ++tally.crashes;
}

void Cluster::damage_log(NodeId id, std::size_t kept) {
  Disk& disk = nodes_.at(id).disk;
  if (kept < disk.log.size()) {
    disk.distrusted_up_to = std::max(disk.distrusted_up_to, disk.log.back().index);
    disk.log.resize(kept);
    ++tally.damages;
  }
}

void Cluster::damage_vote(NodeId id) {
  Disk& disk = nodes_.at(id).disk;
  disk.hard_state = {disk.log.empty() ? disk.snapshot.term : disk.log.back().term, raft::kNobody};
  disk.distrusted_up_to = UINT64_MAX;
  ++tally.damages;
}

void Cluster::tick(NodeId id) {
  Node& node = nodes_.at(id);
  if (node.up()) {
    node.core->tick();
    observe(node);
  }
}

void Cluster::deliver(Packet packet) {
  Node& node = nodes_.at(packet.message.to);
  if (!node.up()) {
    return;
  }
  if (packet.message.kind == raft::MessageKind::snapshot) {
    node.arrived = packet.state;
  }
  node.core->step(std::move(packet.message));
  observe(node);
}

bool Cluster::propose(NodeId id) {
  Node& node = nodes_.at(id);
  return node.up() && node.core->propose("v" + std::to_string(next_value_++)).has_value();
}

void Cluster::read(NodeId id) {
  Node& node = nodes_.at(id);
  if (node.up()) {
    const std::uint64_t read = next_value_++;
    node.read_floors[read] = safety.read_floor();
    node.core->read_index(read);
  }
}

bool Cluster::change(NodeId id, const raft::Configuration& next) {
  Node& node = nodes_.at(id);
  const bool changed = node.up() && node.core->change(next).has_value();
  tally.changes += changed ? 1 : 0;
  return changed;
}

void Cluster::compact(NodeId id, Index index) {
  Node& node = nodes_.at(id);
  if (!node.up() || node.pending) {
    return;
  }
  node.core->compact(std::min(index, node.core->applied()));
  node.disk.snapshot = node.core->snapshot();
  std::erase_if(node.disk.log,
                [&](const Entry& entry) { return entry.index < node.core->first_index(); });
}

void Cluster::drain(NodeId id) {
  finish_ready(id);
  while (take_ready(id)) {
    finish_ready(id);
  }
}

bool Cluster::take_ready(NodeId id) {
  Node& node = nodes_.at(id);
  if (!node.up() || node.pending || !node.core->has_ready()) {
    return false;
  }
  node.pending = node.core->ready();
  node.pending_term = node.core->term();
  return true;
}

void Cluster::finish_ready(NodeId id) {
  Node& node = nodes_.at(id);
  if (!node.up() || !node.pending) {
    return;
  }
  const auto crashed_at = [&](CrashPoint point) {
    if (crashes && crashes(id, point)) {
      crash(id);
      return true;
    }
    return false;
  };
  const raft::Ready ready = *std::exchange(node.pending, std::nullopt);
  if (crashed_at(CrashPoint::before_saving)) {
    return;
  }
  save(node, ready);
  if (crashed_at(CrashPoint::after_saving) || !send_all(node, ready)) {
    return;
  }
  serve(node, ready);
  if (crashed_at(CrashPoint::before_advance)) {
    return;
  }
  node.core->advance();
  observe(node);
}

// One transaction, as a real driver's.
void Cluster::save(Node& node, const raft::Ready& ready) {
  Disk& disk = node.disk;
  if (ready.snapshot_to_install) {
    disk.snapshot = *ready.snapshot_to_install;
    disk.log.clear();
    disk.state = node.arrived.value_or(State{});
    safety.installed(node.id, disk.snapshot, disk.state);
    ++tally.snapshots;
  }
  if (ready.hard_state) {
    safety.saved_hard_state(node.id, disk.hard_state, *ready.hard_state);
    disk.hard_state = *ready.hard_state;
  }
  save_entries(node, ready.entries);
  if (disk.distrusted_up_to != 0 && node.core->may_vote()) {
    disk.distrusted_up_to = 0;
    ++tally.trust_regained;
  }
}

void Cluster::save_entries(Node& node, const std::vector<Entry>& entries) {
  Disk& disk = node.disk;
  for (const Entry& entry : entries) {
    while (!disk.log.empty() && disk.log.back().index >= entry.index) {
      disk.log.pop_back();
      ++tally.conflicts;
    }
    safety.saved_entry(node.id, disk.log.empty() ? disk.snapshot.term : disk.log.back().term,
                       entry);
    disk.log.push_back(entry);
  }
}

bool Cluster::send_all(Node& node, const raft::Ready& ready) {
  for (const raft::Message& message : ready.messages) {
    if (crashes && crashes(node.id, CrashPoint::while_sending)) {
      crash(node.id);
      return false;
    }
    safety.sent(node.disk.hard_state, message);
    send({message, {}});
  }
  return true;
}

void Cluster::serve(Node& node, const raft::Ready& ready) {
  for (const Entry& entry : ready.committed) {
    if (entry.index != node.disk.state.applied + 1) {
      safety.applied(node.id, 0, Entry{}, {});  // out of order: reported as a gap
    }
    node.disk.state = apply(node.disk.state, entry);
    safety.applied(node.id, node.pending_term, entry, node.disk.state);
    ++tally.commits;
  }
  for (const raft::ReadPoint& read : ready.reads) {
    const auto floor = node.read_floors.extract(read.id);
    if (!floor.empty() && !read.failed) {
      safety.read_answered(node.id, floor.mapped(), read.index);
    }
    ++(read.failed ? tally.failed_reads : tally.reads);
  }
  for (const NodeId to : ready.snapshots_to_send) {
    // The state may have moved on since the Ready was taken.
    raft::Message message;
    message.kind = raft::MessageKind::snapshot;
    message.from = node.id;
    message.to = to;
    message.term = node.disk.hard_state.term;
    message.snapshot = node.core->mark_at_applied();
    if (message.snapshot.index == node.disk.state.applied) {
      send({std::move(message), node.disk.state});
    } else {
      node.core->report_snapshot(to, false);
    }
  }
}

void Cluster::observe(Node& node) {
  if (node.leads() && node.led_term != node.core->term()) {
    node.led_term = node.core->term();
    safety.elected(*node.core);
    ++tally.elections;
  }
}

}  // namespace raft_tests
