// A second run against a trace: where they part is found, and said.
#include "traces/compare.h"

#include <gtest/gtest.h>

#include "tests/traces/sample.h"

namespace traces_test {
namespace {

// A run that is what the sample says.
traces::Rerun as_recorded() {
  traces::Rerun rerun{sample().verdict, {}, at_ms(20'000), true};
  rerun.checkpoints = sample().checkpoints;
  return rerun;
}

TEST(Compare, TheSameRun) {
  const auto result = compare(sample(), as_recorded());
  EXPECT_TRUE(result.same);
  EXPECT_EQ(result.text, "same verdict and digest, at 3 of 3 checkpoints");
}

TEST(Compare, TheFirstCheckpointThatDiffersIsNamed) {
  traces::Rerun rerun = as_recorded();
  rerun.checkpoints[1].value = 9;
  rerun.checkpoints[2].value = 9;
  rerun.verdict.digest = 9;
  const auto result = compare(sample(), rerun);
  EXPECT_FALSE(result.same);
  EXPECT_EQ(result.text,
            "the runs part between event 1024 (5.000000 s) and event 2048 (5.000000 s): the digest "
            "was 0000000000000002, is 0000000000000009");
  rerun.checkpoints[0].at = at_ms(1);
  EXPECT_TRUE(compare(sample(), rerun)
                  .text.starts_with(
                      "the runs part between event 0 (0.000000 s) and event 1024 (5.000000 s): "));
}

TEST(Compare, ARunThatEndsEarlierOrLater) {
  traces::Rerun rerun = as_recorded();
  rerun.checkpoints.pop_back();
  rerun.checkpoints.push_back({2099, at_ms(20'000), 3});
  EXPECT_EQ(compare(sample(), rerun).text,
            "the runs part between event 2048 (5.000000 s) and event 2100 (20.000000 s): this run "
            "is over after 2099");
  rerun.checkpoints.back().events = 2200;
  rerun.verdict.digest = 4;
  EXPECT_EQ(compare(sample(), rerun).text,
            "the runs part between event 2048 (5.000000 s) and the end of the run: the digest was "
            "0000000000000003, is 0000000000000004");
  rerun.checkpoints.clear();
  EXPECT_FALSE(compare(sample(), rerun).same);
}

TEST(Compare, TheSameEventsJudgedOtherwise) {
  const auto told = [](auto change) {
    traces::Rerun rerun = as_recorded();
    change(rerun.verdict);
    const auto result = compare(sample(), rerun);
    EXPECT_FALSE(result.same);
    EXPECT_EQ(result.checkpoints, 3u);
    return result.text;
  };
  const std::string start = "the same events, but another verdict: ";
  EXPECT_EQ(told([](traces::Verdict& v) { v.outcome = traces::Outcome::holds; }),
            start + "outcome was \"safety_violated\", is \"holds\"");
  EXPECT_EQ(told([](traces::Verdict& v) { v.property = "S4"; }),
            start + "property was \"S3\", is \"S4\"");
  EXPECT_EQ(told([](traces::Verdict& v) { v.at_us = 1; }), start + "at_us was 12345678, is 1");
  EXPECT_EQ(told([](traces::Verdict& v) { v.message = "x"; }),
            start + "message was \"charged twice\", is \"x\"");
  EXPECT_EQ(told([](traces::Verdict& v) { v.aborts.clear(); }),
            start + "number of aborts was 1, is 0");
  EXPECT_EQ(told([](traces::Verdict& v) { v.aborts[0].host = "edge"; }),
            start + "the aborts are others");
}

TEST(Compare, ARunThatWasStoppedIsComparedAsFarAsItWent) {
  traces::Rerun rerun = as_recorded();
  rerun.whole = false;
  rerun.end = at_ms(10'000);
  rerun.checkpoints = {sample().checkpoints[0], sample().checkpoints[1]};
  rerun.verdict = {};
  const auto result = compare(sample(), rerun);
  EXPECT_TRUE(result.same) << result.text;
  EXPECT_EQ(result.text, "same as far as both runs went, at 2 of 3 checkpoints");
  rerun.checkpoints[1].value = 9;
  EXPECT_FALSE(compare(sample(), rerun).same);
}

TEST(Compare, ATraceOfARunThatWasStopped) {
  Trace trace = sample();
  trace.verdict.whole = false;
  trace.checkpoints.pop_back();
  traces::Rerun rerun = as_recorded();
  rerun.verdict.digest = 9;
  rerun.verdict.outcome = traces::Outcome::holds;
  EXPECT_TRUE(compare(trace, rerun).same);
}

}  // namespace
}  // namespace traces_test
