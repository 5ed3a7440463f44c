// Each kind as it stands in a plan's file: read, printed the same way, and refused when a
// field is missing, foreign or out of range.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "faults/atlas.h"
#include "faults/plan.h"

namespace faults {
namespace {

const std::set<std::string> kPlanHosts{"a", "b", "c"};
const std::set<std::string> kRegions{"here", "there"};

const std::map<std::string, std::string>& members() {
  static const std::map<std::string, std::string> all{
      {"crash", R"("for_ms":2,"hosts":["a"])"},
      {"power_loss", R"("for_ms":2,"hosts":["a"])"},
      {"power_cut", R"("for_ms":2,"hosts":["a"],"value":3)"},
      {"pause", R"("for_ms":2,"hosts":["a"])"},
      {"partition", R"("for_ms":2,"hosts":["a"],"peers":["b"])"},
      {"one_way", R"("for_ms":2,"hosts":["a"],"peers":["b"])"},
      {"degrade", R"("for_ms":2,"hosts":["a"],"peers":["b"],"extra_latency_ms":4,"loss_ppm":5,)"
                  R"("duplicate_ppm":6,"reorder_ppm":7)"},
      {"clock_jump", R"("hosts":["a"],"value":-3)"},
      {"setting", R"("for_ms":2,"hosts":["a"],"name":"x","value":-3)"},
      {"bridge", R"("for_ms":2,"hosts":["a"],"peers":["b"],"bridges":["c"])"},
      {"region", R"("for_ms":2,"regions":["there"])"},
      {"clog", R"("for_ms":2,"hosts":["a"],"peers":["b"])"},
      {"reset", R"("hosts":["a"],"peers":["b"])"},
      {"half_open", R"("hosts":["a"],"peers":["b"])"},
      {"refuse", R"("for_ms":2,"hosts":["a"],"peers":["b"])"},
      {"hang", R"("for_ms":2,"hosts":["a"],"peers":["b"])"},
      {"short_io", R"("for_ms":2,"hosts":["a"],"peers":["b"],"short_ppm":3)"},
      {"flip", R"("for_ms":2,"hosts":["a"],"peers":["b"],"flip_ppm":3,"checksum":false)"},
      {"slow_link", R"("for_ms":2,"hosts":["a"],"peers":["b"],"bandwidth_bytes_per_s":3)"},
      {"dns_fail", R"("for_ms":2,"hosts":["a"])"},
      {"dns_stale", R"("for_ms":2,"hosts":["a"])"},
      {"clock_drift", R"("for_ms":2,"hosts":["a"],"drift_ppm":-3)"},
      {"clock_freeze", R"("for_ms":2,"hosts":["a"])"},
      {"slow_cpu", R"("for_ms":2,"hosts":["a"],"task_cost_us":3)"},
      {"disk_loss", R"("for_ms":2,"hosts":["a"])"},
      {"disk_slow", R"("for_ms":2,"hosts":["a"],"times":3,"stall_permille":4,"stall_ms":5)"},
      {"disk_error", R"("for_ms":2,"hosts":["a"],"error_permille":3)"},
      {"disk_full", R"("for_ms":2,"hosts":["a"])"},
      {"lying_sync", R"("for_ms":2,"hosts":["a"])"},
      {"bit_rot", R"("for_ms":2,"hosts":["a"],"sector_ppm":3)"},
      {"latent_error", R"("for_ms":2,"hosts":["a"],"sector_ppm":3)"},
      {"lost_write", R"("for_ms":2,"hosts":["a"],"sector_ppm":3)"},
      {"torn_write", R"("for_ms":2,"hosts":["a"],"sector_ppm":3)"},
      {"misdirected_write", R"("for_ms":2,"hosts":["a"],"sector_ppm":3)"},
      {"isolate_leader", R"("for_ms":2,"hosts":["a"],"after_ms":3,"reaches":1)"},
      {"deafen_leader", R"("for_ms":2,"hosts":["a"],"after_ms":3)"},
      {"pause_leader", R"("for_ms":2,"hosts":["a"],"after_ms":3)"},
      {"crash_leader", R"("for_ms":2,"hosts":["a"],"after_ms":3)"},
  };
  return all;
}

std::string text_of(const std::string& kind, const std::string& rest) {
  return R"({"version":1,"faults":[{"kind":")" + kind + R"(","at_ms":1,)" + rest + "}]}";
}

Plan read(const std::string& text) {
  return plan_from_json(parse_json(text, "p.json"), "p.json", kPlanHosts, &kRegions);
}

std::string refusal_of(const std::string& text) {
  try {
    read(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Kinds, EachIsReadAndPrintedAsItIsWritten) {
  ASSERT_EQ(members().size(), all_kinds().size());
  for (const auto& [kind, rest] : members()) {
    const std::string text = text_of(kind, rest);
    ASSERT_EQ(refusal_of(text), "accepted") << kind;
    const Plan plan = read(text);
    EXPECT_EQ(to_string(plan.faults.at(0).kind), kind);
    EXPECT_EQ(to_json(plan).dump(), text);
  }
}

// Every field is needed but those with a default, and no kind takes another's fields.
TEST(Kinds, NoFieldMayBeMissingOrForeign) {
  const std::set<std::string> optional{"extra_latency_ms", "loss_ppm",       "duplicate_ppm",
                                       "reorder_ppm",      "stall_permille", "stall_ms",
                                       "checksum",         "after_ms",       "reaches"};
  std::set<std::string> fields{"colour"};
  for (const auto& [kind, rest] : members()) {
    const Json named = Json::parse("{" + rest + "}");
    for (const auto& [field, value] : named.items()) {
      fields.insert(field);
    }
  }
  for (const auto& [kind, rest] : members()) {
    for (const std::string& field : fields) {
      Json json = Json::parse(text_of(kind, rest));
      Json& fault = json["faults"][0];
      const std::string place = "p.json: faults[0]." + field;
      if (fault.contains(field)) {
        fault.erase(field);
        const std::string error = refusal_of(json.dump());
        EXPECT_EQ(error == "accepted", optional.contains(field)) << kind << " " << field;
        EXPECT_TRUE(error == "accepted" || error.starts_with(place)) << error;
      } else {
        fault[field] = 1;
        EXPECT_TRUE(refusal_of(json.dump()).starts_with(place + ": unknown field"))
            << kind << " " << field;
      }
    }
  }
}

TEST(Kinds, NumbersStayInTheirRange) {
  for (const Kind kind : all_kinds()) {
    for (const Number& number : shape_of(kind).numbers) {
      const std::string name(to_string(kind));
      for (const auto& [value, fits] : {std::pair{number.low - 1, false},
                                        {number.low, true},
                                        {number.high, true},
                                        {number.high + 1, false}}) {
        Json json = Json::parse(text_of(name, members().at(name)));
        json["faults"][0][std::string(number.name)] = value;
        EXPECT_EQ(refusal_of(json.dump()) == "accepted", fits)
            << name << "." << number.name << " = " << value;
      }
    }
  }
}

TEST(Kinds, WrongTypesAndUnknownNamesAreRefused) {
  EXPECT_EQ(refusal_of(text_of("region", R"("for_ms":2,"regions":["mars"])")),
            "p.json: faults[0].regions: expected names of regions; there is no region \"mars\", "
            "got [\"mars\"]");
  EXPECT_EQ(refusal_of(text_of("region", R"("for_ms":2,"regions":[])")),
            "p.json: faults[0].regions: expected a list of strings that is not empty, got []");
  EXPECT_EQ(refusal_of(text_of("bridge", R"("for_ms":2,"hosts":["a"],"peers":["b"],)"
                                         R"("bridges":["mars"])")),
            "p.json: faults[0].bridges: expected names of hosts; there is no host \"mars\", got "
            "[\"mars\"]");
  EXPECT_EQ(refusal_of(text_of("flip", R"("for_ms":2,"hosts":["a"],"peers":["b"],"flip_ppm":1,)"
                                       R"("checksum":0)")),
            "p.json: faults[0].checksum: expected true or false, got 0");
  EXPECT_TRUE(refusal_of(text_of("reset", R"("for_ms":2,"hosts":["a"],"peers":["b"])"))
                  .starts_with("p.json: faults[0].for_ms: unknown field"));
}

TEST(Kinds, WithoutAListOfRegionsAnyIsAccepted) {
  const std::string text = text_of("region", R"("for_ms":2,"regions":["mars"])");
  const Plan plan = plan_from_json(parse_json(text, "p.json"), "p.json", kPlanHosts);
  EXPECT_EQ(plan.faults.at(0).regions, std::vector<std::string>{"mars"});
}

// As written before there were other kinds and fields than these.
TEST(Kinds, PlansOfEarlierVersionsAreStillRead) {
  const std::string old =
      R"({"version": 1, "faults": [
        {"kind": "crash", "at_ms": 1, "for_ms": 2, "hosts": ["a"]},
        {"kind": "degrade", "at_ms": 1, "for_ms": 2, "hosts": ["a"], "peers": ["b"],
         "extra_latency_ms": 4, "loss_ppm": 5, "duplicate_ppm": 6},
        {"kind": "degrade", "at_ms": 1, "for_ms": 2, "hosts": ["a"], "peers": ["b"]},
        {"kind": "clock_jump", "at_ms": 3, "hosts": ["a"], "value": 9}]})";
  const Plan plan = read(old);
  ASSERT_EQ(plan.faults.size(), 4u);
  EXPECT_EQ(plan.faults[1].loss_ppm, 5);
  EXPECT_EQ(plan.faults[1].reorder_ppm, 0);
  EXPECT_EQ(plan.faults[3].value, 9);
}

std::string readme() {
  std::ifstream file(std::string(DRAWPROOF_SOURCE_DIR) + "/faults/README.md");
  std::ostringstream text;
  text << file.rdbuf();
  std::string flat = text.str();
  std::replace(flat.begin(), flat.end(), '\n', ' ');
  return flat;
}

TEST(Kinds, TheCatalogueHasARowForEachWithItsFields) {
  const std::string text = readme();
  for (const Kind kind : all_kinds()) {
    EXPECT_NE(text.find("| `" + std::string(to_string(kind)) + "` |"), std::string::npos)
        << to_string(kind);
    for (const Number& number : shape_of(kind).numbers) {
      EXPECT_NE(text.find("`" + std::string(number.name) + "`"), std::string::npos) << number.name;
    }
  }
}

TEST(Kinds, TheCatalogueRepeatsEachReasonOfTheAtlas) {
  const std::string text = readme();
  for (const std::string_view reason : all_excuses()) {
    EXPECT_NE(text.find(reason), std::string::npos) << reason;
  }
}

}  // namespace
}  // namespace faults
