#include "traces/recipe_difference.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/traces/sample.h"

namespace traces_test {
namespace {

using Lines = std::vector<std::string>;

TEST(RecipeDifference, OneRecipeHasNone) {
  Trace other = sample();
  other.note = "another";
  other.verdict.digest += 1;
  other.made_by.commit = "other";
  EXPECT_EQ(recipe_difference(sample(), other), Lines{});
}

TEST(RecipeDifference, SeedAndScenario) {
  const Trace a = sample();
  Trace b = a;
  b.seed = a.seed + 1;
  b.scenario["users"] = 7;
  b.scenario.erase("about");
  b.scenario["added"] = true;
  const Lines lines = recipe_difference(a, b);
  ASSERT_EQ(lines.size(), a.scenario.contains("about") ? 4u : 3u);
  EXPECT_EQ(lines.front(), "seed  " + std::to_string(a.seed) + " | " + std::to_string(b.seed));
  EXPECT_NE(std::ranges::find(lines, "scenario.users  " + a.scenario["users"].dump() + " | 7"),
            lines.end());
  EXPECT_EQ(lines.back(), "scenario.added  (none) | true");
}

TEST(RecipeDifference, FaultsThatOnlyOneHas) {
  faults::Fault crash;
  crash.kind = faults::Kind::crash;
  crash.at_ms = 5;
  crash.hosts = {"bank"};
  Trace a = sample();
  a.plan = {};
  faults::insert(a.plan, crash);
  faults::insert(a.plan, crash);  // two of one kind are two
  Trace b = a;
  b.plan.faults.pop_back();
  crash.at_ms = 6;
  faults::insert(b.plan, crash);
  const Lines lines = recipe_difference(a, b);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_TRUE(lines[0].starts_with("- {")) << lines[0];
  EXPECT_NE(lines[0].find("\"at_ms\":5"), std::string::npos) << lines[0];
  EXPECT_TRUE(lines[1].starts_with("+ {")) << lines[1];
  EXPECT_NE(lines[1].find("\"at_ms\":6"), std::string::npos) << lines[1];
}

TEST(RecipeDifference, UsersThatDoSomethingElse) {
  Trace a = sample();
  a.workload = Json::parse(R"({"version":1,"users":[{"user":"user-1","arrives_ms":1,"intents":[]},
                                                    {"user":"user-2","arrives_ms":2,"intents":[]}]})");
  Trace b = a;
  b.workload["users"][1]["arrives_ms"] = 3;
  const Lines lines = recipe_difference(a, b);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_TRUE(lines[0].starts_with("- ") && lines[0].find("\"arrives_ms\":2") != std::string::npos);
  EXPECT_TRUE(lines[1].starts_with("+ ") && lines[1].find("\"arrives_ms\":3") != std::string::npos);
  b.workload = nullptr;
  EXPECT_EQ(recipe_difference(a, b), Lines{"workload  given | (drawn)"});
}

TEST(RecipeDifference, Tapes) {
  Trace a = sample();
  Trace b = a;
  b.tape.push_back({"net loss", 1, 2, 3, 4});
  EXPECT_EQ(recipe_difference(a, b).size(), 1u);
}

}  // namespace
}  // namespace traces_test
