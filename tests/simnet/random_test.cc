#include "simnet/random.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <set>
#include <vector>

namespace simnet {
namespace {

constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();

std::vector<std::uint64_t> draw(Random random, int count) {
  std::vector<std::uint64_t> result;
  for (int i = 0; i < count; ++i) {
    result.push_back(random.next());
  }
  return result;
}

TEST(StreamKey, NumbersDependOnTheKeyAndTheCounterOnly) {
  const StreamKey key = StreamKey(42).child("disk").child(3);
  const std::uint64_t seventh = key.at(7);
  EXPECT_EQ(StreamKey(42).child("disk").child(3).at(7), seventh);
  EXPECT_NE(key.at(8), seventh);
  EXPECT_NE(StreamKey(43).child("disk").child(3).at(7), seventh);
  EXPECT_NE(StreamKey(42).child("disc").child(3).at(7), seventh);
  EXPECT_NE(StreamKey(42).child("disk").child(4).at(7), seventh);
}

// The digests of every stored trace rest on these numbers.
TEST(StreamKey, NumbersAreTheSameForEver) {
  EXPECT_EQ(StreamKey(1).at(0), StreamKey(1).at(0));
  const std::set<std::uint64_t> distinct{StreamKey(1).at(0), StreamKey(1).at(1),
                                         StreamKey(1).child(0).at(0), StreamKey(1).child("").at(0),
                                         StreamKey(0).at(0)};
  EXPECT_EQ(distinct.size(), 5u);
}

TEST(Random, DrawsOfOneStreamDoNotMoveAnother) {
  const StreamKey root(9);
  const auto alone = draw(Random(root.child("b")), 50);
  Random other(root.child("a"));
  Random stream(root.child("b"));
  std::vector<std::uint64_t> between;
  for (int i = 0; i < 50; ++i) {
    for (int j = 0; j < i % 4; ++j) {
      other.next();
    }
    between.push_back(stream.next());
  }
  EXPECT_EQ(between, alone);
}

TEST(Random, BelowStaysBelowAtTheEdges) {
  EXPECT_EQ(below(kMost, 0), 0u);
  EXPECT_EQ(below(0, 0), 0u);
  EXPECT_EQ(below(kMost, 1), 0u);
  EXPECT_EQ(below(kMost, 10), 9u);
  EXPECT_EQ(below(0, 10), 0u);
  EXPECT_EQ(below(kMost, kMost), kMost - 1);
}

TEST(Random, BelowReachesEveryValueAboutEquallyOften) {
  Random random{StreamKey(5)};
  std::array<int, 7> seen{};
  for (int i = 0; i < 70'000; ++i) {
    ++seen.at(random.below(7));
  }
  for (const int count : seen) {
    EXPECT_GT(count, 9'500);
    EXPECT_LT(count, 10'500);
  }
}

TEST(Random, RatioOfNoneAndOfAll) {
  Random random{StreamKey(6)};
  int hits = 0;
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_FALSE(random.ratio(0, 1'000'000));
    EXPECT_TRUE(random.ratio(1'000'000, 1'000'000));
    EXPECT_TRUE(random.ratio(2'000'000, 1'000'000));
    hits += random.ratio(250'000, 1'000'000) ? 1 : 0;
  }
  EXPECT_GT(hits, 2'350);
  EXPECT_LT(hits, 2'650);
}

TEST(Random, BetweenIncludesBothEnds) {
  Random random{StreamKey(7)};
  std::set<std::int64_t> seen;
  for (int i = 0; i < 200; ++i) {
    seen.insert(random.between(-1, 2));
  }
  EXPECT_EQ(seen, (std::set<std::int64_t>{-1, 0, 1, 2}));
  EXPECT_EQ(random.between(5, 5), 5);
}

TEST(Random, BetweenTheExtremes) {
  constexpr auto low = std::numeric_limits<std::int64_t>::min();
  constexpr auto high = std::numeric_limits<std::int64_t>::max();
  Random random{StreamKey(8)};
  int negative = 0;
  for (int i = 0; i < 1'000; ++i) {
    negative += random.between(low, high) < 0 ? 1 : 0;
    EXPECT_LE(random.between(low, 0), 0);
    EXPECT_GE(random.between(0, high), 0);
  }
  EXPECT_GT(negative, 400);
  EXPECT_LT(negative, 600);
}

}  // namespace
}  // namespace simnet
