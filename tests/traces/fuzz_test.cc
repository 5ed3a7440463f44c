// Mutated scenario files: whatever comes out is a scenario or an InputError.
#include <gtest/gtest.h>

#include <string>

#include "properties/scenario.h"
#include "properties/shipped_scenarios.h"
#include "tests/faults/mutate.h"

namespace cli_test {
namespace {

TEST(Fuzz, MutatedScenariosAreAcceptedOrRefused) {
  int refused = 0;
  for (const auto& [name, text] : properties::shipped_scenarios()) {
    for (std::uint64_t i = 0; i < 1500; ++i) {
      const std::string hostile = faults_test::mutate(text, i);
      try {
        properties::scenario_from_json(faults::parse_json(hostile, "s.json"), "s.json");
      } catch (const faults::InputError& error) {
        ++refused;
        EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
        EXPECT_TRUE(std::string(error.what()).starts_with("s.json: ")) << error.what();
      }
    }
  }
  EXPECT_GT(refused, 1500);
}

// One digit, letter or sign changed: mostly still JSON, so the fields are reached.
TEST(Fuzz, ScenariosWithOneValueChangedAreAcceptedOrRefused) {
  const std::string text = properties::shipped_scenarios().at("quick");
  int refused = 0;
  int accepted = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char c : {'0', '9', '-', '.', 'e', 'x', '"', '}', ' '}) {
      std::string hostile = text;
      hostile[at] = c;
      try {
        properties::scenario_from_json(faults::parse_json(hostile, "s.json"), "s.json");
        ++accepted;
      } catch (const faults::InputError&) {
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 1000);
  EXPECT_GT(accepted, 100);
}

// What a trace keeps of a scenario is the scenario.
TEST(Scenarios, AreWrittenWithEveryField) {
  for (const auto& [name, text] : properties::shipped_scenarios()) {
    const faults::Json given = faults::parse_json(text, "s.json");
    const faults::Json written = to_json(properties::scenario_from_json(given, "s.json"));
    for (const auto& [field, value] : given.items()) {
      EXPECT_EQ(written.value(field, faults::Json()), value) << name << ": " << field;
    }
    EXPECT_EQ(to_json(properties::scenario_from_json(written, "s.json")), written);
  }
}

}  // namespace
}  // namespace cli_test
