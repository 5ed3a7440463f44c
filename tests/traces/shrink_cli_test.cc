// `drawproof shrink` as a user calls it.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "tests/traces/program.h"
#include "tests/traces/sample.h"
#include "traces/shrink.h"
#include "traces/writer.h"

namespace traces_test {
namespace {

using cli_test::Ended;
using cli_test::Folder;
using cli_test::run_drawproof;
using cli_test::run_program;

Trace read_back(const std::string& file) { return traces::read_trace_file(file, read_scenario); }

// One of six users thinks for longer than the run lasts (L1), while disks and links fail.
std::string save_stuck(const Folder& folder) {
  Json scenario = to_json(properties::load_scenario("quick"));
  scenario["users"] = 6;
  scenario["grace_s"] = 60;
  const std::string scenario_file = folder.write("scenario.json", scenario.dump());
  const properties::Scenario read = properties::scenario_from_json(scenario, "s");
  properties::Workload workload = properties::draw_workload(read, 3);
  workload.users[3].intents[1].tries = {{.think_ms = 86'400'000}};
  const std::string workload_file = folder.write("workload.json", to_json(workload).dump());
  const std::string file = folder.path() + "/t.json";
  const Ended ended = run_drawproof({"run", "--scenario", scenario_file, "--seed", "3",
                                     "--workload", workload_file, "--save-trace", file});
  EXPECT_EQ(ended.code, 3) << ended.out << ended.err;
  EXPECT_NE(ended.out.find(" --workload " + workload_file), std::string::npos);
  return file;
}

TEST(ShrinkCommand, LeavesTheOneIntentThatIsStuck) {
  const Folder folder;
  const std::string file = save_stuck(folder);
  const Ended ended = run_drawproof({"shrink", file, "--budget", "5m"});
  ASSERT_EQ(ended.code, 0) << ended.out << ended.err;
  const std::string small = folder.path() + "/t.small.json";
  EXPECT_NE(ended.out.find("\nTrace          " + small + "\n"), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("nothing more can go"), std::string::npos) << ended.out;
  const Trace trace = read_back(small);
  const traces::RecipeSize size = traces::size_of(to_json(trace));
  EXPECT_EQ(size.faults, 0u);
  EXPECT_EQ(size.users, 1u);
  EXPECT_EQ(size.intents, 1u);
  EXPECT_EQ(trace.workload["users"][0]["user"], "user-4");
  EXPECT_EQ(trace.verdict.property, "L1");
  const Ended again = run_drawproof({"replay", small, "--quiet", "--verify"});
  EXPECT_EQ(again.code, 3) << again.out;
  EXPECT_NE(again.out.find("Verify         same verdict and digest"), std::string::npos);
}

TEST(ShrinkCommand, KeepsTheBestWhenItIsStopped) {
  const Folder folder;
  const std::string file = save_stuck(folder);
  const auto check = [&](const Ended& ended, const std::string& out) {
    EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
    EXPECT_NE(ended.out.find("; stopped\n"), std::string::npos) << ended.out;
    EXPECT_EQ(run_drawproof({"replay", out, "--quiet", "--verify"}).code, 3);
    return traces::size_of(to_json(read_back(out)));
  };
  const auto before = traces::size_of(to_json(read_back(file)));
  const std::string few = folder.path() + "/few.json";
  const auto limited = check(run_drawproof({"shrink", file, "-o", few, "--runs", "20"}), few);
  EXPECT_LT(limited.faults + limited.users, before.faults + before.users);
  const std::string none = folder.path() + "/none.json";
  const auto late = check(run_drawproof({"shrink", file, "-o", none, "--budget", "1ms"}), none);
  EXPECT_EQ(late.faults, before.faults);
  EXPECT_EQ(late.intents, before.intents);
}

// Ctrl-C reaches the run that is under way as well.
TEST(ShrinkCommand, AnInterruptKeepsTheBest) {
  const Folder folder;
  const std::string file = save_stuck(folder);
  const std::string out = folder.path() + "/o.json";
  const Ended ended = run_program(
      "/bin/bash",
      {"-c", "set -m; \"$0\" shrink \"$1\" -o \"$2\" & sleep 3; kill -INT -- -$!; wait $!",
       cli_test::drawproof(), file, out});
  if (ended.code == 130) {
    GTEST_SKIP() << "the machine was too slow: not one run was done";
  }
  EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_EQ(run_drawproof({"replay", out, "--quiet", "--verify"}).code, 3);
}

TEST(ShrinkCommand, WhatDoesNotFailHereIsFour) {
  const Folder folder;
  const std::string file = folder.write("t.json", to_text(sample()));  // says S3
  const Ended ended = run_drawproof({"shrink", file});
  EXPECT_EQ(ended.code, 4) << ended.out;
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err, "drawproof: " + file +
                           ": this program does not fail as the trace says (S3 at 12.346 s: "
                           "charged twice); see replay\n");
  EXPECT_EQ(folder.list(), std::vector<std::string>{"t.json"});
}

TEST(ShrinkCommand, BadInputIsTwoAndOneLine) {
  const Folder folder;
  const std::string file = folder.write("t.json", to_text(sample()));
  const auto refused = [](std::vector<std::string> arguments, const std::string& expected) {
    arguments.insert(arguments.begin(), "shrink");
    const Ended ended = run_drawproof(arguments);
    EXPECT_EQ(ended.code, 2) << ended.out;
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(cli_test::lines_in(ended.err), 1u) << ended.err;
    EXPECT_NE(ended.err.find(expected), std::string::npos) << ended.err;
  };
  refused({folder.path() + "/none.json"}, "none.json: cannot be read");
  Trace holds = sample();
  holds.verdict = {};
  refused({folder.write("holds.json", to_text(holds))},
          "verdict.outcome: expected a failure to shrink, got \"holds\"");
  for (const char* budget : {"x", "0", "-1s", "9999h", "1e3", "nan", "86401", "60 s"}) {
    refused({file, std::string("--budget=") + budget}, "--budget: expected ");
  }
  refused({file, "-o", file}, "--out: " + file + " exists; --force replaces it");
  refused({file, "-o", folder.path() + "/no/o.json"}, "there is no folder");
}

// Programs of planted bugs exist when the build has the target `bugs`.
TEST(ShrinkCommand, ADoubleChargeNeedsOneIntent) {
  const std::string program = DRAWPROOF_BINARY_DIR "/bugs/drawproof-M25";
  if (!std::filesystem::exists(program)) {
    GTEST_SKIP() << "the target `bugs` was not built";
  }
  const Folder folder;
  const Ended sweep = run_program(program, {"run", "--scenario", "quick", "--seeds", "1..200",
                                            "--stop-on", "S3", "--save-traces", folder.path()});
  std::string file;
  for (const std::string& name : folder.list()) {
    file = name.starts_with("S3-") ? folder.path() + "/" + name : file;
  }
  ASSERT_NE(file, "") << sweep.out;
  const std::string out = folder.path() + "/o.json";
  const Ended ended = run_program(program, {"shrink", file, "-o", out, "--budget", "5m"});
  EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
  const traces::RecipeSize size = traces::size_of(to_json(read_back(out)));
  EXPECT_LE(size.faults, 2u);
  EXPECT_LE(size.intents, 2u);
  EXPECT_EQ(run_program(program, {"replay", out, "--quiet", "--verify"}).code, 1);
  EXPECT_EQ(run_drawproof({"replay", out, "--quiet"}).code, 0);
}

}  // namespace
}  // namespace traces_test
