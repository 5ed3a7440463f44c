// A cluster without a world: cores, what their disks hold, and the messages between them. Every
// method is one event; who calls them decides what happens (storm.h, or a test by hand).
// What is durable and in which order follows the driver's loop of core.h, and a crash may come
// between any two of its steps.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "system/raft/core.h"
#include "tests/raft/chance.h"
#include "tests/raft/safety.h"

namespace raft_tests {

struct Disk {
  HardState hard_state;
  raft::SnapshotMark snapshot;
  std::vector<Entry> log;
  State state;
  Index distrusted_up_to = 0;
};

struct Packet {
  raft::Message message;
  State state;  // the bytes beside a snapshot message
};

struct Node {
  NodeId id = raft::kNobody;
  Disk disk;
  std::optional<raft::Core> core;      // nothing: it is down
  std::optional<raft::Ready> pending;  // taken, and not yet acted upon
  std::optional<State> arrived;        // beside the snapshot message that was stepped last
  Term pending_term = 0;
  Term led_term = 0;
  std::map<std::uint64_t, Index> read_floors;

  bool up() const { return core.has_value(); }
  bool leads() const { return up() && core->role() == raft::Role::leader; }
};

// How often things happened: a run in which nothing does proves nothing.
struct Tally {
  std::uint64_t elections = 0;
  std::uint64_t commits = 0;
  std::uint64_t reads = 0;
  std::uint64_t failed_reads = 0;
  std::uint64_t conflicts = 0;  // saved entries that replaced others
  std::uint64_t snapshots = 0;
  std::uint64_t crashes = 0;
  std::uint64_t transfers = 0;
  std::uint64_t changes = 0;
  std::uint64_t damages = 0;
  std::uint64_t trust_regained = 0;

  void add(const Tally& other);
  std::string text() const;
};

enum class CrashPoint : std::uint8_t { before_saving, after_saving, while_sending, before_advance };

class Cluster {
 public:
  struct Setup {
    raft::Configuration initial;
    NodeId nodes = 0;  // ids from 1; those outside `initial` may be added
    std::uint32_t election_ticks = 10;
    std::uint32_t heartbeat_ticks = 1;
    std::size_t append_bytes_max = 64;
    std::size_t inflight_max = 4;
  };
  Cluster(Setup setup, std::uint64_t seed);

  // Asked before each step of the driver's loop; true: the node crashes there.
  std::function<bool(NodeId, CrashPoint)> crashes;
  // Called with everything that leaves a node; may change, copy or drop. Default: into `wire`.
  std::function<void(Packet)> send;
  std::vector<Packet> wire;

  Node& node(NodeId id) { return nodes_.at(id); }
  std::vector<NodeId> ids() const;
  NodeId leader();                // that of the newest term, or nobody
  std::vector<NodeId> leaders();  // everybody who thinks so

  void start(NodeId id);
  void crash(NodeId id);
  // The newest part of the log, down to `kept` entries, is gone when the node starts.
  void damage_log(NodeId id, std::size_t kept);
  // Term and vote are gone too; the log's last term is all that is left to go by.
  void damage_vote(NodeId id);

  void tick(NodeId id);
  void deliver(Packet packet);
  bool propose(NodeId id);
  void read(NodeId id);
  bool change(NodeId id, const raft::Configuration& next);
  void compact(NodeId id, Index index);

  // The driver's loop, until nothing is left to do.
  void drain(NodeId id);
  // Its halves, for a driver that writes while more arrives.
  bool take_ready(NodeId id);
  void finish_ready(NodeId id);

  Safety safety;
  Tally tally;

 private:
  void save(Node& node, const raft::Ready& ready);
  void save_entries(Node& node, const std::vector<Entry>& entries);
  bool send_all(Node& node, const raft::Ready& ready);
  void serve(Node& node, const raft::Ready& ready);
  void observe(Node& node);

  Setup setup_;
  Chance chance_;  // of the cores
  std::map<NodeId, Node> nodes_;
  std::uint64_t next_value_ = 1;
};

}  // namespace raft_tests
