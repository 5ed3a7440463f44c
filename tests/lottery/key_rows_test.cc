#include "system/lottery/key_rows.h"

#include <gtest/gtest.h>

#include <string>

namespace {

using lottery::KeyRows;

const auto kAny = [](std::int64_t) { return true; };

TEST(KeyRows, FindsEachKeyAmongMany) {
  constexpr std::int64_t kKeys = 20'000;
  KeyRows rows;
  EXPECT_FALSE(rows.find("0", kAny).has_value());
  for (std::int64_t row = 0; row < kKeys; ++row) {
    rows.add(std::to_string(row), row);
  }
  for (std::int64_t row = 0; row < kKeys; ++row) {
    EXPECT_EQ(rows.find(std::to_string(row), kAny), row);
  }
  EXPECT_FALSE(rows.find(std::to_string(kKeys), kAny).has_value());
}

// Two keys with one hash look to the table like one key that was added twice.
TEST(KeyRows, KeysWithOneHashAreToldApartByTheirRows) {
  KeyRows rows;
  for (const std::int64_t row : {7, 8, 9}) {
    rows.add("key", row);
  }
  for (const std::int64_t row : {9, 7, 8}) {
    EXPECT_EQ(rows.find("key", [&](std::int64_t asked) { return asked == row; }), row);
  }
  std::string asked;
  EXPECT_FALSE(rows.find("key",
                         [&](std::int64_t row) {
                           asked += std::to_string(row);
                           return false;
                         })
                   .has_value());
  EXPECT_EQ(asked, "789");
}

}  // namespace
