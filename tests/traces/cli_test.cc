// The program as a user runs it: what it prints, what can be run again, how it is
// interrupted, and the edges of scenarios and plans.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/traces/program.h"
#include "traces/cli/exit_code.h"

namespace cli_test {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::milliseconds;

Json json_of(const Ended& ended) {
  const Json json = Json::parse(ended.out, nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << ended.out << ended.err;
  return json;
}

Json small() {
  return Json::parse(R"({"version": 1, "name": "small", "duration_s": 20, "closes_at_s": 15,
    "users": 3, "intents_per_user": 2, "tickets_max": 2, "capacity": 10, "price": 100,
    "hold_ttl_s": 5, "think_max_ms": 500, "grace_s": 200, "decline_percent": 20,
    "walk_away_percent": 10, "cancel_percent": 20, "double_press_percent": 30})");
}

// Runs the scenario and returns its report; it must hold.
Json run_holds(const Json& scenario, std::vector<std::string> more = {}) {
  const Folder folder;
  std::vector<std::string> arguments{"run", "--json", "--scenario",
                                     folder.write("s.json", scenario.dump(1))};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Ended ended = run_drawproof(arguments);
  const Json json = json_of(ended);
  EXPECT_EQ(ended.code, 0) << ended.out.substr(0, 3000);
  EXPECT_EQ(ended.err, "");
  return json;
}

std::string digest_in(const Ended& ended) {
  std::string text = after(ended.out, "Digest         ");
  return text.substr(0, text.find(','));
}

// The words of a shell line that the program printed, which quotes with '.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '\'') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

TEST(Report, HumanOutputEndsWithTheLineThatRunsItAgain) {
  const Folder folder;
  const std::string scenario = folder.write("a small one.json", small().dump());
  const Ended first = run_drawproof({"run", "--scenario", scenario, "--seed", "7"});
  EXPECT_EQ(first.code, 0) << first.out;
  const std::string line = last_line(first.out);
  ASSERT_TRUE(line.starts_with("Run it again   ")) << line;
  std::vector<std::string> words = words_of(line.substr(std::string("Run it again   ").size()));
  ASSERT_EQ(words.front(), drawproof());
  words.erase(words.begin());
  const Ended second = run_drawproof(words);
  EXPECT_EQ(second.code, 0);
  EXPECT_EQ(digest_in(second).size(), 16u);
  EXPECT_EQ(digest_in(second), digest_in(first));
}

TEST(Report, JsonHasTheDocumentedMembers) {
  const Json json = run_holds(small(), {"--seed", "5", "--repeat-check"});
  for (const char* member :
       {"version",    "program",      "commit",  "scenario",        "seed",         "verdict",
        "digest",     "repeat_check", "settled", "purchases",       "tickets_sold", "charges",
        "refunds",    "declines",     "faults",  "process_crashes", "power_losses", "packets",
        "virtual_us", "wall_s",       "events",  "emitted",         "properties",   "aborts",
        "reproduce",  "plan",         "probes",  "intents"}) {
    EXPECT_TRUE(json.contains(member)) << member;
  }
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["verdict"], "holds");
  EXPECT_EQ(json["seed"], 5);
  EXPECT_EQ(json["repeat_check"], "same");
  EXPECT_EQ(json["settled"], true);
  for (const Json& property : json["properties"]) {
    for (const char* member : {"id", "statement", "checks", "violations"}) {
      EXPECT_TRUE(property.contains(member)) << member;
    }
    EXPECT_GT(property["checks"], 0) << property["id"];
  }
}

TEST(Report, JsonOfASweepHasTheDocumentedMembers) {
  const Json json = run_holds(small(), {"--seeds", "1..3"});
  for (const char* member :
       {"version", "program", "commit", "scenario", "runs", "failed", "diverged", "interrupted",
        "wall_s", "purchases", "faults", "probes", "properties"}) {
    EXPECT_TRUE(json.contains(member)) << member;
  }
  EXPECT_EQ(json["runs"], 3);
  EXPECT_EQ(json["failed"], 0);
}

TEST(Report, ProbesOfASweepAreTheSumOfItsRuns) {
  const Json first = run_holds(small(), {"--seed", "1"})["probes"];
  const Json second = run_holds(small(), {"--seed", "2"})["probes"];
  const Json sweep = run_holds(small(), {"--seeds", "1..2", "--repeat-check"})["probes"];
  ASSERT_GE(sweep.size(), 60u);
  for (const auto& [name, count] : sweep.items()) {
    EXPECT_EQ(count, first[name].get<int>() + second[name].get<int>()) << name;
  }
}

TEST(Report, AMissedQuotaHasACodeOfItsOwn) {
  const Folder folder;
  const std::string scenario = folder.write("s.json", small().dump());
  const auto sweep = [&](const std::string& probe, int least) {
    const Json quota = {
        {"version", 1},
        {"quotas", {{{"scenario", "small"}, {"seeds", 2}, {"at_least", {{probe, least}}}}}}};
    return run_drawproof({"run", "--scenario", scenario, "--seeds", "1..2", "--quota",
                          folder.write("q.json", quota.dump())});
  };
  const Ended reached = sweep("ledger.asked_while_not_leading", 1);
  EXPECT_EQ(reached.code, cli::kHolds) << reached.out;
  EXPECT_NE(reached.out.find("Quota          reached"), std::string::npos);
  const Ended missed = sweep("raft.membership_changed", 1);
  EXPECT_EQ(missed.code, cli::kQuotaMissed) << missed.out;
  EXPECT_EQ(after(missed.out, "QUOTA MISSED   "),
            "raft.membership_changed: reached 0 times of at least 1");
  const Ended unknown = sweep("raft.no_such", 1);
  EXPECT_EQ(unknown.code, cli::kUsage);
  EXPECT_NE(unknown.err.find("raft.no_such"), std::string::npos);
}

TEST(Report, RepeatCheckTellsEquality) {
  const Folder folder;
  const std::string scenario = folder.write("s.json", small().dump());
  const Ended ended = run_drawproof({"run", "--scenario", scenario, "--repeat-check"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_NE(ended.out.find(", the same in a second run"), std::string::npos);
  const Ended sweep =
      run_drawproof({"run", "--scenario", scenario, "--seeds", "1..2", "--repeat-check"});
  EXPECT_EQ(sweep.code, 0);
  EXPECT_NE(sweep.out.find("each repeated with the same digest"), std::string::npos);
}

TEST(Report, DigestsOfASweepAreThoseOfItsRuns) {
  const Folder folder;
  const std::string scenario = folder.write("s.json", small().dump());
  const std::string digests = folder.path() + "/digests";
  ASSERT_EQ(
      run_drawproof({"run", "--scenario", scenario, "--seeds", "4..5", "--digests", digests}).code,
      0);
  const Ended cat = run_program("/bin/cat", {digests});
  std::string expected;
  for (const char* seed : {"4", "5"}) {
    expected += std::string(seed) + " " +
                digest_in(run_drawproof({"run", "--scenario", scenario, "--seed", seed})) + "\n";
  }
  EXPECT_EQ(cat.out, expected);
}

TEST(Plan, PrintedPlanGivesTheSameUniverse) {
  const Folder folder;
  for (const char* seed : {"1", "2", "3"}) {
    const Ended printed =
        run_drawproof({"run", "--scenario", "quick", "--seed", seed, "--print-plan"});
    EXPECT_EQ(printed.code, 0);
    const std::string plan = folder.write("plan.json", printed.out);
    const Ended own = run_drawproof({"run", "--scenario", "quick", "--seed", seed});
    const Ended given =
        run_drawproof({"run", "--scenario", "quick", "--seed", seed, "--plan", plan});
    EXPECT_EQ(own.code, 0);
    EXPECT_EQ(digest_in(given), digest_in(own));
    // Printing a given plan prints it again.
    EXPECT_EQ(run_drawproof({"run", "--scenario", "quick", "--plan", plan, "--print-plan"}).out,
              printed.out);
  }
}

TEST(Plan, NoFaultsIsAnEmptyPlan) {
  const Folder folder;
  const std::string empty = folder.write("p.json", "{\"version\": 1, \"faults\": []}");
  const Ended none = run_drawproof({"run", "--scenario", "quick", "--no-faults"});
  const Ended given = run_drawproof({"run", "--scenario", "quick", "--plan", empty});
  EXPECT_EQ(none.code, 0);
  EXPECT_EQ(digest_in(none), digest_in(given));
}

const char* const kAll = R"(["edge", "app-1", "app-2", "planner-1", "planner-2", "bank",
                            "ledger-1", "ledger-2", "ledger-3", "ledger-4", "ledger-5",
                            "reader-1", "reader-2", "user-1", "user-2", "user-3"])";

// Every plan ends in a verdict; these are survivable, so in this one.
void expect_survivable(const std::string& faults) {
  const Folder folder;
  const std::string plan = folder.write("p.json", "{\"version\": 1, \"faults\": [" + faults + "]}");
  const Json json = run_holds(small(), {"--plan", plan});
  EXPECT_TRUE(json["aborts"].empty()) << faults << json["aborts"].dump();
}

std::string with_all(const std::string& before, const std::string& after_hosts = "") {
  return "{" + before + ", \"hosts\": " + kAll + after_hosts + "}";
}

TEST(Plan, FaultsThatOutlastTheRunEndWithIt) {
  for (const char* kind : {"crash", "power_loss", "pause"}) {
    expect_survivable(
        with_all(std::string("\"kind\": \"") + kind + "\", \"at_ms\": 5000, \"for_ms\": 86400000"));
  }
  expect_survivable(with_all(R"("kind": "partition", "at_ms": 3000, "for_ms": 86400000)",
                             std::string(", \"peers\": ") + kAll));
  expect_survivable(R"({"kind": "setting", "at_ms": 0, "for_ms": 86400000, "hosts": ["bank"],
                        "name": "bank.mute_ppm", "value": 1000000})");
  expect_survivable(R"({"kind": "crash", "at_ms": 86400000, "for_ms": 1, "hosts": ["bank"]})");
}

TEST(Plan, FaultsAtTimeZero) {
  for (const char* kind : {"crash", "power_loss", "pause"}) {
    expect_survivable(
        with_all(std::string("\"kind\": \"") + kind + "\", \"at_ms\": 0, \"for_ms\": 1000"));
  }
  for (const int call : {1, 2, 3, 5, 8, 20}) {
    expect_survivable(with_all(R"("kind": "power_cut", "at_ms": 0, "for_ms": 5000)",
                               ", \"value\": " + std::to_string(call)));
  }
  expect_survivable(with_all(R"("kind": "clock_jump", "at_ms": 0)", ", \"value\": -86400000"));
}

TEST(Plan, OverlapsOnOneHost) {
  expect_survivable(R"(
    {"kind": "crash", "at_ms": 4000, "for_ms": 4000, "hosts": ["ledger-1"]},
    {"kind": "power_loss", "at_ms": 5000, "for_ms": 1000, "hosts": ["ledger-1"]},
    {"kind": "pause", "at_ms": 4500, "for_ms": 6000, "hosts": ["ledger-1", "ledger-1"]},
    {"kind": "power_cut", "at_ms": 4500, "for_ms": 9000, "hosts": ["ledger-1"], "value": 1},
    {"kind": "power_cut", "at_ms": 4600, "for_ms": 100, "hosts": ["ledger-1"], "value": 50},
    {"kind": "partition", "at_ms": 4000, "for_ms": 9000, "hosts": ["ledger-1"], "peers": ["ledger-1"]},
    {"kind": "clock_jump", "at_ms": 4700, "hosts": ["ledger-1"], "value": 3000},
    {"kind": "clock_jump", "at_ms": 4700, "hosts": ["ledger-1"], "value": -6000})");
}

TEST(Plan, EveryHostAtOnceAndAgain) {
  std::string faults;
  for (int i = 0; i < 10; ++i) {
    faults += (i == 0 ? "" : ",") + with_all("\"kind\": \"power_loss\", \"at_ms\": " +
                                             std::to_string(2000 + i * 1500) + ", \"for_ms\": 700");
  }
  expect_survivable(faults);
}

TEST(Scenario, EdgesOfTheFigures) {
  const auto with = [](std::initializer_list<std::pair<const char*, std::int64_t>> fields) {
    Json json = small();
    for (const auto& [name, value] : fields) {
      json[name] = value;
    }
    return json;
  };
  for (const char* seed : {"1", "2", "3"}) {
    const std::vector<std::string> more{"--seed", seed};
    // Less than one purchase may want.
    EXPECT_LE(run_holds(with({{"capacity", 1}, {"tickets_max", 10}}), more)["tickets_sold"], 1);
    run_holds(with({{"users", 1}}), more);
    run_holds(with({{"hold_ttl_s", 1}, {"think_max_ms", 3000}}), more);
    run_holds(with({{"duration_s", 1}, {"closes_at_s", 1}}), more);
    run_holds(with({{"walk_away_percent", 100}}), more);
    run_holds(with({{"cancel_percent", 100}, {"walk_away_percent", 0}}), more);
    run_holds(with({{"think_max_ms", 0}, {"double_press_percent", 100}}), more);
    run_holds(with({{"price", 1'000'000'000}, {"capacity", 1'000'000'000}}), more);
    run_holds(with({{"rush_percent", 100}, {"rush_s", 15}}), more);
    const Json declined =
        run_holds(with({{"decline_percent", 100}, {"walk_away_percent", 0}}), more);
    EXPECT_EQ(declined["charges"], 0);
    EXPECT_EQ(declined["tickets_sold"], 0);
  }
}

TEST(Scenario, FreeTicketsAreTicketsToo) {
  Json json = small();
  json["price"] = 0;
  std::int64_t sold = 0;
  for (const char* seed : {"1", "2", "3"}) {
    sold += run_holds(json, {"--seed", seed})["tickets_sold"].get<std::int64_t>();
  }
  EXPECT_GT(sold, 0);
}

TEST(Interrupt, OneRunTellsWhatItFound) {
  const Ended ended =
      run_program(drawproof(), {"run", "--scenario", "deadline_rush", "--seed", "1"}, SIGINT,
                  milliseconds(300));
  EXPECT_EQ(ended.code, 130) << ended.err;
  EXPECT_NE(ended.out.find("INTERRUPTED"), std::string::npos) << ended.out;
  EXPECT_TRUE(last_line(ended.out).starts_with("Run it again   " + drawproof() + " run"))
      << ended.out;
}

TEST(Interrupt, ASweepGivesItsSummary) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const Ended ended =
        run_program(drawproof(), {"run", "--scenario", "quick", "--seeds", "1..100000000"}, signal,
                    milliseconds(3000));
    EXPECT_EQ(ended.code, 130) << ended.err;
    EXPECT_NE(ended.out.find(", interrupted\n"), std::string::npos) << ended.out;
    EXPECT_NE(ended.out.find("  S1   holds"), std::string::npos) << ended.out;
  }
}

TEST(Interrupt, JsonIsWholeToo) {
  const Ended run = run_program(drawproof(), {"run", "--scenario", "deadline_rush", "--json"},
                                SIGINT, milliseconds(300));
  EXPECT_EQ(run.code, 130);
  EXPECT_EQ(json_of(run)["verdict"], "interrupted");
  const Ended sweep =
      run_program(drawproof(), {"run", "--scenario", "quick", "--json", "--seeds", "1..100000000"},
                  SIGINT, milliseconds(500));
  EXPECT_EQ(sweep.code, 130);
  EXPECT_EQ(json_of(sweep)["interrupted"], true);
}

TEST(Interrupt, AKillLeavesNothingBehind) {
  const Folder work;
  const Folder temporary;
  const Ended ended = run_program(drawproof(), {"run", "--scenario", "deadline_rush"}, SIGKILL,
                                  milliseconds(300), {work.path(), temporary.path()});
  EXPECT_EQ(ended.signal, SIGKILL);
  EXPECT_TRUE(work.list().empty());
  EXPECT_TRUE(temporary.list().empty());
  const Ended whole = run_program(drawproof(), {"run", "--scenario", "quick"}, 0, {},
                                  {work.path(), temporary.path()});
  EXPECT_EQ(whole.code, 0);
  EXPECT_TRUE(work.list().empty());
  EXPECT_TRUE(temporary.list().empty());
}

// Programs of planted bugs exist when the build has the target `bugs`.
std::string mutant(const std::string& id) { return DRAWPROOF_BINARY_DIR "/bugs/drawproof-" + id; }

TEST(ExitCode, ASafetyViolationIsOneAndCanBeRunAgain) {
  const std::string program = mutant("M25");
  if (!std::filesystem::exists(program)) {
    GTEST_SKIP() << "the target `bugs` was not built";
  }
  const Ended sweep =
      run_program(program, {"run", "--scenario", "quick", "--seeds", "1..200", "--stop-on", "S3"});
  EXPECT_EQ(sweep.code, 1) << sweep.out;
  EXPECT_NE(sweep.out.find("VIOLATED"), std::string::npos);
  std::string failing;
  std::istringstream lines(sweep.out);
  for (std::string line; std::getline(lines, line);) {
    const std::string start = "  " + program + " ";
    failing = line.starts_with(start) ? line.substr(start.size()) : failing;
  }
  ASSERT_NE(failing, "") << sweep.out;
  const Ended again = run_program(program, words_of(failing));
  EXPECT_EQ(again.code, 1);
  EXPECT_NE(again.out.find("VIOLATED. A safety property"), std::string::npos) << again.out;
  EXPECT_TRUE(last_line(again.out).starts_with("Run it again   " + program)) << again.out;
}

// Nothing wrong is in the books, but the users are still thinking.
TEST(ExitCode, UsersThatNeverFinishAreThreeToo) {
  const Folder folder;
  Json json = small();
  json["think_max_ms"] = 86'400'000;
  json["grace_s"] = 5;
  const std::string scenario = folder.write("s.json", json.dump());
  const Ended ended = run_drawproof({"run", "--scenario", scenario, "--no-faults"});
  EXPECT_EQ(ended.code, 3) << ended.out;
  EXPECT_NE(ended.out.find("3 of 3 users are not finished"), std::string::npos) << ended.out;
}

TEST(ExitCode, ALivenessViolationIsThree) {
  const Folder folder;
  Json json = small();
  json["grace_s"] = 1;
  json["walk_away_percent"] = 0;
  json["cancel_percent"] = 0;
  const std::string plan = folder.write("p.json", R"({"version": 1, "faults": [{"kind": "setting",
    "at_ms": 0, "for_ms": 86400000, "hosts": ["bank"], "name": "bank.refuse_ppm",
    "value": 1000000}]})");
  const std::string scenario = folder.write("s.json", json.dump());
  const Ended ended = run_drawproof({"run", "--scenario", scenario, "--plan", plan});
  EXPECT_EQ(ended.code, 3) << ended.out;
  EXPECT_NE(ended.out.find("STUCK."), std::string::npos);
  const Ended sweep =
      run_drawproof({"run", "--scenario", scenario, "--plan", plan, "--seeds", "1..2"});
  EXPECT_EQ(sweep.code, 3) << sweep.out;
}

TEST(ExitCode, OneForEachVerdict) {
  using properties::Verdict;
  EXPECT_EQ(cli::exit_code(Verdict::holds), 0);
  EXPECT_EQ(cli::exit_code(Verdict::safety_violated), 1);
  EXPECT_EQ(cli::exit_code(Verdict::liveness_violated), 3);
  EXPECT_EQ(cli::exit_code(Verdict::aborted), 5);
  EXPECT_EQ(cli::exit_code(Verdict::interrupted), 130);
}

TEST(ExitCode, ASweepEndsWithItsWorstRun) {
  const std::vector<int> from_best{cli::kHolds, cli::kLivenessViolated, cli::kNonDeterminism,
                                   cli::kAborted, cli::kSafetyViolated};
  for (std::size_t i = 0; i < from_best.size(); ++i) {
    for (std::size_t j = 0; j < from_best.size(); ++j) {
      EXPECT_EQ(cli::worse(from_best[i], from_best[j]), from_best[std::max(i, j)]);
    }
  }
}

TEST(ExitCode, CodesAreAPromise) {
  EXPECT_EQ(cli::kHolds, 0);
  EXPECT_EQ(cli::kSafetyViolated, 1);
  EXPECT_EQ(cli::kUsage, 2);
  EXPECT_EQ(cli::kLivenessViolated, 3);
  EXPECT_EQ(cli::kNonDeterminism, 4);
  EXPECT_EQ(cli::kAborted, 5);
  EXPECT_EQ(cli::kInternalError, 6);
  EXPECT_EQ(cli::kInterrupted, 130);
}

}  // namespace
}  // namespace cli_test
