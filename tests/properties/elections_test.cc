// The scenario `elections` gets where it is meant to: leaders change often, each kind of aimed
// fault strikes, and what it strikes is the same every time.
#include <gtest/gtest.h>

#include "properties/universe.h"

namespace properties {
namespace {

TEST(Elections, LeadersChangeOftenAndAllHolds) {
  const Scenario scenario = load_scenario("elections");
  std::uint64_t elected = 0;
  std::map<faults::Kind, std::uint64_t> struck;
  constexpr std::uint64_t kSeeds = 6;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Universe universe(scenario, seed, draw_plan(scenario, seed), draw_workload(scenario, seed));
    const Report report = universe.run({});
    EXPECT_EQ(report.verdict, Verdict::holds) << seed;
    const auto found = report.emitted.find("raft.elected");
    elected += found != report.emitted.end() ? found->second : 0;
    for (const auto& [kind, count] : report.faults) {
      struck[kind] += count;
    }
  }
  EXPECT_GT(elected, kSeeds * 10);
  for (const faults::Kind kind : faults::all_kinds()) {
    EXPECT_EQ(struck[kind] > 0, faults::shape_of(kind).aimed || kind == faults::Kind::power_cut)
        << to_string(kind);
  }
}

TEST(Elections, TheSameSeedStrikesTheSameLeaders) {
  const Scenario scenario = load_scenario("elections");
  Universe first(scenario, 2, draw_plan(scenario, 2), draw_workload(scenario, 2));
  Universe second(scenario, 2, draw_plan(scenario, 2), draw_workload(scenario, 2));
  EXPECT_EQ(first.run({}).digest, second.run({}).digest);
}

}  // namespace
}  // namespace properties
