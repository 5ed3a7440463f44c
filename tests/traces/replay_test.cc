// Saving a run as a trace and running it again, as a user does.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <sstream>

#include "properties/universe.h"
#include "tests/traces/program.h"
#include "tests/traces/sample.h"
#include "traces/writer.h"

namespace traces_test {
namespace {

using cli_test::Ended;
using cli_test::Folder;
using cli_test::last_line;
using cli_test::lines_in;
using cli_test::run_drawproof;
using cli_test::run_program;

std::string save_quick(const Folder& folder, const std::string& seed) {
  const std::string file = folder.path() + "/t.json";
  const Ended ended =
      run_drawproof({"run", "--scenario", "quick", "--seed", seed, "--save-trace", file});
  EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_NE(ended.out.find("\nTrace          " + file + "\n"), std::string::npos);
  return file;
}

Trace read(const std::string& file) { return traces::read_trace_file(file, read_scenario); }

// Another trace of the same recipe.
std::string write(const Folder& folder, const Trace& trace) {
  return folder.write("changed.json", to_text(trace));
}

std::vector<Json> json_lines(const std::string& text) {
  std::vector<Json> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(Json::parse(line, nullptr, false));
    EXPECT_TRUE(lines.back().is_object()) << line;
  }
  return lines;
}

TEST(SaveTrace, HoldsTheWholeRecipeAndItsVerdict) {
  const Folder folder;
  const Trace trace = read(save_quick(folder, "3"));
  EXPECT_EQ(folder.list(), std::vector<std::string>{"t.json"});
  EXPECT_EQ(trace.seed, 3u);
  EXPECT_EQ(trace.scenario, to_json(properties::load_scenario("quick")));
  EXPECT_EQ(trace.plan, properties::draw_plan(properties::load_scenario("quick"), 3));
  EXPECT_EQ(trace.checkpoints.size(), traces::kCheckpointsMax);
  EXPECT_EQ(trace.checkpoints.back().value, trace.verdict.digest);
  EXPECT_EQ(trace.verdict.outcome, traces::Outcome::holds);
  EXPECT_TRUE(trace.verdict.whole);
}

TEST(SaveTrace, NeverReplacesAFileUnlessForced) {
  const Folder folder;
  const std::string file = folder.write("t.json", "mine");
  const std::vector<std::string> run = {"run", "--scenario", "quick", "--save-trace", file};
  const Ended refused = run_drawproof(run);
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.out, "");
  EXPECT_EQ(refused.err, "drawproof: --save-trace: " + file + " exists; --force replaces it\n");
  std::vector<std::string> forced = run;
  forced.push_back("--force");
  EXPECT_EQ(run_drawproof(forced).code, 0);
  EXPECT_EQ(read(file).seed, 1u);
}

TEST(SaveTrace, AnInterruptedRunIsKeptAsFarAsItWent) {
  const Folder folder;
  const std::string file = folder.path() + "/t.json";
  const Ended ended = run_program(cli_test::drawproof(),
                                  {"run", "--scenario", "deadline_rush", "--save-trace", file},
                                  SIGINT, std::chrono::milliseconds(1000));
  EXPECT_EQ(ended.code, 130);
  Trace trace = read(file);
  EXPECT_EQ(trace.verdict.outcome, traces::Outcome::interrupted);
  EXPECT_FALSE(trace.verdict.whole);
  const std::string until = std::to_string(trace.verdict.at_us / 1'000'000);
  const Ended again = run_drawproof({"replay", file, "--quiet", "--verify", "--until", until});
  EXPECT_EQ(again.code, 0) << again.out;
  EXPECT_NE(again.out.find("Verify         same as far as both runs went"), std::string::npos);
}

// A disk that takes 8 KiB of a file and no more, as the shell can have it.
Ended run_with_small_files(const std::string& before, const std::string& file,
                           const std::string& scenario = "quick") {
  const std::string script =
      before + "ulimit -f 8; exec \"$0\" run --scenario \"$1\" --save-trace \"$2\"";
  return run_program("/bin/bash", {"-c", script, cli_test::drawproof(), scenario, file});
}

// Users who think for longer than the run lasts: L1 in every seed.
std::string stuck_scenario(const Folder& folder) {
  Json scenario = sample().scenario;
  scenario["think_max_ms"] = 86'400'000;
  scenario["about"] = std::string(9000, 'x');  // a long trace
  return folder.write("stuck.json", scenario.dump());
}

TEST(SaveTrace, AFullDiskCostsTheTraceAndNotTheReport) {
  const Folder folder;
  const std::string file = folder.path() + "/t.json";
  const Ended ended = run_with_small_files("trap '' XFSZ; ", file);
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.err, "drawproof: --save-trace: " + file + " cannot be written\n");
  EXPECT_NE(ended.out.find("\nVerdict        HOLDS."), std::string::npos);
  EXPECT_EQ(ended.out.find("\nTrace "), std::string::npos);
  EXPECT_TRUE(folder.list().empty());
}

TEST(SaveTrace, AFailureOfTheRunIsTheExitCode) {
  const Folder folder;
  const Ended ended =
      run_with_small_files("trap '' XFSZ; ", folder.path() + "/t.json", stuck_scenario(folder));
  EXPECT_EQ(ended.code, 3) << ended.out;
  EXPECT_EQ(lines_in(ended.err), 1u) << ended.err;
  EXPECT_EQ(folder.list(), std::vector<std::string>{"stuck.json"});
}

TEST(SaveTrace, AKillInTheMiddleLeavesNoHalfTrace) {
  const Folder folder;
  const Ended ended = run_with_small_files("", folder.path() + "/t.json");
  EXPECT_EQ(ended.signal, SIGXFSZ);
  EXPECT_EQ(folder.list(), std::vector<std::string>{"t.json.part"});
}

TEST(SaveTraces, OnePerFailingSeedAndNoneIsReplaced) {
  const Folder folder;
  const Folder traces;
  const std::string mine = traces.write("L1-seed-1.json", "mine");
  std::vector<std::string> sweep = {"run",     "--scenario", stuck_scenario(folder), "--no-faults",
                                    "--seeds", "1..2",       "--save-traces",        traces.path()};
  const Ended first = run_drawproof(sweep);
  EXPECT_EQ(first.code, 3) << first.out;
  EXPECT_EQ(first.err, "drawproof: --save-traces: " + mine + " exists; --force replaces it\n");
  EXPECT_EQ(traces.list(), (std::vector<std::string>{"L1-seed-1.json", "L1-seed-2.json"}));
  EXPECT_EQ(std::filesystem::file_size(mine), 4u);
  EXPECT_EQ(read(traces.path() + "/L1-seed-2.json").verdict.property, "L1");
  sweep.emplace_back("--force");
  EXPECT_EQ(run_drawproof(sweep).err, "");
  EXPECT_EQ(read(mine).seed, 1u);
  EXPECT_TRUE(read(mine).plan.faults.empty());
  const Ended again = run_drawproof({"replay", mine, "--quiet", "--verify"});
  EXPECT_EQ(again.code, 3) << again.out;
  EXPECT_NE(again.out.find("Recorded       liveness_violated L1 at "), std::string::npos);
}

TEST(SaveTraces, OptionsThatCannotBe) {
  const Folder folder;
  const std::string file = folder.write("file", "");
  const Ended refused = run_drawproof({"run", "--seeds", "1..2", "--save-traces", file});
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.err,
            "drawproof: --save-traces: " + file + " is no folder, and none can be made there\n");
  EXPECT_EQ(run_drawproof({"run", "--seeds", "1..2", "--save-trace", file + ".json"}).code, 2);
  EXPECT_EQ(run_drawproof({"run", "--save-traces", folder.path()}).code, 2);
  EXPECT_EQ(folder.list(), std::vector<std::string>{"file"});
}

TEST(Replay, IsTheSameRun) {
  const Folder folder;
  const std::string file = save_quick(folder, "7");
  const Ended ended = run_drawproof({"replay", file, "--verify"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
  EXPECT_NE(ended.out.find("\nVerify         same verdict and digest, at 64 of 64 checkpoints\n"),
            std::string::npos);
  EXPECT_EQ(ended.out.find('\x1b'), std::string::npos) << "colour into a file";
  EXPECT_EQ(last_line(ended.out), "Run it again   " + cli_test::drawproof() + " replay " + file);
  EXPECT_GT(lines_in(ended.out), 1000u);
}

TEST(Replay, TellsEveryFaultAndTheEventsOfServices) {
  const Folder folder;
  const std::string file = save_quick(folder, "7");
  const std::vector<Json> lines = json_lines(run_drawproof({"replay", file, "--json"}).out);
  std::size_t strikes = 0;
  std::size_t events = 0;
  std::int64_t last_us = 0;
  for (const Json& line : lines) {
    strikes += line["type"] == "fault" && line["strikes"] == true ? 1 : 0;
    events += line["type"] == "event" ? 1 : 0;
    EXPECT_GE(line["at_us"], last_us);
    last_us = line["at_us"];
    EXPECT_TRUE(line["type"] != "event" || line["fields"].is_object()) << line;
  }
  EXPECT_EQ(strikes, read(file).plan.faults.size());
  EXPECT_GT(events, 1000u);
  ASSERT_EQ(lines.back()["type"], "end");
  EXPECT_EQ(lines.back()["verdict"], to_json(read(file).verdict));
}

TEST(Replay, FromAndUntilCutOutAPiece) {
  const Folder folder;
  const std::string file = save_quick(folder, "7");
  const auto whole = json_lines(run_drawproof({"replay", file, "--json"}).out);
  const Ended ended =
      run_drawproof({"replay", file, "--json", "--verify", "--from", "10.5", "--until", "12.25"});
  EXPECT_EQ(ended.code, 0);
  std::vector<Json> expected;
  for (const Json& line : whole) {
    if (line["at_us"] >= 10'500'000 && line["at_us"] <= 12'250'000) {
      expected.push_back(line);
    }
  }
  std::vector<Json> piece = json_lines(ended.out);
  const Json end = piece.back();
  piece.pop_back();
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(piece, expected);
  EXPECT_EQ(end["at_us"], 13'000'000);
  EXPECT_EQ(end["same"], true);
}

TEST(Replay, ADivergenceIsFour) {
  const Folder folder;
  Trace trace = read(save_quick(folder, "7"));
  const std::size_t half = trace.checkpoints.size() / 2;
  const auto before = std::to_string(trace.checkpoints[half - 1].events);
  const auto at = std::to_string(trace.checkpoints[half].events);
  trace.checkpoints[half].value ^= 1;
  const Ended ended = run_drawproof({"replay", write(folder, trace), "--quiet", "--verify"});
  EXPECT_EQ(ended.code, 4);
  EXPECT_NE(
      ended.out.find("Verify         DIFFERENT: the runs part between event " + before + " ("),
      std::string::npos)
      << ended.out;
  EXPECT_NE(ended.out.find(") and event " + at + " ("), std::string::npos) << ended.out;
  EXPECT_EQ(run_drawproof({"replay", write(folder, trace), "--quiet"}).code, 0);
}

TEST(Replay, TheTextsOfAFileDoNotSteerTheTerminal) {
  const Folder folder;
  Trace trace = sample();
  trace.note = "two\nlines \x1b[2J";
  const Ended ended = run_drawproof({"replay", write(folder, trace), "--quiet"});
  EXPECT_NE(ended.out.find("\nNote           two?lines ?[2J\n"), std::string::npos) << ended.out;
  EXPECT_EQ(ended.out.find('\x1b'), std::string::npos);
}

TEST(Replay, AnotherPlanIsAnotherRun) {
  const Folder folder;
  Trace trace = read(save_quick(folder, "7"));
  trace.plan.faults.erase(trace.plan.faults.begin());
  EXPECT_EQ(run_drawproof({"replay", write(folder, trace), "--quiet", "--verify"}).code, 4);
}

TEST(Replay, ChoicesOfTheTapeAreMadeAndThoseThatNeverComeUpAreCounted) {
  const Folder folder;
  Trace trace = read(save_quick(folder, "7"));
  const properties::Scenario quick = properties::load_scenario("quick");
  properties::Universe universe(quick, trace.seed, trace.plan,
                                properties::draw_workload(quick, trace.seed));
  universe.record();
  universe.run({});
  const auto recorded = universe.recording().draws;
  ASSERT_GT(recorded.size(), 1000u);
  // As the seed has it: the same run.
  trace.tape = {recorded[500], recorded[900]};
  Ended ended = run_drawproof({"replay", write(folder, trace), "--quiet", "--verify"});
  EXPECT_EQ(ended.code, 0) << ended.out;
  EXPECT_NE(ended.out.find("Tape           2 choices given, 0 of them (0 %) never came up"),
            std::string::npos)
      << ended.out;
  // Otherwise, and one that there is not.
  for (auto& entry : trace.tape) {
    entry.number = ~entry.number;
  }
  trace.tape.push_back({"no such choice", 1, 0, 0, 0});
  trace.tape.push_back({"net latency", 1, 0, UINT64_MAX, 0});
  ended = run_drawproof({"replay", write(folder, trace), "--quiet", "--verify"});
  EXPECT_EQ(ended.code, 4) << ended.out;
  EXPECT_NE(ended.out.find("Tape           4 choices given, 2 of them (50 %) never came up"),
            std::string::npos)
      << ended.out;
}

TEST(Replay, ALogChangesNothing) {
  const properties::Scenario quick = properties::load_scenario("quick");
  struct Counter : properties::Watcher {
    void on_event(simnet::Time, const std::string&, const env::EventRef& event) override {
      bytes += event.encode().size();
    }
    void on_fault(simnet::Time, const faults::Fault&, bool strikes) override {
      faults += strikes ? 1 : 0;
    }
    std::size_t bytes = 0;
    std::size_t faults = 0;
  } counter;
  properties::Universe alone(quick, 4, properties::draw_plan(quick, 4),
                             properties::draw_workload(quick, 4));
  const properties::Report without = alone.run({});
  properties::Universe watched(quick, 4, properties::draw_plan(quick, 4),
                               properties::draw_workload(quick, 4));
  watched.watch(counter);
  const properties::Report with = watched.run({});
  EXPECT_EQ(with.digest, without.digest);
  EXPECT_GT(counter.bytes, 10'000u);
  EXPECT_EQ(counter.faults, properties::draw_plan(quick, 4).faults.size());
}

TEST(Replay, BadInputIsTwoAndOneLine) {
  const Folder folder;
  const std::string good = folder.write("good.json", to_text(sample()));
  const auto refused = [](std::vector<std::string> arguments, const std::string& expected) {
    arguments.insert(arguments.begin(), "replay");
    const Ended ended = run_drawproof(arguments);
    EXPECT_EQ(ended.code, 2) << ended.out;
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(lines_in(ended.err), 1u) << ended.err;
    EXPECT_NE(ended.err.find(expected), std::string::npos) << ended.err;
  };
  const std::string none = folder.path() + "/none.json";
  refused({none}, none + ": cannot be read");
  refused({folder.write("b.json", "{")}, "b.json: line 1: not JSON");
  refused({folder.write("c.json", "{}")}, "c.json: format: expected a string, got nothing");
  refused({good, "--from", "x"}, "--from: expected virtual seconds from 0 to 1000000, got \"x\"");
  refused({good, "--until=-1"}, "--until: expected virtual seconds");
  refused({good, "--until", "nan"}, "--until: expected virtual seconds");
  refused({good, "--from", "5", "--until", "4.9"}, "--until: expected no less than --from (5)");
}

// Programs of planted bugs exist when the build has the target `bugs`.
TEST(Replay, AFailureFailsAgainAndHoldsWithoutTheBug) {
  const std::string program = DRAWPROOF_BINARY_DIR "/bugs/drawproof-M25";
  if (!std::filesystem::exists(program)) {
    GTEST_SKIP() << "the target `bugs` was not built";
  }
  const Folder folder;
  const std::string traces = folder.path() + "/new/traces";
  const Ended sweep = run_program(program, {"run", "--scenario", "quick", "--seeds", "1..200",
                                            "--stop-on", "S3", "--save-traces", traces});
  EXPECT_EQ(sweep.code, 1);
  std::string file;
  for (const auto& entry : std::filesystem::directory_iterator(traces)) {
    const Trace trace = read(entry.path().string());
    const std::string name = trace.verdict.property + "-seed-" + std::to_string(trace.seed);
    EXPECT_EQ(entry.path().filename(), name + ".json");
    EXPECT_NE(trace.verdict.message, "");
    EXPECT_NE(sweep.out.find("  trace: " + entry.path().string() + "\n"), std::string::npos);
    file = trace.verdict.property == "S3" ? entry.path().string() : file;
  }
  ASSERT_NE(file, "");
  const Ended again = run_program(program, {"replay", file, "--quiet", "--verify"});
  EXPECT_EQ(again.code, 1) << again.out;
  EXPECT_NE(again.out.find("Recorded       safety_violated S3 at "), std::string::npos);
  EXPECT_NE(again.out.find("Verify         same verdict and digest"), std::string::npos);
  EXPECT_EQ(run_drawproof({"replay", file, "--quiet"}).code, 0);
  EXPECT_EQ(run_drawproof({"replay", file, "--quiet", "--verify"}).code, 4);
}

}  // namespace
}  // namespace traces_test
