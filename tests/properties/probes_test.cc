// What a universe reached: counts that belong to it alone, names that are those of the
// sources, and quotas.
#include "properties/probes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "properties/universe.h"

namespace properties {
namespace {

Scenario few_users() {
  Scenario scenario = load_scenario("quick");
  scenario.users = 6;
  scenario.duration_s = 30;
  scenario.closes_at_s = 25;
  return scenario;
}

ProbeCounts reached(std::uint64_t seed, const faults::Plan& plan = {}) {
  Universe universe(few_users(), seed, plan, draw_workload(few_users(), seed));
  return universe.run({}).probes;
}

std::set<std::string> names_in_sources() {
  static const std::regex call(R"(\bprobe::hit(_if)?\s*<\s*"([^"]*)\"\s*>)");
  std::set<std::string> names;
  const std::filesystem::path root(DRAWPROOF_SOURCE_DIR);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "system")) {
    if (entry.path().extension() != ".cc") {
      continue;
    }
    std::ifstream file(entry.path());
    const std::string text(std::istreambuf_iterator<char>(file), {});
    for (std::sregex_iterator it(text.begin(), text.end(), call), end; it != end; ++it) {
      names.insert((*it)[2]);
    }
  }
  return names;
}

TEST(ProbesOfAUniverse, TheProgramKnowsEveryProbeOfTheSources) {
  const auto linked = probe::names();
  EXPECT_EQ(std::set<std::string>(linked.begin(), linked.end()), names_in_sources());
  EXPECT_GE(linked.size(), 60u);
}

TEST(ProbesOfAUniverse, NamesOfTheWorldHaveTheFormAndMeetNoOther) {
  const ProbeCounts all = no_probes();
  for (const auto& [name, count] : all) {
    EXPECT_TRUE(probe::is_well_formed(name)) << name;
    EXPECT_EQ(count, 0u) << name;
  }
  for (const std::string_view name : probe::names()) {
    const std::string_view area = name.substr(0, name.find('.'));
    EXPECT_TRUE(area != "network" && area != "host" && area != "disk" && area != "fault") << name;
  }
  EXPECT_GE(all.size(), probe::names().size() + faults::all_kinds().size());
}

TEST(ProbesOfAUniverse, ASeedHasItsOwnWhateverRanBefore) {
  const ProbeCounts first = reached(1);
  const ProbeCounts other = reached(2);
  EXPECT_EQ(reached(1), first);
  EXPECT_NE(other, first);
  EXPECT_EQ(first.size(), no_probes().size());
}

TEST(ProbesOfAUniverse, FaultsShow) {
  faults::Plan plan;
  faults::Fault power;
  power.kind = faults::Kind::power_loss;
  power.at_ms = 9'000;
  power.for_ms = 2'000;
  power.hosts = {"ledger-2"};
  faults::insert(plan, power);
  const ProbeCounts with = reached(1, plan);
  const ProbeCounts without = reached(1);
  EXPECT_EQ(with.at("fault.power_loss"), 1u);
  EXPECT_EQ(with.at("host.power_lost"), 1u);
  EXPECT_EQ(without.at("fault.power_loss"), 0u);
  EXPECT_EQ(without.at("host.power_lost"), 0u);
  EXPECT_GT(with.at("replica.peer_connection_lost") + with.at("replica.messages_dropped"), 0u);
}

ProbeQuota quota_in(const char* text, const std::string& scenario = "quick") {
  return probe_quota(faults::parse_json(text, "q.json"), "q.json", scenario);
}

TEST(Quota, IsInProportionToTheSeeds) {
  const ProbeQuota quota = quota_in(
      R"({"version": 1, "quotas": [{"scenario": "quick", "seeds": 300,
          "at_least": {"saga.sold_out": 30, "raft.vote_lost": 1}},
          {"scenario": "storm", "seeds": 1, "at_least": {}}]})");
  ProbeCounts sum = no_probes();
  sum["saga.sold_out"] = 29;
  EXPECT_EQ(missed(quota, sum, 300).size(), 2u);
  EXPECT_EQ(missed(quota, sum, 290).size(), 0u) << "29 of 29 due; 0 of 0 due";
  sum["raft.vote_lost"] = 1;
  const auto one = missed(quota, sum, 300);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].name, "saga.sold_out");
  EXPECT_EQ(one[0].reached, 29u);
  EXPECT_EQ(one[0].at_least, 30u);
}

TEST(Quota, BadFilesAreRefused) {
  const auto refused = [](const char* text) {
    try {
      quota_in(text);
      return std::string();
    } catch (const faults::InputError& error) {
      return std::string(error.what());
    }
  };
  EXPECT_NE(refused(R"({"version": 2, "quotas": []})"), "");
  EXPECT_NE(refused(R"({"version": 1, "quotas": []})").find("no quota for scenario"),
            std::string::npos);
  EXPECT_NE(refused(R"({"version": 1, "quotas": [{"scenario": "quick", "seeds": 1,
            "at_least": {"raft.no_such": 1}}]})")
                .find("raft.no_such"),
            std::string::npos);
  EXPECT_NE(refused(R"({"version": 1, "quotas": [{"scenario": "storm", "seeds": 1,
            "at_least": {"saga.sold_out": 0}}]})"),
            "");
  EXPECT_NE(refused(R"({"version": 1, "quotas": [{"scenario": "quick", "seeds": 0,
            "at_least": {}}]})"),
            "");
  EXPECT_NE(refused(R"({"version": 1, "quotas": [
            {"scenario": "quick", "seeds": 1, "at_least": {}},
            {"scenario": "quick", "seeds": 1, "at_least": {}}]})"),
            "");
}

TEST(Quota, TheShippedOneFitsTheShippedScenarios) {
  const std::string path = std::string(DRAWPROOF_SOURCE_DIR) + "/properties/probes.json";
  const faults::Json json = faults::read_json_file(path);
  for (const char* scenario : {"quick", "elections"}) {
    EXPECT_GE(probe_quota(json, path, scenario).at_least.size(), 30u) << scenario;
  }
}

}  // namespace
}  // namespace properties
