// Plans as JSON: the round trip, what is refused and how, and mutated files.
#include "faults/plan.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

#include "tests/faults/mutate.h"

namespace faults {
namespace {

const std::set<std::string> kHosts{"bank", "edge", "ledger", "user-1"};

std::string plan_refusal(const std::string& text) {
  try {
    plan_from_json(parse_json(text, "p.json"), "p.json", kHosts);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::string of_fault(const std::string& members) {
  return plan_refusal("{\"version\": 1, \"faults\": [{" + members + "}]}");
}

std::int64_t number(std::int64_t low, std::int64_t high) {
  return *rc::gen::inRange<std::int64_t>(low, high + 1);
}

std::vector<std::string> some_hosts() {
  const std::vector<std::string> all(kHosts.begin(), kHosts.end());
  return *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(all)));
}

Fault any_fault() {
  Fault fault;
  fault.kind = *rc::gen::elementOf(all_kinds());
  const Shape& shape = shape_of(fault.kind);
  fault.at_ms = number(0, kDay_ms);
  fault.for_ms = shape.lasts ? number(1, kDay_ms) : 0;
  fault.hosts = shape.hosts ? some_hosts() : std::vector<std::string>();
  fault.peers = shape.peers ? some_hosts() : std::vector<std::string>();
  fault.bridges = shape.bridges ? some_hosts() : std::vector<std::string>();
  fault.regions = shape.regions ? some_hosts() : std::vector<std::string>();
  fault.checksum = !shape.checksum || number(0, 1) == 1;
  for (const Number& each : shape.numbers) {
    fault.*each.member = number(each.low, each.high);
  }
  if (shape.named) {
    fault.name = *rc::gen::string<std::string>();
    for (char& c : fault.name) {
      c = static_cast<char>(c & 0x7f);
    }
  }
  return fault;
}

TEST(Plan, JsonRoundTrip) {
  EXPECT_TRUE(rc::check("a plan survives its JSON", [] {
    Plan plan;
    const std::int64_t count = number(0, 8);
    for (std::int64_t i = 0; i < count; ++i) {
      insert(plan, any_fault());
    }
    const Json json = to_json(plan);
    RC_ASSERT(plan_from_json(json, "p.json", kHosts) == plan);
    RC_ASSERT(plan_from_json(parse_json(json.dump(2), "p.json"), "p.json", kHosts) == plan);
  }));
}

TEST(Plan, InsertKeepsTheOrderOfTimeAndOfInsertion) {
  Plan plan;
  for (const auto& [at, name] : {std::pair{5, "first"}, {1, "second"}, {5, "third"}}) {
    Fault fault;
    fault.at_ms = at;
    fault.name = name;
    insert(plan, fault);
  }
  ASSERT_EQ(plan.faults.size(), 3u);
  EXPECT_EQ(plan.faults[0].name, "second");
  EXPECT_EQ(plan.faults[1].name, "first");
  EXPECT_EQ(plan.faults[2].name, "third");
}

TEST(Plan, TheDocumentItself) {
  EXPECT_EQ(plan_refusal("[]"), "p.json: expected an object, got []");
  EXPECT_EQ(plan_refusal("{}"), "p.json: version: expected an integer from 1 to 1, got nothing");
  EXPECT_EQ(plan_refusal("{\"version\": 2, \"faults\": []}"),
            "p.json: version: expected an integer from 1 to 1, got 2");
  EXPECT_EQ(plan_refusal("{\"version\": 1}"), "p.json: faults: expected a list, got nothing");
  EXPECT_EQ(plan_refusal("{\"version\": 1, \"faults\": {}}"),
            "p.json: faults: expected a list, got {}");
  EXPECT_EQ(plan_refusal("{\"version\": 1, \"faults\": [], \"seed\": 3}"),
            "p.json: seed: unknown field; known here: faults, version");
  EXPECT_EQ(plan_refusal("{\"version\": 1, \"faults\": [7]}"),
            "p.json: faults[0]: expected an object, got 7");
  EXPECT_EQ(plan_refusal("{\"version\": 1, \"faults\": []}"), "accepted");
}

TEST(Plan, EachFieldOfAFault) {
  const std::string crash = R"("kind": "crash", "at_ms": 1, "for_ms": 2, "hosts": ["bank"])";
  EXPECT_EQ(of_fault(crash), "accepted");
  EXPECT_TRUE(of_fault(R"("kind": "meteor")")
                  .starts_with("p.json: faults[0].kind: expected one of crash, power_loss"));
  EXPECT_EQ(of_fault(R"("kind": "crash", "at_ms": -1)"),
            "p.json: faults[0].at_ms: expected an integer from 0 to 86400000, got -1");
  EXPECT_EQ(of_fault(R"("kind": "crash", "at_ms": 1, "for_ms": 2, "hosts": ["mars"])"),
            "p.json: faults[0].hosts: expected names of hosts; there is no host \"mars\", got "
            "[\"mars\"]");
  EXPECT_EQ(of_fault(R"("kind": "crash", "at_ms": 1, "for_ms": 2, "hosts": [])"),
            "p.json: faults[0].hosts: expected a list of strings that is not empty, got []");
  EXPECT_EQ(of_fault(R"("kind": "crash", "at_ms": 1, "for_ms": 0, "hosts": ["bank"])"),
            "p.json: faults[0].for_ms: expected an integer from 1 to 86400000, got 0");
  EXPECT_TRUE(of_fault(crash + R"(, "peers": ["edge"])")
                  .starts_with("p.json: faults[0].peers: unknown field"));
  EXPECT_TRUE(of_fault(R"("kind": "partition", "at_ms": 1, "for_ms": 2, "hosts": ["bank"])")
                  .starts_with("p.json: faults[0].peers: expected a list of strings"));
  EXPECT_TRUE(of_fault(R"("kind": "power_cut", "at_ms": 1, "for_ms": 2, "hosts": ["bank"],
                          "value": 0)")
                  .starts_with("p.json: faults[0].value: expected an integer from 1 to"));
  EXPECT_TRUE(of_fault(R"("kind": "degrade", "at_ms": 1, "for_ms": 2, "hosts": ["bank"],
                          "peers": ["edge"], "loss_ppm": 1000001)")
                  .starts_with("p.json: faults[0].loss_ppm: expected an integer from 0 to "));
  EXPECT_TRUE(of_fault(R"("kind": "setting", "at_ms": 1, "for_ms": 2, "hosts": ["bank"],
                          "value": 1)")
                  .starts_with("p.json: faults[0].name: expected a string, got nothing"));
}

TEST(Plan, MutatedFilesAreAcceptedOrRefused) {
  Plan plan;
  for (const Kind kind : all_kinds()) {
    Fault fault;
    fault.kind = kind;
    fault.at_ms = 1000;
    fault.for_ms = 500;
    fault.hosts = {"bank", "edge"};
    fault.peers = {"ledger"};
    fault.name = "bank.mute_ppm";
    fault.value = 7;
    insert(plan, fault);
  }
  const std::string text = to_json(plan).dump(1);
  int refused = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const std::string hostile = faults_test::mutate(text, i);
    try {
      plan_from_json(parse_json(hostile, "p.json"), "p.json", kHosts);
    } catch (const InputError& error) {
      ++refused;
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
      EXPECT_TRUE(std::string(error.what()).starts_with("p.json: ")) << error.what();
    }
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace faults
