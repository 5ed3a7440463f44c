// What the swarm draws over many seeds: everything sometimes, nothing always, and
// each kind from its own stream.
#include "faults/swarm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace faults {
namespace {

constexpr std::uint64_t kSeeds = 200;
constexpr std::int64_t kDuration_ms = 60'000;

SwarmTargets targets() {
  SwarmTargets targets;
  targets.servers = {"edge", "app", "ledger", "bank"};
  targets.durable = {"ledger", "bank"};
  targets.clients = {"user-1", "user-2"};
  targets.regions = {"centre", "home"};
  targets.settings = {{"bank", "bank.latency_ms", 500, 15'000}, {"bank", "bank.mute_ppm", 1, 9}};
  return targets;
}

Plan plan_of(std::uint64_t seed, const SwarmTargets& whom = targets(),
             SwarmOptions options = {kDuration_ms, 4, 50}) {
  return draw_plan(simnet::StreamKey(seed), whom, options);
}

std::vector<Fault> of_kind(const Plan& plan, Kind kind) {
  std::vector<Fault> result;
  std::copy_if(plan.faults.begin(), plan.faults.end(), std::back_inserter(result),
               [kind](const Fault& fault) { return fault.kind == kind; });
  return result;
}

TEST(Swarm, SameSeedSamePlan) {
  std::set<std::string> plans;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    EXPECT_EQ(plan_of(seed), plan_of(seed));
    plans.insert(to_json(plan_of(seed)).dump());
  }
  EXPECT_GT(plans.size(), kSeeds - 5);
}

// Kinds that the atlas excuses for those who keep the only copy of something.
bool never_drawn(Kind kind) {
  Fault fault;
  fault.kind = kind;
  return shape_of(kind).aimed ||
         (shape_of(kind).family == Family::disk && !excuse(fault, targets().as_durable).empty());
}

TEST(Swarm, EveryKindIsSometimesInAndSometimesOut) {
  std::map<Kind, std::uint64_t> runs_with;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    for (const Kind kind : all_kinds()) {
      runs_with[kind] += of_kind(plan_of(seed), kind).empty() ? 0 : 1;
    }
  }
  for (const Kind kind : all_kinds()) {
    EXPECT_GE(runs_with[kind] * 4, never_drawn(kind) ? 0 : kSeeds) << to_string(kind);
    EXPECT_LE(runs_with[kind] * 4, never_drawn(kind) ? 0 : kSeeds * 3) << to_string(kind);
  }
}

const Standing& standing_of(const std::string& host, const SwarmTargets& whom) {
  const auto in = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), host) != names.end();
  };
  return in(whom.durable) ? whom.as_durable : in(whom.servers) ? whom.as_server : whom.as_client;
}

TEST(Swarm, WhatIsDrawnMustBeSurvived) {
  const SwarmTargets whom = targets();
  std::uint64_t disks_lost = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    for (const Fault& fault : plan_of(seed, whom, {kDuration_ms, 4, 0}).faults) {
      for (const std::string& host : fault.hosts) {
        EXPECT_EQ(excuse(fault, standing_of(host, whom)), "") << to_string(fault.kind);
      }
      disks_lost += fault.kind == Kind::disk_loss ? 1 : 0;
    }
  }
  EXPECT_GT(disks_lost, kSeeds);
}

TEST(Swarm, DamageStrikesAMinorityOfTheReplicas) {
  SwarmTargets whom = targets();
  whom.replicas = {"r1", "r2", "r3", "r4", "r5"};
  whom.replicas_damaged_max = 2;
  std::set<std::string> ever;
  std::set<std::string> stopped;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Plan plan = plan_of(seed, whom, {kDuration_ms, 4, 0});
    std::set<std::string> damaged;
    for (const Fault& fault : of_kind(plan, Kind::bit_rot)) {
      damaged.insert(fault.hosts.begin(), fault.hosts.end());
    }
    EXPECT_LE(damaged.size(), 2u);
    ever.insert(damaged.begin(), damaged.end());
    for (const Kind kind :
         {Kind::lying_sync, Kind::lost_write, Kind::torn_write, Kind::misdirected_write}) {
      EXPECT_TRUE(of_kind(plan, kind).empty()) << to_string(kind);
    }
    for (const Fault& fault : of_kind(plan, Kind::power_loss)) {
      stopped.insert(fault.hosts.begin(), fault.hosts.end());
    }
  }
  EXPECT_EQ(ever, (std::set<std::string>{"r1", "r2", "r3", "r4", "r5"}));
  EXPECT_TRUE(std::includes(stopped.begin(), stopped.end(), ever.begin(), ever.end()));
}

TEST(Swarm, AReplicatedSystemWithChecksumsIsSparedNothing) {
  SwarmTargets whom = targets();
  for (Standing* standing :
       {&whom.as_server, &whom.as_durable, &whom.as_replica, &whom.as_minority, &whom.as_client}) {
    *standing = {.keeps = true, .copies = true, .disk_checks = true, .message_checks = true};
  }
  std::set<Kind> drawn;
  std::uint64_t unnoticed = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    for (const Fault& fault : plan_of(seed, whom, {kDuration_ms, 4, 0}).faults) {
      drawn.insert(fault.kind);
      unnoticed += fault.checksum ? 0 : 1;
    }
  }
  for (const Kind kind : all_kinds()) {
    EXPECT_EQ(drawn.contains(kind), !shape_of(kind).aimed) << to_string(kind);
  }
  EXPECT_GT(unnoticed, kSeeds / 2);
}

SwarmTargets replicated() {
  SwarmTargets whom = targets();
  whom.replicas = {"r1", "r2", "r3"};
  return whom;
}

TEST(Swarm, ListedKindsAreTheOnlyOnes) {
  const std::vector<Kind> listed{Kind::crash, Kind::isolate_leader};
  std::set<Kind> drawn;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Plan plan = plan_of(seed, replicated(), {kDuration_ms, 4, 50, listed});
    const Plan all = plan_of(seed, replicated());
    EXPECT_EQ(of_kind(plan, Kind::crash), of_kind(all, Kind::crash));
    for (const Fault& fault : plan.faults) {
      drawn.insert(fault.kind);
    }
  }
  EXPECT_EQ(drawn, std::set<Kind>(listed.begin(), listed.end()));
}

// In any order, so that any of them may be the few that an isolated leader still reaches; soon
// after the election and late.
TEST(Swarm, AimedFaultsAreAtAllReplicas) {
  std::set<std::vector<std::string>> orders;
  std::uint64_t soon = 0;
  std::uint64_t late = 0;
  std::uint64_t reaching = 0;
  std::uint64_t faults = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Plan plan = plan_of(seed, replicated(), {kDuration_ms, 4, 50, {Kind::isolate_leader}});
    for (const Fault& fault : plan.faults) {
      EXPECT_EQ(std::set(fault.hosts.begin(), fault.hosts.end()),
                (std::set<std::string>{"r1", "r2", "r3"}));
      orders.insert(fault.hosts);
      soon += fault.after_ms < 10 ? 1 : 0;
      late += fault.after_ms > 500 ? 1 : 0;
      reaching += fault.reaches > 0 ? 1 : 0;
      ++faults;
    }
  }
  EXPECT_EQ(orders.size(), 6u);
  for (const std::uint64_t some : {soon, late, reaching}) {
    EXPECT_GT(some * 20, faults);
    EXPECT_LT(some * 4, faults * 3);
  }
}

TEST(Swarm, AimedFaultsNeedAGroupThatIsLed) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    EXPECT_TRUE(
        plan_of(seed, targets(), {kDuration_ms, 4, 0, {Kind::crash_leader}}).faults.empty());
  }
}

TEST(Swarm, KindOffPercentAtItsEnds) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    EXPECT_TRUE(plan_of(seed, targets(), {kDuration_ms, 4, 100}).faults.empty());
    const Plan all = plan_of(seed, targets(), {kDuration_ms, 4, 0});
    EXPECT_FALSE(of_kind(all, Kind::crash).empty());
    EXPECT_FALSE(of_kind(all, Kind::setting).empty());
  }
}

TEST(Swarm, EveryFaultIsInTimeAndWithinTheBudget) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Plan plan = plan_of(seed);
    for (const Fault& fault : plan.faults) {
      EXPECT_GE(fault.at_ms, kDuration_ms / 20);
      EXPECT_LE(fault.at_ms + fault.for_ms, kDuration_ms);
      EXPECT_EQ(fault.for_ms == 0, !shape_of(fault.kind).lasts);
    }
    for (const Kind kind : all_kinds()) {
      EXPECT_LE(of_kind(plan, kind).size(), 4u);
    }
  }
}

TEST(Swarm, TheShortestRunStillHasAPlanInTime) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    for (const Fault& fault : plan_of(seed, targets(), {1000, 4, 0}).faults) {
      EXPECT_LE(fault.at_ms + fault.for_ms, 1000);
    }
  }
}

TEST(Swarm, PlansPassTheirOwnReader) {
  const std::set<std::string> hosts{"edge", "app", "ledger", "bank", "user-1", "user-2"};
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Plan plan = plan_of(seed);
    EXPECT_EQ(plan_from_json(to_json(plan), "p.json", hosts), plan);
  }
}

TEST(Swarm, TargetsAreThoseThatWereListed) {
  const SwarmTargets listed = targets();
  const std::set<std::string> durable(listed.durable.begin(), listed.durable.end());
  const std::set<std::string> servers(listed.servers.begin(), listed.servers.end());
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    for (const Fault& fault : plan_of(seed).faults) {
      ASSERT_EQ(fault.hosts.empty(), fault.kind == Kind::region);
      for (const std::string& host : fault.hosts) {
        EXPECT_EQ(std::count(fault.peers.begin(), fault.peers.end(), host), 0);
        if (fault.kind == Kind::power_cut) {
          EXPECT_TRUE(durable.contains(host)) << host;
        }
        if (fault.kind == Kind::pause || fault.kind == Kind::clock_jump) {
          EXPECT_TRUE(servers.contains(host)) << host;
        }
      }
    }
  }
}

// A kind's draws hang on its own stream: others' targets do not move them.
TEST(Swarm, OtherKindsTargetsDoNotMoveADraw) {
  SwarmTargets other = targets();
  other.durable = {"bank"};
  other.settings = {};
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    for (const Kind kind : {Kind::crash, Kind::pause, Kind::partition, Kind::one_way, Kind::degrade,
                            Kind::clock_jump}) {
      EXPECT_EQ(of_kind(plan_of(seed), kind), of_kind(plan_of(seed, other), kind))
          << to_string(kind);
    }
  }
}

TEST(Swarm, NobodyToStrikeOnTheOtherSideIsNoFault) {
  SwarmTargets alone;
  alone.servers = {"one"};
  alone.durable = {"one"};
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    for (const Fault& fault : plan_of(seed, alone, {kDuration_ms, 4, 0}).faults) {
      EXPECT_FALSE(shape_of(fault.kind).peers);
      EXPECT_NE(fault.kind, Kind::setting);
      EXPECT_NE(fault.kind, Kind::region);
    }
  }
}

}  // namespace
}  // namespace faults
