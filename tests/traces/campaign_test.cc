// `drawproof fuzz` and `drawproof campaign` as a user runs them.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/traces/program.h"

namespace cli_test {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::milliseconds;
namespace fs = std::filesystem;

// Runs in a few milliseconds.
std::string tiny(const Folder& folder, const std::string& name = "tiny") {
  return folder.write(name + ".json",
                      R"({"version": 1, "name": "tiny", "duration_s": 20, "closes_at_s": 15,
    "users": 3, "intents_per_user": 2, "tickets_max": 2, "capacity": 10, "price": 100,
    "hold_ttl_s": 5, "think_max_ms": 500, "grace_s": 200, "decline_percent": 60})");
}

std::string planted(const std::string& id) { return DRAWPROOF_BINARY_DIR "/bugs/drawproof-" + id; }

bool there(const std::string& program) { return fs::exists(program); }

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// `fuzz` with its files in the folder.
std::vector<std::string> fuzz_in(const Folder& folder, const std::string& db,
                                 const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"fuzz", "--db", folder.path() + "/" + db, "--findings",
                                     folder.path() + "/findings"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

Json shown(const Folder& folder, const std::string& db) {
  const Ended ended = run_drawproof({"campaign", "show", "--json", folder.path() + "/" + db});
  EXPECT_EQ(ended.code, 0) << ended.err;
  return Json::parse(ended.out);
}

// Without what no two campaigns have in common.
Json comparable(Json json) {
  json.erase("campaigns");
  json["total"].erase("wall_us");
  for (auto& [name, totals] : json["scenarios"].items()) {
    totals.erase("wall_us");
  }
  for (Json& finding : json["findings"]) {
    finding.erase("diagnostics");  // has addresses
  }
  return json;
}

TEST(Campaigns, ACampaignThatHolds) {
  const Folder folder;
  const Ended ended =
      run_drawproof(fuzz_in(folder, "c.db",
                            {"--scenario", tiny(folder), "--seed-base", "7", "--runs", "12",
                             "--jobs", "2", "--repeat", "50", "--json", "--junit",
                             folder.path() + "/j.xml", "--sarif", folder.path() + "/s.sarif"}));
  EXPECT_EQ(ended.code, 0) << ended.err;
  const Json json = Json::parse(ended.out);
  EXPECT_EQ(json["total"]["runs"], 12);
  EXPECT_EQ(json["total"]["verdicts"], Json({{"holds", 12}}));
  EXPECT_GT(json["total"]["repeated"], 0);
  EXPECT_LT(json["total"]["repeated"], 12);
  EXPECT_TRUE(json["findings"].empty());
  EXPECT_NE(ended.err.find("seed base 7"), std::string::npos);
  EXPECT_EQ(json, shown(folder, "c.db"));
  EXPECT_EQ(content(folder.path() + "/j.xml").find("<failure"), std::string::npos);
  EXPECT_NE(content(folder.path() + "/j.xml").find("name=\"S3 "), std::string::npos);
  EXPECT_TRUE(Json::parse(content(folder.path() + "/s.sarif"))["runs"][0]["results"].empty());
  const Ended plain = run_drawproof({"campaign", "show", folder.path() + "/c.db"});
  EXPECT_EQ(plain.code, 0);
  EXPECT_NE(plain.out.find("Runs           12, "), std::string::npos) << plain.out;
}

TEST(Campaigns, TheDigestsAreThoseOfRun) {
  const Folder folder;
  const std::string scenario = tiny(folder);
  run_drawproof(
      fuzz_in(folder, "c.db",
              {"--scenario", scenario, "--seed-base", "3", "--runs", "1", "--repeat", "100"}));
  const Ended run = run_drawproof({"run", "--scenario", scenario, "--seed", "3", "--json"});
  const Json report = Json::parse(run.out);
  const Json total = shown(folder, "c.db")["total"];
  EXPECT_EQ(total["events"], report["events"]);
  EXPECT_EQ(total["virtual_us"], report["virtual_us"]);
  EXPECT_EQ(total["repeated"], 1);
}

TEST(Campaigns, ShardsUnitedAreOneCampaign) {
  const std::string program = there(planted("A01")) ? planted("A01") : drawproof();  // findings
  const Folder folder;
  const std::string one = tiny(folder, "one");
  const std::string two = tiny(folder, "two");
  const auto part = [&](const std::string& db, const std::vector<std::string>& more) {
    std::vector<std::string> arguments =
        fuzz_in(folder, db,
                {"--seed-base", "100", "--runs", "23", "--repeat", "30", "--scenario", one, two});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(program, arguments).code;
  };
  const int whole = part("whole.db", {});
  part("0.db", {"--shard", "0/2"});
  part("1.db", {"--shard", "1/2"});
  const Ended merged = run_drawproof({"campaign", "merge", folder.path() + "/all.db",
                                      folder.path() + "/0.db", folder.path() + "/1.db"});
  EXPECT_EQ(merged.code, 0) << merged.err;
  const Json all = shown(folder, "all.db");
  EXPECT_EQ(all["campaigns"].size(), 2u);
  EXPECT_EQ(comparable(all), comparable(shown(folder, "whole.db")));
  EXPECT_EQ(all["total"]["runs"], 23);
  EXPECT_EQ(whole == 5, !all["findings"].empty());
}

TEST(Campaigns, AnAbortIsAFindingAndNotTheEnd) {
  if (!there(planted("A01"))) {
    GTEST_SKIP() << "the target `bugs` was not built";
  }
  const Folder folder;
  const std::string scenario = tiny(folder);
  const Ended ended = run_program(
      planted("A01"), fuzz_in(folder, "c.db",
                              {"--scenario", scenario, "--seed-base", "1", "--runs", "20", "--jobs",
                               "2", "--annotations", "--junit", folder.path() + "/j.xml"}));
  EXPECT_EQ(ended.code, 5) << ended.out << ended.err;
  const Json json = shown(folder, "c.db");
  EXPECT_EQ(json["total"]["runs"], 20);
  ASSERT_EQ(json["findings"].size(), 1u);
  const Json& finding = json["findings"][0];
  EXPECT_EQ(finding["kind"], "crashed");
  EXPECT_EQ(finding["exit_code"], 5);
  EXPECT_EQ(finding["count"], json["total"]["verdicts"]["crashed"]);
  EXPECT_LT(finding["count"], 20) << "the others end as they should";
  EXPECT_TRUE(finding["message"].get<std::string>().starts_with("crashed by signal 6 (SIGABRT)"));
  const std::string seed = std::to_string(finding["seed"].get<std::uint64_t>());
  EXPECT_NE(ended.out.find("tiny.json seed " + seed + ": crashed: crashed by signal 6 (SIGABRT)"),
            std::string::npos)
      << ended.out;
  EXPECT_NE(ended.out.find("::error title=crashed in "), std::string::npos);
  EXPECT_EQ(lines_in(content(folder.path() + "/j.xml")) > 10, true);
  EXPECT_NE(content(folder.path() + "/j.xml").find("<failure type=\"crashed\""), std::string::npos);
  // What is kept of it makes the same program crash, and the right one not.
  const std::string trace = folder.path() + "/findings/tiny/crashed-seed-" + seed + ".json";
  EXPECT_EQ(finding["trace"], trace);
  EXPECT_EQ(run_program(planted("A01"), {"replay", trace, "--quiet"}).signal, SIGABRT);
  EXPECT_EQ(run_drawproof({"replay", trace, "--quiet"}).code, 0);
}

TEST(Campaigns, FindingsAreMadeSmall) {
  if (!there(planted("M25"))) {
    GTEST_SKIP() << "the target `bugs` was not built";
  }
  const Folder folder;
  const Ended ended =
      run_program(planted("M25"), fuzz_in(folder, "c.db",
                                          {"--scenario", "quick", "--seed-base", "1", "--runs",
                                           "12", "--jobs", "2", "--shrink", "4s", "--json"}));
  const Json findings = Json::parse(ended.out)["findings"];
  ASSERT_FALSE(findings.empty()) << ended.out;
  for (const Json& finding : findings) {
    const std::string whole = finding["trace"].get<std::string>();
    const std::string small = whole.substr(0, whole.size() - 5) + ".small.json";
    EXPECT_EQ(Json::parse(content(small))["verdict"]["property"], finding["property"]);
    EXPECT_LT(content(small).size(), content(whole).size());
    EXPECT_EQ(run_program(planted("M25"), {"replay", small, "--quiet", "--verify"}).code,
              finding["exit_code"]);
  }
}

TEST(Campaigns, AnOrderOfAddressesIsNonDeterminism) {
  if (!there(planted("N01"))) {
    GTEST_SKIP() << "the target `bugs` was not built";
  }
  const Folder folder;
  const Ended ended = run_program(planted("N01"), fuzz_in(folder, "c.db",
                                                          {"--scenario", "quick", "--seed-base",
                                                           "1", "--runs", "4", "--repeat", "100"}));
  EXPECT_EQ(ended.code, 4) << ended.out << ended.err;
  EXPECT_NE(ended.out.find("different at the checkpoint of event "), std::string::npos);
  EXPECT_NE(ended.out.find(" --repeat-check"), std::string::npos);
  const Json json = shown(folder, "c.db");
  ASSERT_EQ(json["findings"].size(), 1u);
  EXPECT_EQ(json["findings"][0]["kind"], "non_determinism");
  // Without second runs nobody would know.
  EXPECT_EQ(
      run_program(planted("N01"),
                  fuzz_in(folder, "d.db", {"--scenario", "quick", "--runs", "2", "--repeat", "0"}))
          .code,
      0);
}

TEST(Campaigns, CtrlCEndsItCleanlyAndItGoesOnLater) {
  const Folder folder;
  const std::string scenario = tiny(folder);
  const std::vector<std::string> arguments =
      fuzz_in(folder, "c.db", {"--scenario", scenario, "--time", "10m", "--jobs", "2"});
  const Ended ended = run_program(drawproof(), arguments, SIGINT, milliseconds(1500));
  EXPECT_EQ(ended.code, 130) << ended.err;
  EXPECT_NE(ended.out.find("; interrupted"), std::string::npos) << ended.out;
  const std::uint64_t runs = shown(folder, "c.db")["total"]["runs"];
  EXPECT_GT(runs, 0u);
  const Ended more = run_drawproof(
      fuzz_in(folder, "c.db", {"--resume", "--runs", std::to_string(runs + 5), "--jobs", "2"}));
  EXPECT_EQ(more.code, 0) << more.err;
  const Json json = shown(folder, "c.db");
  EXPECT_EQ(json["campaigns"].size(), 1u);
  EXPECT_GE(json["total"]["runs"], runs + 5);
  EXPECT_LE(json["total"]["runs"], runs + 6);
}

TEST(Campaigns, AKillLosesNoFindingThatWasPrinted) {
  if (!there(planted("A01"))) {
    GTEST_SKIP() << "the target `bugs` was not built";
  }
  const Folder folder;
  const std::string scenario = tiny(folder);
  for (int i = 0; i < 5; ++i) {
    const std::string db = std::to_string(i) + ".db";
    const Ended ended =
        run_program(planted("A01"),
                    fuzz_in(folder, db, {"--scenario", scenario, "--time", "10m", "--jobs", "2"}),
                    SIGKILL, milliseconds(300 + 130 * i));
    EXPECT_EQ(ended.signal, SIGKILL);
    std::set<std::string> told;
    std::istringstream lines(ended.out);
    for (std::string line; std::getline(lines, line);) {
      if (const std::string seed = after(line, " seed "); line.find(": crashed: ") != line.npos) {
        told.insert(seed.substr(0, seed.find(':')));
      }
    }
    if (told.empty() && !fs::exists(folder.path() + "/" + db)) {
      continue;  // killed before it began
    }
    const Json json = shown(folder, db);
    const std::uint64_t count =
        json["findings"].empty() ? 0 : json["findings"][0]["count"].get<std::uint64_t>();
    EXPECT_GE(count, told.size());
    for (const Json& seed :
         json["findings"].empty() ? Json::array() : json["findings"][0]["first"]) {
      told.erase(std::to_string(seed["seed"].get<std::uint64_t>()));
    }
    EXPECT_TRUE(told.empty() || count > 5) << *told.begin();
  }
}

TEST(Campaigns, InCITheCommitChoosesTheSeeds) {
  const Folder folder;
  const std::string scenario = tiny(folder);
  const auto base = [&](const std::string& db, bool ci) {
    std::vector<std::string> arguments{ci ? "CI=true" : "-uCI", "-uGITHUB_ACTIONS", drawproof()};
    if (ci) {
      arguments = {"CI=true", drawproof()};
    }
    for (const std::string& word : fuzz_in(folder, db, {"--scenario", scenario, "--runs", "1"})) {
      arguments.push_back(word);
    }
    EXPECT_EQ(run_program("/usr/bin/env", arguments).code, 0);
    return shown(folder, db)["campaigns"][0]["seed_base"].get<std::uint64_t>();
  };
  EXPECT_EQ(base("1.db", true), base("2.db", true));
  EXPECT_NE(base("3.db", false), base("4.db", false));
}

TEST(Campaigns, BadOptionsAreRefused) {
  const Folder folder;
  const auto refused = [&](const std::vector<std::string>& more, const std::string& expected) {
    expect_refused(fuzz_in(folder, "c.db", more), expected);
  };
  refused({"--time", "10x"}, "--time: expected a length of time such as 90s, 10m or 1h30m");
  refused({"--time", "0s"}, "--time: expected more than nothing");
  refused({"--hang-after", ""}, "--hang-after: expected a length of time");
  refused({"--time", "1m", "--runs", "1"}, "--time excludes --runs");
  refused({"--runs", "0"}, "--runs: expected an integer from 1 to");
  refused({"--runs", "1e3"}, "--runs: expected an integer from 1 to");
  refused({"--jobs", "0"}, "--jobs: expected an integer from 1 to 1024, got \"0\"");
  refused({"--repeat", "101"}, "--repeat: expected an integer from 0 to 100, got \"101\"");
  refused({"--seed-base", "-1"}, "--seed-base: expected an integer from 0 to");
  refused({"--shard", "2/2"}, "--shard: i: expected an integer from 0 to 1, got \"2\"");
  refused({"--shard", "0/0"}, "--shard: n: expected an integer from 1 to");
  refused({"--shard", "1"}, "--shard: expected i/n with i from 0 to n - 1, got \"1\"");
  refused({"--scenario", "slow"}, "--scenario: there is no scenario \"slow\"");
  refused({"--scenario", "quick", "quick"}, "--scenario: \"quick\" is given twice");
  refused({"--resume"}, "c.db: there is no such database");
  refused({"--junit", folder.path()}, "--junit: " + folder.path() + " is a directory");
  refused({"--sarif", "/nowhere/x"}, "--sarif: /nowhere/x cannot be written: there is no folder");
  EXPECT_TRUE(folder.list().empty()) << "a refused campaign leaves nothing";
}

TEST(Campaigns, DatabasesThatAreNoneAreRefused) {
  const Folder folder;
  folder.write("text.db", "no database, but long enough to be one");
  const std::string findings = folder.path() + "/findings";
  for (const std::string& db : {std::string("text.db"), std::string("."), std::string("a/b.db")}) {
    expect_refused(fuzz_in(folder, db, {"--runs", "1"}), db);
  }
  EXPECT_FALSE(fs::exists(findings));
  expect_refused({"campaign", "show", folder.path() + "/none.db"}, "there is no such database");
  expect_refused({"campaign", "show", folder.path() + "/text.db"}, "is no campaign's database");
  const std::string scenario = tiny(folder);
  run_drawproof(fuzz_in(folder, "c.db", {"--scenario", scenario, "--runs", "1"}));
  expect_refused({"campaign", "merge", folder.path() + "/c.db", folder.path() + "/c.db"},
                 "exists already");
  expect_refused({"campaign", "merge", folder.path() + "/new.db", folder.path() + "/c.db",
                  folder.path() + "/text.db"},
                 "is no campaign's database");
  EXPECT_FALSE(fs::exists(folder.path() + "/new.db"));
  EXPECT_FALSE(fs::exists(folder.path() + "/new.db.part"));
}

TEST(Campaigns, ResumingWithOtherCodeIsRefused) {
  if (!there(planted("A01"))) {
    GTEST_SKIP() << "the target `bugs` was not built";
  }
  const Folder folder;
  run_program(planted("A01"), fuzz_in(folder, "c.db", {"--scenario", tiny(folder), "--runs", "1"}));
  expect_refused(fuzz_in(folder, "c.db", {"--resume", "--runs", "1"}),
                 "--resume: the newest campaign in ");
}

}  // namespace
}  // namespace cli_test
