// 100,000 spoilt traces through the reader: each is refused by one line that names the file, or
// accepted and the same after it was written and read again. Cuts, flipped bits and splices of
// the text by the one half, damage to whole tokens by the other. Blind: files that are wrong in
// two places far from each other.
#include <gtest/gtest.h>

#include <optional>

#include "tests/faults/mutate.h"
#include "tests/traces/sample.h"
#include "tests/traces/tokens.h"
#include "traces/writer.h"

namespace traces_test {
namespace {

constexpr std::uint64_t kOfEachSort = 50'000;

struct Counts {
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::uint64_t not_json = 0;
};

std::optional<Trace> read(const std::string& text, Counts& counts) {
  try {
    Trace trace = parse(text);
    ++counts.accepted;
    return trace;
  } catch (const faults::InputError& error) {
    const std::string line = error.what();
    EXPECT_TRUE(line.starts_with("t.json: ")) << line;
    EXPECT_EQ(line.find('\n'), line.npos) << line;
    EXPECT_LT(line.size(), 1500u) << line;
    ++counts.refused;
    counts.not_json += line.find("not JSON") != line.npos ? 1 : 0;
    return std::nullopt;
  }
}

void expect_sound(const std::string& text, Counts& counts) {
  if (const std::optional<Trace> trace = read(text, counts)) {
    EXPECT_EQ(parse(to_text(*trace)), *trace) << text;
  }
}

TEST(TraceMutations, SpoiltBytes) {
  const std::string text = to_text(sample());
  Counts counts;
  for (std::uint64_t i = 0; i < kOfEachSort && !HasFailure(); ++i) {
    expect_sound(faults_test::mutate(text, i), counts);
  }
  EXPECT_EQ(counts.accepted + counts.refused, kOfEachSort);
  EXPECT_GT(counts.accepted, kOfEachSort / 100);
  EXPECT_GT(counts.not_json, kOfEachSort / 4);
}

TEST(TraceMutations, SpoiltTokens) {
  const std::vector<std::string> tokens = tokens_of(to_text(sample()));
  const simnet::StreamKey key = simnet::StreamKey(11);
  Counts counts;
  for (std::uint64_t i = 0; i < kOfEachSort && !HasFailure(); ++i) {
    simnet::Random random(key.child(i));
    expect_sound(spoil_tokens(tokens, random), counts);
  }
  EXPECT_EQ(counts.accepted + counts.refused, kOfEachSort);
  EXPECT_GT(counts.accepted, kOfEachSort / 100);
  EXPECT_GT(counts.refused - counts.not_json, kOfEachSort / 4);  // the members were reached
}

}  // namespace
}  // namespace traces_test
