#include "traces/fuzz/finding.h"

#include <gtest/gtest.h>

#include "tests/fuzz/support.h"
#include "traces/fuzz/output.h"

namespace fuzz_test {
namespace {

using fuzz::Ending;
using fuzz::Kind;
using fuzz::Result;
using fuzz::shape_of;

Ending ended(const Result& result) {
  Ending ending;
  ending.result = result;
  return ending;
}

TEST(Shape, WhatDiffersFromSeedToSeedIsGone) {
  EXPECT_EQ(shape_of("intent user-17/i2 paid 1800 of 900 in p12.0"), "intent # paid # of # in #");
  EXPECT_EQ(shape_of("ledger-us-1 and ledger-eu-2 differ at 4711"), "# and # differ at #");
  EXPECT_EQ(shape_of("bad address 0x55d0c3 (+0x1f)"), "bad address # (+#)");
  EXPECT_EQ(shape_of("nothing to replace"), "nothing to replace");
  EXPECT_EQ(shape_of(""), "");
  EXPECT_EQ(shape_of("42"), "#");
}

TEST(Shape, ValuesAreGone) {
  EXPECT_EQ(shape_of("the row {\"a\": [1, {\"b\": 2}]} is \"one thing\" and no \"other"),
            "the row # is # and no \"other");
  EXPECT_EQ(shape_of("SELECT \"id\",\"user\" FROM main.\"sessions\""), "SELECT # FROM main.#");
  EXPECT_EQ(shape_of("an open [ bracket"), "an open [ bracket");
}

TEST(Shape, RowsOfNumbersAreOne) {
  EXPECT_EQ(shape_of("seats 1, 2, 3 are sold"), "seats # are sold");
  EXPECT_EQ(shape_of("seats 1, 2 are sold"), "seats # are sold");
}

TEST(Shape, IsBounded) { EXPECT_LE(shape_of(std::string(100'000, '!')).size(), 100u); }

TEST(Failure, OneBugOneCauseWhateverTheSeed) {
  const auto one = failure_of(ended(violating(1, "user-3 was charged 2 times")));
  const auto other = failure_of(ended(violating(2, "user-17 was charged 3 times")));
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->cause, other->cause);
  EXPECT_NE(one->message, other->message);
  Result elsewhere = violating(3, "user-3 was charged 2 times");
  elsewhere.property = "S4";
  EXPECT_NE(failure_of(ended(elsewhere))->cause, one->cause);
}

TEST(Failure, KindsFollowTheOutcome) {
  Result result = holding(1);
  EXPECT_FALSE(failure_of(ended(result)));
  result.outcome = traces::Outcome::liveness_violated;
  EXPECT_EQ(failure_of(ended(result))->cause.kind, Kind::liveness_violated);
  result.outcome = traces::Outcome::aborted;
  result.place = "ledger-eu-1";
  EXPECT_EQ(failure_of(ended(result))->cause.kind, Kind::aborted);
  EXPECT_EQ(failure_of(ended(result))->cause.place, "ledger-eu-#");
  for (const Kind kind : fuzz::kKinds) {
    EXPECT_EQ(fuzz::kind_from(to_string(kind)), kind);
  }
  EXPECT_FALSE(fuzz::kind_from("bored"));
}

Ending crashed(const std::string& diagnostics) {
  Ending ending;
  ending.how = fuzz::How::exited;
  ending.number = 1;
  ending.diagnostics = diagnostics;
  return ending;
}

TEST(Failure, ASanitizersReportIsTheCause) {
  const auto failure = failure_of(crashed(
      "some log\n==77==ERROR: AddressSanitizer: heap-use-after-free on address 0x61 at pc 0x5\n"
      "  #0 0x55 in f a.cc:3\nSUMMARY: AddressSanitizer: heap-use-after-free a.cc:3 in f\n"));
  EXPECT_EQ(failure->cause.place, "AddressSanitizer: heap-use-after-free a.cc:3 in f");
  EXPECT_NE(failure->cause.shape.find("ERROR: AddressSanitizer: heap-use-after-free on address #"),
            std::string::npos);
  const auto undefined = failure_of(
      crashed("a line\na.cc:7:3: runtime error: signed integer overflow: 2147483647 + 1\n"));
  EXPECT_NE(undefined->cause.shape.find("runtime error: signed integer overflow: # + #"),
            std::string::npos)
      << undefined->cause.shape;
}

TEST(Failure, TwoRunsAreComparedByCheckpoints) {
  const Result one = holding(1);
  EXPECT_FALSE(difference(one, one));
  Result other = one;
  other.digest = 99;
  other.checkpoints.back().value = 99;
  const auto failure = difference(one, other);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->cause.kind, Kind::non_determinism);
  EXPECT_EQ(failure->message,
            "digests 0000000000001eef and 0000000000000063: the same until the checkpoint at event "
            "500 (2.000 s), different at the checkpoint of event 1001 (5.000 s)");
  other.checkpoints.front().value = 5;
  EXPECT_NE(difference(one, other)->message.find("the same until the start"), std::string::npos);
}

TEST(ResultText, IsReadBackAndNothingElseIs) {
  Result result = violating(7, "bytes \xff\xfe and \"quotes\"\n");
  result.probes = {{"election while paying", 3}};
  const auto back = fuzz::result_from_text(to_text(result));
  ASSERT_TRUE(back);
  EXPECT_EQ(to_text(*back), to_text(result));
  EXPECT_EQ(back->digest, result.digest);
  EXPECT_EQ(back->checkpoints.size(), 2u);
  for (const char* text : {"", "{", "[]", "{}", "null", "{\"outcome\":\"holds\"}"}) {
    EXPECT_FALSE(fuzz::result_from_text(text)) << text;
  }
  std::string spoilt = to_text(result);
  spoilt.replace(spoilt.find("safety_violated"), 15, "everything_okay");
  EXPECT_FALSE(fuzz::result_from_text(spoilt));
}

TEST(Output, KeepsBothEnds) {
  fuzz::Output output;
  std::string all;
  for (int i = 0; i < 10'000; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    output.add(line);
    all += line;
  }
  const std::string text = output.text();
  EXPECT_TRUE(text.starts_with(all.substr(0, fuzz::Output::kStart_bytes)));
  EXPECT_TRUE(text.ends_with(all.substr(all.size() - fuzz::Output::kEnd_bytes)));
  const std::size_t kept = fuzz::Output::kStart_bytes + fuzz::Output::kEnd_bytes;
  EXPECT_NE(text.find("[" + std::to_string(all.size() - kept) + " bytes left out]"),
            std::string::npos);
  fuzz::Output little;
  little.add("short");
  EXPECT_EQ(little.text(), "short");
}

}  // namespace
}  // namespace fuzz_test
