// Universes as values: what is drawn is valid, what is simpler is simpler, and shrinking leaves
// the part of a plan that matters.
#include "properties/generators/case.h"

#include <algorithm>
#include <numeric>

#include "tests/properties/searched.h"

namespace properties {
namespace {

using faults::Kind;

// Reading back what is written checks every range and every host.
void expect_valid(const Case& one) {
  EXPECT_NO_THROW({
    const Scenario read = scenario_from_json(to_json(one.scenario), "s");
    EXPECT_EQ(to_json(read).dump(), to_json(one.scenario).dump());
    const std::set<std::string> regions = Scenario::regions();
    EXPECT_EQ(
        faults::plan_from_json(faults::to_json(one.plan), "p", one.scenario.hosts(), &regions),
        one.plan);
  }) << rc::toString(one);
}

std::size_t struck_hosts(const faults::Fault& fault) {
  return fault.hosts.size() + fault.peers.size() + fault.bridges.size();
}

// Smaller is simpler: faults, then how long and whom they strike, then the scenario.
std::vector<std::int64_t> measure(const Case& one) {
  const Scenario& s = one.scenario;
  std::int64_t plan = 0;
  for (const faults::Fault& fault : one.plan.faults) {
    plan += fault.for_ms + static_cast<std::int64_t>(struck_hosts(fault));
  }
  return {static_cast<std::int64_t>(one.plan.faults.size()), plan,
          s.users + s.intents_per_user + s.tickets_max + s.voters + s.double_press_percent +
              s.give_up_percent + s.cancel_percent + s.walk_away_percent + s.decline_percent +
              s.rush_percent + s.think_max_ms + (100 - s.tick_ms) + (65'536 - s.append_bytes_max) +
              (16 - s.appends_in_flight_max)};
}

TEST(Case, WhatIsDrawnIsValidAndItsOwn) {
  std::set<std::string> different;
  std::size_t faults = 0;
  std::size_t aimed = 0;
  for (std::uint64_t number = 0; number < 200; ++number) {
    const Case one = draw_case(number);
    expect_valid(one);
    EXPECT_EQ(rc::toString(draw_case(number)), rc::toString(one));
    different.insert(rc::toString(one));
    faults += one.plan.faults.size();
    aimed += std::ranges::count_if(one.plan.faults, [](const faults::Fault& fault) {
      return faults::shape_of(fault.kind).aimed;
    });
  }
  EXPECT_EQ(different.size(), 200u);
  EXPECT_GT(faults, 2000u);
  EXPECT_GT(aimed, 100u);
}

TEST(Case, WhatIsSimplerIsValidAndSmaller) {
  for (std::uint64_t number = 0; number < 10; ++number) {
    const Case one = draw_case(number);
    for (const Case& next : simpler(one)) {
      expect_valid(next);
      EXPECT_LT(measure(next), measure(one)) << rc::toString(next);
      EXPECT_EQ(next.seed, one.seed);
    }
  }
}

TEST(Case, TheWholePlanGoesFirstAndAllThatIsLeftIsNothing) {
  Case one = draw_case(3);
  ASSERT_GT(one.plan.faults.size(), 4u);
  EXPECT_TRUE(simpler(one).front().plan.faults.empty());
  int steps = 0;
  for (std::vector<Case> next = simpler(one); !next.empty() && steps < 200; ++steps) {
    one = next.back();
    next = simpler(one);
  }
  EXPECT_LT(steps, 200);
  EXPECT_EQ(one.scenario.users, 1);
  EXPECT_EQ(one.scenario.voters, 3);
  for (const faults::Fault& fault : one.plan.faults) {
    EXPECT_LE(fault.for_ms, 1);
  }
}

// As if one kind of fault on one host were all that a failure needs.
TEST(Case, ShrinkingLeavesTheFaultThatMatters) {
  const auto matters = [](const faults::Fault& fault) {
    return fault.kind == Kind::crash || fault.kind == Kind::crash_leader;
  };
  Case smallest;
  int runs = 0;
  const std::string failure = failure_of({"shrinking", 100, 7}, [&] {
    const Case one = *any_case();
    ++runs;
    const bool fails = std::ranges::any_of(one.plan.faults, matters);
    if (fails) {
      smallest = one;
      RC_FAIL("the fault is in");
    }
  });
  EXPECT_NE(failure, "");
  ASSERT_EQ(smallest.plan.faults.size(), 1u);
  EXPECT_TRUE(matters(smallest.plan.faults.front()));
  EXPECT_EQ(smallest.plan.faults.front().hosts.size(), 1u);
  EXPECT_EQ(smallest.scenario.users, 1);
  EXPECT_NE(failure.find("\"kind\":"), std::string::npos) << failure;
}

TEST(Case, ShrinkingKeepsToItsBudgetAndTheSmallestSoFar) {
  Case smallest;
  int failures = 0;
  const std::string failure = failure_of({"budget", 100, 7}, [&] {
    const Case one = *any_case(10);
    if (one.plan.faults.size() >= 2) {
      smallest = one;
      ++failures;
      RC_FAIL("two faults");
    }
  });
  EXPECT_NE(failure.find("two faults"), std::string::npos) << failure;
  EXPECT_NE(failure.find(rc::toString(smallest)), std::string::npos) << failure;
  EXPECT_LE(failures, 1 + 10 + 2);
}

TEST(Case, SearchesAreInProportionAndRepeat) {
  std::vector<std::uint64_t> first;
  std::vector<std::uint64_t> second;
  EXPECT_EQ(failure_of({"seeds", 7, 1}, [&] { first.push_back((*any_case()).seed); }), "");
  EXPECT_EQ(failure_of({"seeds", 7, 1}, [&] { second.push_back((*any_case()).seed); }), "");
  EXPECT_EQ(first, second);
  EXPECT_GE(first.size(), 1u);
}

}  // namespace
}  // namespace properties
