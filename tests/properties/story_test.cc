// No property is blind: each accepts every true story and notices its lie wherever it is told.
#include "tests/properties/story.h"

#include "tests/properties/searched.h"

namespace properties {
namespace {

constexpr int kStories = 15;

class EachProperty : public testing::TestWithParam<const char*> {};

TEST_P(EachProperty, NoticesItsLie) {
  expect_of_any(kStories, [] {
    Teller teller(*any_story(), GetParam());
    teller.tell();
    RC_ASSERT(teller.stage().violates(GetParam()));
  });
}

INSTANTIATE_TEST_SUITE_P(Story, EachProperty,
                         testing::Values("S1", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10",
                                         "S14", "S15", "S20", "S26", "L1", "L2", "L3"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Story, TheTruthHolds) {
  std::map<std::string, std::uint64_t> checks;
  expect_of_any(4 * kStories, [&] {
    Teller teller(*any_story(), "");
    teller.tell();
    RC_ASSERT(teller.stage().failures() == "");
    for (const auto& property : teller.stage().oracle.properties()) {
      checks[std::string(property->id())] += property->checks();
    }
  });
  EXPECT_EQ(checks.size(), 16u);
  for (const auto& [id, count] : checks) {
    EXPECT_GT(count, 50u) << id;
  }
}

}  // namespace
}  // namespace properties
