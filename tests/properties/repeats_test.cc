#include "properties/repeats.h"

#include <gtest/gtest.h>

namespace properties {
namespace {

simnet::Time at(std::int64_t second) { return simnet::Time(std::chrono::seconds(second)); }

TEST(Repeats, AreToldOnceWithTheirLastTime) {
  const std::vector<Violation> violations = {
      {"S4", at(1), "p1"}, {"S4", at(2), "p2"}, {"S4", at(3), "p1"}, {"S4", at(5), "p1"}};
  const std::vector<Repeats> once = each_once(violations);
  ASSERT_EQ(once.size(), 2u);
  EXPECT_EQ(once[0].first, &violations[0]);
  EXPECT_EQ(once[0].times, 3u);
  EXPECT_EQ(once[0].last, at(5));
  EXPECT_EQ(once[1].first, &violations[1]);
  EXPECT_EQ(once[1].times, 1u);
  EXPECT_EQ(once[1].last, at(2));
  EXPECT_TRUE(each_once({}).empty());
}

}  // namespace
}  // namespace properties
