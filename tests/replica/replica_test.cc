// What a service sees of its replica.
#include "system/replica/replica.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "system/env/async.h"
#include "system/replica/codec.h"
#include "tests/replica/cluster.h"

namespace replica_test {
namespace {

using replica::ProposeResult;
using Outcome = replica::Replica::Outcome;

env::awaitable<void> propose(replica::Replica* on, std::string payload,
                             std::optional<Outcome>* outcome) {
  *outcome = co_await on->propose(std::move(payload));
}
env::awaitable<void> change(replica::Replica* on, raft::Configuration next,
                            std::optional<Outcome>* outcome) {
  *outcome = co_await on->change(std::move(next));
}
env::awaitable<void> read(replica::Replica* on, env::Duration timeout, std::optional<bool>* done) {
  *done = co_await on->wait_linearizable(timeout);
}
env::awaitable<void> wait(replica::Replica* on, std::uint64_t index, env::Duration timeout,
                          std::optional<bool>* done) {
  *done = co_await on->wait_applied(index, timeout);
}

class ReplicaTest : public testing::Test {
 protected:
  explicit ReplicaTest(ClusterOptions options = {.clients = 0}) : cluster(1, options) {
    EXPECT_TRUE(cluster.run_until([&] { return cluster.leader() != 0; }, seconds(20)));
    leader = cluster.leader();
    follower = leader % 3 + 1;
  }
  ~ReplicaTest() override {
    EXPECT_EQ(cluster.safety.violations(), std::vector<std::string>());
    EXPECT_TRUE(cluster.world.aborts().empty());
  }

  std::optional<Outcome> propose_on(std::uint64_t id, const std::string& payload,
                                    env::Duration limit = seconds(2)) {
    outcome.reset();
    env::spawn(cluster.env(id), propose(cluster.replica(id), payload, &outcome));
    cluster.run_for(limit);
    return outcome;
  }
  std::optional<bool> read_on(std::uint64_t id, env::Duration limit) {
    done.reset();
    env::spawn(cluster.env(id), read(cluster.replica(id), limit, &done));
    cluster.run_for(limit + seconds(1));
    return done;
  }
  void isolate(std::uint64_t id) {
    simnet::LinkRule rule;
    for (std::uint64_t each = 1; each <= cluster.size(); ++each) {
      (each == id ? rule.from : rule.to).insert(cluster.host(each).id());
    }
    rule.block = true;
    cluster.world.network().add_rule(rule);
    std::swap(rule.from, rule.to);
    cluster.world.network().add_rule(rule);
  }

  Cluster cluster;
  std::uint64_t leader = 0;
  std::uint64_t follower = 0;
  std::optional<Outcome> outcome;
  std::optional<bool> done;
};

TEST_F(ReplicaTest, AProposalIsAppliedWhereItWasMadeWhenItCompletes) {
  const auto first = propose_on(leader, "a", milliseconds(200));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->result, ProposeResult::committed);
  EXPECT_EQ(cluster.machine(leader)->applied_index(), first->index);
  EXPECT_EQ(cluster.machine(leader)->history().back(), (Written{first->index, "a"}));
  cluster.run_for(seconds(1));
  EXPECT_TRUE(cluster.converged(first->index, {}));
}

TEST_F(ReplicaTest, OnAFollowerNothingIsAppended) {
  EXPECT_EQ(propose_on(follower, "a")->result, ProposeResult::not_leader);
  EXPECT_EQ(cluster.replica(follower)->leader(), leader);
  EXPECT_FALSE(cluster.replica(follower)->leads());
}

TEST_F(ReplicaTest, ProposalsOfOneMomentShareATransaction) {
  const std::uint64_t syncs = cluster.host(leader).disk().stats().syncs;
  propose_on(leader, "alone", seconds(1));
  const std::uint64_t alone = cluster.host(leader).disk().stats().syncs - syncs;
  std::vector<std::optional<Outcome>> outcomes(100);
  for (auto& each : outcomes) {
    env::spawn(cluster.env(leader), propose(cluster.replica(leader), "x", &each));
  }
  cluster.run_for(seconds(2));
  std::set<std::uint64_t> indexes;
  for (const auto& each : outcomes) {
    ASSERT_TRUE(each && each->result == ProposeResult::committed);
    indexes.insert(each->index);
  }
  EXPECT_EQ(indexes.size(), 100u);
  // Half of what is synced for one is of the state machine, which takes entries one by one.
  const std::uint64_t together = cluster.host(leader).disk().stats().syncs - syncs - alone;
  EXPECT_LT(together, 60 * alone);
}

TEST_F(ReplicaTest, ALeaderThatIsCutOffDoesNotKnowAndDoesNotRead) {
  isolate(leader);
  EXPECT_EQ(propose_on(leader, "lost", seconds(5))->result, ProposeResult::unknown);
  EXPECT_EQ(read_on(leader, seconds(3)), false);
  const std::uint64_t next = cluster.leader();
  ASSERT_NE(next, leader);
  EXPECT_EQ(propose_on(next, "kept")->result, ProposeResult::committed);
  EXPECT_EQ(read_on(next, seconds(3)), true);
}

TEST_F(ReplicaTest, EverybodyReadsWhatWasAcknowledged) {
  const std::uint64_t index = propose_on(leader, "a", milliseconds(200))->index;
  for (std::uint64_t id = 1; id <= cluster.size(); ++id) {
    EXPECT_EQ(read_on(id, seconds(1)), true);
    EXPECT_GE(cluster.replica(id)->applied(), index);
  }
}

TEST_F(ReplicaTest, WaitingForAnIndexEndsWithItOrInTime) {
  const std::uint64_t index = propose_on(leader, "a")->index;
  std::optional<bool> early;
  std::optional<bool> late;
  env::spawn(cluster.env(follower), wait(cluster.replica(follower), index + 1, seconds(1), &late));
  cluster.run_for(milliseconds(1500));
  EXPECT_EQ(late, false);
  env::spawn(cluster.env(follower), wait(cluster.replica(follower), index + 1, seconds(9), &early));
  propose_on(leader, "b");
  EXPECT_EQ(early, true);
}

TEST_F(ReplicaTest, LeadershipIsHandedOver) {
  ASSERT_TRUE(cluster.replica(leader)->transfer_leadership(follower));
  cluster.run_for(seconds(1));
  EXPECT_EQ(cluster.leader(), follower);
  EXPECT_EQ(propose_on(follower, "a")->result, ProposeResult::committed);
}

TEST_F(ReplicaTest, AMemberThatLeftIsNotNeededAnyMore) {
  raft::Configuration next = cluster.replica(leader)->core().configuration();
  std::erase(next.voters, follower);
  env::spawn(cluster.env(leader), change(cluster.replica(leader), next, &outcome));
  cluster.run_for(seconds(2));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->result, ProposeResult::committed);
  cluster.host(follower).stop(simnet::StopKind::power);
  EXPECT_EQ(propose_on(leader, "a")->result, ProposeResult::committed);
  const std::uint64_t other = 6 - leader - follower;
  EXPECT_EQ(cluster.replica(other)->core().configuration(), next);
}

TEST_F(ReplicaTest, AFailingDiskStopsTheProcessBeforeAnythingIsAcknowledged) {
  simnet::DiskFaults faults;
  faults.io_error = {.spare = 0, .fail = 1};
  const std::uint32_t incarnation = cluster.host(leader).incarnation();
  cluster.host(leader).disk().set_faults(faults);
  EXPECT_FALSE(propose_on(leader, "a").has_value());  // its process is gone
  EXPECT_EQ(cluster.host(leader).incarnation(), incarnation + 1);
  EXPECT_EQ(cluster.world.fail_stops().size(), 1u);
}

TEST_F(ReplicaTest, AProposalThatFitsNoFrameIsABug) {
  EXPECT_THROW(
      (void)cluster.replica(leader)->propose(std::string(replica::kPayloadLimit_bytes + 1, 'x')),
      std::length_error);
  EXPECT_EQ(propose_on(leader, std::string(replica::kPayloadLimit_bytes, 'x'))->result,
            ProposeResult::committed);
  cluster.run_for(seconds(5));
  EXPECT_TRUE(cluster.converged(cluster.replica(leader)->applied(), {}));
}

// What was damaged on one disk while its process was down comes back from the others.
TEST_F(ReplicaTest, AMemberThatLostItsLogIsMendedAndTrustedAgain) {
  for (int i = 0; i < 10; ++i) {
    propose_on(leader, "a" + std::to_string(i), milliseconds(300));
  }
  cluster.safety.may_be_damaged(follower);
  cluster.host(follower).stop(simnet::StopKind::process);
  {
    const env::DatabaseFile file{"/n" + std::to_string(follower) + "/log.db",
                                 cluster.world.vfs().name()};
    store::Database log(file);
    log.execute("DELETE FROM entries WHERE idx = 7");
  }
  isolate(follower);
  cluster.host(follower).boot();
  cluster.run_for(seconds(10));
  EXPECT_FALSE(cluster.replica(follower)->core().may_vote());
  EXPECT_EQ(cluster.safety.distrusted_openings(), 1u);
  for (simnet::Network::RuleId rule = 1; rule <= 2; ++rule) {
    cluster.world.network().remove_rule(rule);
  }
  cluster.run_for(seconds(10));
  EXPECT_TRUE(cluster.replica(follower)->core().may_vote());
  EXPECT_EQ(propose_on(cluster.leader(), "b")->result, ProposeResult::committed);
  cluster.host(follower).stop(simnet::StopKind::power);
  cluster.host(follower).boot();
  cluster.run_for(seconds(5));
  EXPECT_TRUE(cluster.converged(cluster.safety.committed(), {}));
  EXPECT_EQ(cluster.safety.distrusted_openings(), 1u);  // that it is trusted is durable
}

}  // namespace
}  // namespace replica_test
