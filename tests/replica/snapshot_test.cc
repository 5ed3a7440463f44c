// A snapshot becomes the state at once or not at all, whatever call of the disk is the last: log
// and state machine agree afterwards.
#include <gtest/gtest.h>

#include <optional>

#include "system/rpc/bytes.h"
#include "tests/replica/cluster.h"
#include "tests/replica/log_machine.h"

namespace replica_test {
namespace {

constexpr raft::Index kOldApplied = 5;
constexpr raft::Index kOldLast = 8;
const raft::SnapshotMark kMark{20, 4, {{1, 2, 3, 5}, {4}}};

std::string snapshot_bytes() {
  rpc::Writer writer;
  for (raft::Index index = 1; index <= kMark.index; ++index) {
    writer.text("new " + std::to_string(index));
  }
  return writer.take();
}

struct Found {
  std::uint64_t applied = 0;
  std::vector<Written> history;
  raft::Restored restored;
};

// One host whose first process installs a snapshot over an older state, and whose later ones only
// look.
class InstallWorld {
 public:
  explicit InstallWorld(std::uint64_t seed)
      : world_(seed), host_(world_.add_host({"n", "here"})), env_(host_, nullptr) {
    host_.set_program([this](simnet::Host&) {
      try {
        run();
      } catch (const store::Error& error) {
        env_.fail_stop(error.what());
      }
      return std::shared_ptr<void>();
    });
  }

  // The `call`-th disk call of the install takes the power with it, or fails.
  bool run_with_cut(std::uint64_t call) {
    arm_ = [this, call] { host_.disk().cut_power_after(call); };
    start();
    return world_.statistics().power_cuts > 0;
  }
  bool run_with_failure(std::uint64_t call) {
    arm_ = [this, call] {
      simnet::DiskFaults faults;
      faults.io_error = {.spare = call, .fail = 1};
      host_.disk().set_faults(faults);
    };
    start();
    return host_.disk().stats().injected_errors > 0;
  }
  // Of the latest process, after one more loss of power.
  Found found() {
    host_.disk().disarm_power_cut();
    host_.stop(simnet::StopKind::power);
    host_.boot();
    world_.run_until(world_.now() + seconds(5));
    return *found_;
  }

 private:
  void start() {
    host_.boot();
    world_.run_until(world_.now() + seconds(5));
  }
  void run() {
    RegisterMachine machine(env_, 1);
    replica::Log log(env_.database_file("log.db"), kInitial);
    Found found{machine.applied_index(), machine.history(), log.recover(machine.applied_index())};
    found_ = found;
    if (host_.incarnation() == 1) {
      install(log, machine);
    }
  }
  void install(replica::Log& log, RegisterMachine& machine) {
    std::vector<raft::Entry> entries;
    for (raft::Index index = 1; index <= kOldLast; ++index) {
      entries.push_back(command(index, 1));
    }
    log.save(raft::HardState{1, 1}, entries);
    for (raft::Index index = 1; index <= kOldApplied; ++index) {
      machine.apply(index, 1, "old");
    }
    arm_();
    log.begin_install(kMark, raft::HardState{6, 0});
    machine.restore(snapshot_bytes());
    log.finish_install();
  }

  simnet::World world_;
  simnet::Host& host_;
  sim_env::SimEnv env_;
  std::function<void()> arm_;
  std::optional<Found> found_;
};

// True when it is the new state.
bool check(const Found& found, const std::string& where) {
  EXPECT_EQ(found.restored.distrusted_up_to, 0u) << where;
  EXPECT_EQ(found.history.size(), found.applied) << where;
  EXPECT_NO_THROW(raft::Core({.id = 1, .random = [] { return 0; }}, found.restored)) << where;
  if (found.applied == kMark.index) {
    EXPECT_EQ(found.history.back().value, "new 20") << where;
    EXPECT_EQ(found.restored.snapshot, kMark) << where;
    EXPECT_TRUE(found.restored.log.empty()) << where;
    EXPECT_EQ(found.restored.hard_state.term, 6u) << where;
    return true;
  }
  EXPECT_EQ(found.applied, kOldApplied) << where;
  EXPECT_EQ(found.restored.snapshot.index, 0u) << where;
  EXPECT_EQ(found.restored.log.size(), kOldLast) << where;
  return false;
}

TEST(SnapshotInstall, APowerCutAtAnyDiskCallLeavesTheOldStateOrTheNew) {
  std::uint64_t call = 1;
  int news = 0;
  int olds = 0;
  for (bool was_cut = true; was_cut; ++call) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      InstallWorld world(seed);
      was_cut = world.run_with_cut(call);
      ++(check(world.found(), "cut at call " + std::to_string(call)) ? news : olds);
    }
  }
  EXPECT_GT(news, 10);
  EXPECT_GT(olds, 10);
}

TEST(SnapshotInstall, AFailingDiskCallLeavesTheOldStateOrTheNew) {
  int news = 0;
  int olds = 0;
  bool struck = true;
  for (std::uint64_t call = 0; struck; ++call) {
    InstallWorld world(1);
    struck = world.run_with_failure(call);
    ++(check(world.found(), "failed at call " + std::to_string(call)) ? news : olds);
  }
  EXPECT_GT(news, 5);
  EXPECT_GT(olds, 5);
}

// The same in a running cluster: the follower comes back to a log that has moved on, loses its
// power on the way to it, and catches up all the same.
TEST(SnapshotInstall, AFollowerWhosePowerGoesMeanwhileCatchesUp) {
  std::uint64_t snapshots = 0;
  for (std::uint64_t call = 1; call < 300; call += 7) {
    Cluster cluster(call, {.clients = 2});
    ASSERT_TRUE(cluster.run_until([&] { return cluster.leader() != 0; }, seconds(20)));
    const std::uint64_t follower = cluster.leader() % 3 + 1;
    cluster.host(follower).stop(simnet::StopKind::process);
    const std::uint64_t before = cluster.safety.committed();
    ASSERT_TRUE(
        cluster.run_until([&] { return cluster.safety.committed() > before + 60; }, seconds(60)));
    cluster.host(follower).disk().cut_power_after(call);
    cluster.host(follower).boot();
    cluster.run_for(seconds(6));
    cluster.history.stop = true;
    cluster.run_for(seconds(4));
    EXPECT_TRUE(cluster.run_until([&] { return cluster.converged(cluster.safety.committed(), {}); },
                                  seconds(20)))
        << "cut at call " << call;
    cluster.history.check(cluster.machine(follower)->history());
    EXPECT_EQ(cluster.safety.violations(), std::vector<std::string>());
    EXPECT_EQ(cluster.history.violations(), std::vector<std::string>());
    EXPECT_EQ(cluster.world.statistics().power_cuts, 1u) << call;
    snapshots += cluster.safety.snapshots();
  }
  EXPECT_GT(snapshots, 30u);
}

}  // namespace
}  // namespace replica_test
