#include "traces/fuzz/duration.h"

#include <gtest/gtest.h>

#include "tests/fuzz/support.h"

namespace fuzz_test {
namespace {

std::string refused(const std::string& text) {
  return refusal([&] { fuzz::parse_duration(text, "--time"); });
}

TEST(Duration, Units) {
  EXPECT_EQ(fuzz::parse_duration("10m", "--time"), 600'000'000);
  EXPECT_EQ(fuzz::parse_duration("90s", "--time"), 90'000'000);
  EXPECT_EQ(fuzz::parse_duration("1h30m", "--time"), 5'400'000'000);
  EXPECT_EQ(fuzz::parse_duration("1h2m3s4ms", "--time"), 3'723'004'000);
  EXPECT_EQ(fuzz::parse_duration("1500ms", "--time"), 1'500'000);
  EXPECT_EQ(fuzz::parse_duration("0h1s", "--time"), 1'000'000);
  EXPECT_EQ(fuzz::parse_duration("8760h", "--time"), 365LL * 24 * 3'600'000'000);
}

TEST(Duration, AnythingElseIsRefusedWithAnExactReason) {
  for (const char* text : {"", "10", "m", "10x", "1.5h", "-1s", "+1s", " 1s", "1s ", "1 s", "1sm",
                           "1M", "1mss", "1s\n"}) {
    EXPECT_NE(refused(text).find("--time: expected a length of time such as 90s, 10m or 1h30m"),
              std::string::npos)
        << text << ": " << refused(text);
  }
  for (const char* text : {"1s1s", "1s1m", "1m1h", "1ms1s"}) {
    EXPECT_EQ(refused(text), "--time: expected each unit once and the larger first, got \"" +
                                 std::string(text) + "\"");
  }
  for (const char* text :
       {"8761h", "8760h1ms", "99999999999999999999999s", "18446744073709551615h"}) {
    EXPECT_EQ(refused(text),
              "--time: expected at most 365 days, got \"" + std::string(text) + "\"");
  }
  EXPECT_EQ(refused("0s"), "--time: expected more than nothing, got \"0s\"");
}

}  // namespace
}  // namespace fuzz_test
