// `drawproof diff` as a user runs it.
#include <gtest/gtest.h>

#include "tests/traces/program.h"
#include "tests/traces/sample.h"
#include "traces/cli/exit_code.h"
#include "traces/writer.h"

namespace traces_test {
namespace {

using cli_test::after;
using cli_test::Ended;
using cli_test::Folder;
using cli_test::run_drawproof;

// Runs a small universe and keeps it.
Trace kept(const Folder& folder, const std::string& name, const std::string& seed) {
  Json scenario = properties::to_json(properties::load_scenario("quick"));
  scenario["users"] = 4;
  scenario["duration_s"] = 15;
  scenario["closes_at_s"] = 12;
  scenario["rush_s"] = 5;
  const std::string file = folder.write("small.json", scenario.dump());
  const std::string trace = folder.path() + "/" + name;
  const Ended ended =
      run_drawproof({"run", "--scenario", file, "--seed", seed, "--save-trace", trace});
  EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
  return traces::read_trace_file(trace, read_scenario);
}

TEST(Diff, ATraceAndItself) {
  const Folder folder;
  kept(folder, "a.json", "5");
  const std::string file = folder.path() + "/a.json";
  const Ended ended = run_drawproof({"diff", file, file});
  EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_EQ(after(ended.out, "Recipe         "), "the same");
  EXPECT_TRUE(after(ended.out, "Checkpoints    ").starts_with("same verdict and digest"));
  EXPECT_EQ(after(ended.out, "Run again      "), "both are the same, event by event");
}

TEST(Diff, OneFaultLessIsNamedAndSoIsWhereTheRunsPart) {
  const Folder folder;
  Trace a = kept(folder, "a.json", "5");
  ASSERT_FALSE(a.plan.faults.empty());
  Trace b = a;
  b.plan.faults.erase(b.plan.faults.begin());
  const std::string second = folder.write("b.json", to_text(b));
  const Ended ended = run_drawproof({"diff", folder.path() + "/a.json", second});
  EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_NE(ended.out.find("- " + faults::to_json(a.plan.faults.front()).dump()), std::string::npos)
      << ended.out;
  EXPECT_EQ(ended.out.find("+ {"), std::string::npos) << ended.out;
  EXPECT_TRUE(after(ended.out, "Run again      ").starts_with("the runs part at event "));
  EXPECT_NE(ended.out.find("  second run"), std::string::npos) << ended.out;
}

TEST(Diff, OneRecipeWithTwoRunsIsNonDeterminism) {
  const Folder folder;
  Trace b = kept(folder, "a.json", "5");
  b.verdict.digest += 1;
  b.checkpoints.back().value += 1;
  const std::string second = folder.write("b.json", to_text(b));
  const Ended ended = run_drawproof({"diff", "--no-run", folder.path() + "/a.json", second});
  EXPECT_EQ(ended.code, cli::kNonDeterminism) << ended.out << ended.err;
  EXPECT_TRUE(after(ended.out, "Checkpoints    ").starts_with("the runs part between"));
  EXPECT_EQ(ended.out.find("Run again"), std::string::npos);
}

TEST(Diff, BadInputNamesTheFile) {
  const Folder folder;
  const std::string file = folder.write("a.json", "{}");
  const Ended ended = run_drawproof({"diff", file, file});
  EXPECT_EQ(ended.code, cli::kUsage);
  EXPECT_EQ(ended.out, "");
  EXPECT_NE(ended.err.find(file), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace traces_test
