// The lottery under each kind of fault alone: what the atlas says it must survive, it
// does, and what it need not survive does harm, so that neither side of the atlas is idle.
#include <gtest/gtest.h>

#include "properties/universe.h"

namespace properties {
namespace {

using faults::Fault;
using faults::Kind;

Scenario small() {
  Scenario scenario = load_scenario("quick");
  scenario.users = 8;
  scenario.capacity = 12;
  return scenario;
}

Report run(const Scenario& scenario, std::uint64_t seed, const faults::Plan& plan) {
  Universe universe(scenario, seed, plan, draw_workload(scenario, seed));
  return universe.run({});
}

faults::Plan plan_of(const std::vector<Fault>& faults) {
  faults::Plan plan;
  for (const Fault& fault : faults) {
    faults::insert(plan, fault);
  }
  return plan;
}

Fault on(std::vector<std::string> hosts, Kind kind, std::int64_t at_ms, std::int64_t for_ms,
         std::int64_t value = 0) {
  Fault fault;
  fault.kind = kind;
  fault.at_ms = at_ms;
  fault.for_ms = for_ms;
  fault.hosts = std::move(hosts);
  fault.value = value;
  return fault;
}

const std::vector<std::string> kOne{"ledger-1"};
const std::vector<std::string> kMajority{"ledger-1", "ledger-2", "ledger-3"};

// What the swarm would draw of one kind alone, many of it.
faults::Plan only(Kind kind, const Scenario& scenario, std::uint64_t seed) {
  const simnet::StreamKey randomness = simnet::StreamKey(17).child(seed);
  faults::Plan all = faults::draw_plan(randomness, scenario.swarm_targets(),
                                       {scenario.duration_s * 1000, 12, 0, {kind}});
  return all;
}

class EachKind : public testing::TestWithParam<Kind> {};

TEST_P(EachKind, AloneIsSurvivedOrNotDrawn) {
  const Scenario scenario = small();
  const Fault plain = on(kOne, GetParam(), 0, 1);
  const faults::SwarmTargets targets = scenario.swarm_targets();
  const bool disk = faults::shape_of(GetParam()).family == faults::Family::disk;
  const bool drawn = disk ? faults::excuse(plain, targets.as_minority).empty()
                          : faults::excuse(plain, targets.as_server).empty();
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const faults::Plan plan = only(GetParam(), scenario, seed);
    ASSERT_EQ(plan.faults.empty(), !drawn);
    if (drawn) {
      const Report report = run(scenario, seed, plan);
      EXPECT_EQ(report.verdict, Verdict::holds) << seed;
      // An aimed fault may be due too late for another leader to come up.
      const std::size_t struck = report.faults.at(GetParam());
      const bool aimed = faults::shape_of(GetParam()).aimed;
      EXPECT_TRUE(struck == plan.faults.size() || (aimed && struck > 0)) << seed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, EachKind, testing::ValuesIn(faults::all_kinds()),
                         [](const auto& info) { return std::string(to_string(info.param)); });

TEST(UniverseFaults, AProcessWhoseDiskFailsStopsAndComesBack) {
  for (const Kind kind : {Kind::disk_error, Kind::disk_full, Kind::latent_error}) {
    const std::int64_t value = kind == Kind::disk_error ? 1000 : 1'000'000;
    const Report report = run(
        small(), 1, plan_of({on(kOne, kind, 5000, 5000, value), on(kOne, Kind::crash, 6000, 100)}));
    EXPECT_GT(report.excused_stops, 0u) << to_string(kind);
    EXPECT_TRUE(report.fail_stops.empty());
    EXPECT_EQ(report.verdict, Verdict::holds);
  }
}

bool harms_some_seed(const std::vector<Fault>& faults) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    if (run(small(), seed, plan_of(faults)).verdict != Verdict::holds) {
      return true;
    }
  }
  return false;
}

TEST(UniverseFaults, WhatASingleCopyNeedNotSurviveDoesHarm) {
  const std::int64_t all = 1'000'000;
  const std::vector<std::string> bank{"bank"};
  const std::vector<std::vector<Fault>> plans{
      {on(bank, Kind::disk_loss, 25'000, 1000)},
      {on(bank, Kind::lying_sync, 5000, 50'000), on(bank, Kind::power_loss, 25'000, 1000)},
      {on(bank, Kind::lost_write, 5000, 50'000, all), on(bank, Kind::crash, 25'000, 100)},
      {on(bank, Kind::misdirected_write, 5000, 50'000, all), on(bank, Kind::crash, 25'000, 100)},
  };
  for (const std::vector<Fault>& plan : plans) {
    EXPECT_TRUE(harms_some_seed(plan)) << to_string(plan.front().kind);
  }
}

TEST(UniverseFaults, WhatBreaksThePromisesOfAMajorityDoesHarm) {
  const std::int64_t all = 1'000'000;
  const std::vector<std::vector<Fault>> plans{
      {on(kMajority, Kind::disk_loss, 25'000, 1000)},
      {on(kMajority, Kind::lying_sync, 5000, 50'000),
       on(kMajority, Kind::power_loss, 25'000, 1000)},
      {on(kMajority, Kind::lost_write, 5000, 50'000, all), on(kMajority, Kind::crash, 25'000, 100)},
      {on(kMajority, Kind::torn_write, 5000, 50'000, all), on(kMajority, Kind::crash, 25'000, 100)},
  };
  for (const std::vector<Fault>& plan : plans) {
    EXPECT_TRUE(harms_some_seed(plan)) << to_string(plan.front().kind);
  }
}

TEST(UniverseFaults, AFlipPastTheChecksumDoesHarm) {
  Fault flip = on(kMajority, Kind::flip, 5000, 50'000, 30'000);
  flip.checksum = false;
  flip.peers = {"app-1", "app-2"};
  EXPECT_TRUE(harms_some_seed({flip}));
}

}  // namespace
}  // namespace properties
