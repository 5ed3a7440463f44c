// Bad input to the program: exit code 2, one line that names file and field, no
// output, no crash.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/traces/program.h"

namespace cli_test {
namespace {

using Json = nlohmann::ordered_json;

// CLI11 finds these; its message may have a second line.
void expect_usage(const std::vector<std::string>& arguments, const std::string& expected) {
  const Ended ended = run_drawproof(arguments);
  EXPECT_EQ(ended.code, 2) << ended.err;
  EXPECT_EQ(ended.out, "") << expected;
  EXPECT_GE(lines_in(ended.err), 1u);
  EXPECT_LE(lines_in(ended.err), 2u) << ended.err;
  EXPECT_NE(ended.err.find(expected), std::string::npos) << ended.err;
}

Json scenario() {
  return Json::parse(R"({"version": 1, "name": "small", "duration_s": 20, "closes_at_s": 15,
    "users": 2, "intents_per_user": 1, "tickets_max": 2, "capacity": 10, "price": 100,
    "hold_ttl_s": 5, "think_max_ms": 500, "grace_s": 60})");
}

const char* const kPlan = R"({"version": 1, "faults": [
  {"kind": "crash", "at_ms": 100, "for_ms": 200, "hosts": ["bank"]}]})";

// What is wrong with the text itself, the same for both kinds of file.
void expect_texts_refused(const Folder& folder, const std::vector<std::string>& before) {
  const auto refused = [&](const std::string& text, const std::string& expected) {
    std::vector<std::string> arguments = before;
    arguments.push_back(folder.write("bad.json", text));
    expect_refused(arguments, "bad.json: " + expected);
  };
  refused("", "line 1: not JSON");
  refused("   \n\n", "line 3: not JSON");
  refused("{\"version\": 1,\n\"name\" 2}", "line 2: not JSON");
  refused("{\"version\": 1, \"name\": \"\xff\xfe\"}", "line 1: not JSON");
  refused(std::string("{\"version\": 1,\0}", 16), "line 1: not JSON");
  refused("\"text\"", "expected an object, got \"text\"");
  refused("null", "expected an object, got null");
  refused("[1, 2]", "expected an object, got [1,2]");
  refused(std::string(100'000, '['), "nested more than 32 deep");
  refused(std::string(100'000, '[') + std::string(100'000, ']'), "nested more than 32 deep");
  refused("{\"version\": 1, \"version\": 1}", "version: given twice");
  refused("{\"version\": 1e400}", "version: the number is too large");
  refused("{\"version\": 18446744073709551616}", "version: expected an integer from 1 to 1");
  refused("{\"version\": 18446744073709551615}", "version: expected an integer from 1 to 1");
  refused("{\"version\": 1.0}", "version: expected an integer from 1 to 1, got 1.0");
  refused("{\"version\": \"1\"}", "version: expected an integer from 1 to 1, got \"1\"");
  refused("{\"version\": -1}", "version: expected an integer from 1 to 1, got -1");
  refused("{}", "version: expected an integer from 1 to 1, got nothing");
}

TEST(BadInput, TextsOfScenarios) { expect_texts_refused(Folder(), {"run", "--scenario"}); }
TEST(BadInput, TextsOfPlans) { expect_texts_refused(Folder(), {"run", "--plan"}); }
TEST(BadInput, TextsOfWorkloads) { expect_texts_refused(Folder(), {"run", "--workload"}); }

TEST(BadInput, FilesThatAreNone) {
  const Folder folder;
  const std::string missing = folder.path() + "/missing.json";
  for (const char* option : {"--scenario", "--plan", "--workload"}) {
    expect_refused({"run", option, missing}, missing + ": cannot be read");
    expect_refused({"run", option, folder.path() + "/"}, "cannot be read: it is a directory");
  }
}

TEST(BadInput, EachFieldOfAScenario) {
  const Folder folder;
  const auto refused = [&](const std::string& field, const Json& value,
                           const std::string& expected) {
    Json json = scenario();
    json[field] = value;
    expect_refused({"run", "--scenario", folder.write("s.json", json.dump(1))},
                   "s.json: " + field + ": " + expected);
  };
  for (const char* field : {"duration_s", "closes_at_s", "users", "intents_per_user", "tickets_max",
                            "capacity", "hold_ttl_s", "grace_s"}) {
    refused(field, 0, "expected an integer from 1 to");
    refused(field, -3, "expected an integer from 1 to");
  }
  for (const char* field : {"price", "think_max_ms", "rush_percent", "decline_percent"}) {
    refused(field, -1, "expected an integer from 0 to");
  }
  for (const Json& wrong : {Json(1.5), Json("5"), Json(true), Json(nullptr), Json::array({5}),
                            Json::object(), Json(1e300), Json(UINT64_MAX)}) {
    refused("capacity", wrong, "expected an integer from 1 to 1000000000, got ");
  }
  for (const char* field :
       {"rush_percent", "decline_percent", "walk_away_percent", "cancel_percent", "give_up_percent",
        "double_press_percent", "kind_off_percent"}) {
    refused(field, 101, "expected an integer from 0 to 100, got 101");
  }
  refused("voters", 4, "expected 3 or 5, got 4");
  refused("voters", 7, "expected an integer from 3 to 5, got 7");
  refused("tick_ms", 9, "expected an integer from 10 to 1000, got 9");
  refused("append_bytes_max", 0, "expected an integer from 1 to 1048576, got 0");
  refused("appends_in_flight_max", 0, "expected an integer from 1 to 1000, got 0");
  refused("fault_kinds", Json::array({"crash", "meteor"}), "expected one of crash, power_loss");
  refused("fault_kinds", Json::array(), "expected a list of strings that is not empty");
  refused("users", 10'001, "expected an integer from 1 to 10000, got 10001");
  refused("name", 7, "expected a string, got 7");
  refused("about", Json::array(), "expected a string, got []");
  refused("capcity", 7, "unknown field; known here: ");
  refused("closes_at_s", 21, "expected at most duration_s (20), got 21");
  refused("rush_s", 16, "expected at most closes_at_s (15), got 16");
  Json json = scenario();
  json["rush_percent"] = 50;
  json["rush_s"] = 0;
  expect_refused({"run", "--scenario", folder.write("r.json", json.dump())},
                 "r.json: rush_s: expected at least 1, because rush_percent is above 0, got 0");
  json = scenario();
  json["two\nlines"] = 7;
  expect_refused({"run", "--scenario", folder.write("s.json", json.dump())},
                 "s.json: two\\x0alines: unknown field");
}

TEST(BadInput, FieldsThatAreMissing) {
  const Folder folder;
  for (const char* field :
       {"version", "name", "duration_s", "closes_at_s", "users", "intents_per_user", "tickets_max",
        "capacity", "price", "hold_ttl_s", "think_max_ms", "grace_s"}) {
    Json json = scenario();
    json.erase(field);
    expect_refused({"run", "--scenario", folder.write("s.json", json.dump())},
                   std::string("s.json: ") + field + ": expected ");
  }
}

TEST(BadInput, FieldsOfAPlan) {
  const Folder folder;
  const auto refused = [&](const std::string& fault, const std::string& expected) {
    const std::string text =
        "{\"version\": 1, \"faults\": [{\"kind\": \"pause\", \"at_ms\": 1,"
        " \"for_ms\": 1, \"hosts\": [\"edge\"]}, " +
        fault + "]}";
    expect_refused({"run", "--scenario", "quick", "--plan", folder.write("p.json", text)},
                   "p.json: faults[1]" + expected);
  };
  refused("3", ": expected an object, got 3");
  refused("{\"kind\": \"crush\"}", ".kind: expected one of crash, ");
  refused("{\"kind\": 3}", ".kind: expected a string, got 3");
  refused("{\"kind\": \"crash\", \"at_ms\": -5}", ".at_ms: expected an integer from 0 to");
  refused("{\"kind\": \"crash\", \"at_ms\": 1.5}", ".at_ms: expected an integer from 0 to");
  refused(R"({"kind": "crash", "at_ms": 1, "hosts": ["user-21"]})",
          ".hosts: expected names of hosts; there is no host \"user-21\"");
  refused(R"({"kind": "crash", "at_ms": 1, "hosts": "bank"})", ".hosts: expected a list");
  refused(R"({"kind": "crash", "at_ms": 1, "for_ms": -1, "hosts": ["bank"]})",
          ".for_ms: expected an integer from 1 to");
  refused(R"({"kind": "crash", "at_ms": 1, "for_ms": 1, "hosts": ["bank"], "why": 1})",
          ".why: unknown field; known here: ");
}

TEST(BadInput, AWorkloadOfAnotherScenario) {
  const Folder folder;
  const std::string text = R"({"version": 1, "users": [
    {"user": "user-9", "arrives_ms": 1, "intents": [{"intent": 1}]}]})";
  expect_refused({"run", "--scenario", "storm", "--workload", folder.write("w.json", text)},
                 "w.json: users[0].user: expected the name of a user of the scenario");
}

TEST(BadInput, Names) {
  expect_refused({"run", "--scenario", "slow"},
                 "--scenario: there is no scenario \"slow\"; known: ");
  expect_refused({"run", "--scenario", ""}, "--scenario: there is no scenario \"\"");
  expect_refused({"run", "--scenario", "two\nlines"}, "there is no scenario \"two\\x0alines\"");
  expect_refused({"run", "--seeds", "1..2", "--stop-on", "S99"},
                 "--stop-on: there is no property \"S99\"; known: S1, ");
}

TEST(BadInput, Seeds) {
  for (const char* seeds :
       {"5..1", "a..b", "1..", "..1", "1...2", "1", "1..2..3", " 1..2", "-1..2", "+1..2", "1.5..2",
        "0x1..0x2", "99999999999999999999..99999999999999999999", ".."}) {
    expect_refused({"run", std::string("--seeds=") + seeds}, "--seeds: expected A..B with A <= B");
  }
  expect_refused({"run", "--seeds", "0..18446744073709551615"}, "--seeds: ");
  for (const char* seed : {"-1", "+1", "abc", "1.5", "18446744073709551616", "1e3", "0x1",
                           "99999999999999999999999", " 1"}) {
    expect_refused({"run", std::string("--seed=") + seed},
                   "--seed: expected an integer from 0 to 18446744073709551615, got ");
  }
}

TEST(BadInput, OptionsThatContradictEachOther) {
  const Folder folder;
  const std::string plan = folder.write("p.json", kPlan);
  expect_refused({"run", "--plan", plan, "--no-faults"}, "--plan and --no-faults contradict");
  expect_usage({"run", "--seed", "1", "--seeds", "1..2"}, "--seed");
  expect_usage({"run", "--print-plan", "--seeds", "1..2"}, "--print-plan");
  expect_usage({"run", "--print-workload", "--seeds", "1..2"}, "--print-workload");
  expect_usage({"run", "--print-workload", "--print-plan"}, "--print-plan");
  expect_usage({"run", "--stop-at-first"}, "--seeds");
  expect_usage({"run", "--digests", folder.path() + "/d"}, "--seeds");
}

TEST(BadInput, ADigestFileThatCannotBeWritten) {
  const Folder folder;
  const std::string file = folder.path() + "/no/such/folder/d";
  expect_refused({"run", "--scenario", "quick", "--seeds", "1..1", "--digests", file},
                 "--digests: " + file + " cannot be written");
  expect_refused({"run", "--scenario", "quick", "--seeds", "1..1", "--digests", folder.path()},
                 "--digests: " + folder.path() + " cannot be written");
}

TEST(BadInput, Usage) {
  expect_usage({}, "subcommand");
  expect_usage({"fly"}, "subcommand");
  expect_usage({"run", "--seed", "-1"}, "");
  expect_usage({"run", "--fly"}, "--fly");
  expect_usage({"run", "--scenario"}, "--scenario");
  expect_usage({"run", "extra"}, "extra");
}

TEST(BadInput, TheCatalogueOfPlantedBugs) {
  const Folder folder;
  expect_refused({"bugs", "--catalogue", folder.path() + "/none.json"},
                 "none.json: cannot be read");
  const auto refused = [&](const std::string& text, const std::string& expected) {
    expect_refused({"bugs", "--catalogue", folder.write("b.json", text)}, "b.json: " + expected);
  };
  refused("[]", "expected an object");
  refused("{\"version\": 1, \"bugs\": [{\"id\": 1}]}", "bugs[0].id: expected a string, got 1");
  refused("{\"version\": 1, \"bugs\": [3]}", "bugs[0]: expected an object, got 3");
  expect_refused({"bugs", "--seeds", "2..1"}, "--seeds: expected A..B");
}

TEST(GoodInput, HelpAndVersionAreNoErrors) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--help"}, {"run", "--help"}, {"bugs", "--help"}, {"--version"}}) {
    const Ended ended = run_drawproof(arguments);
    EXPECT_EQ(ended.code, 0);
    EXPECT_NE(ended.out, "");
    EXPECT_EQ(ended.err, "");
  }
}

}  // namespace
}  // namespace cli_test
