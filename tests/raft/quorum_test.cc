// The arithmetic of majorities against a dumb twin: subsets, counted one by one.
#include "system/raft/quorum.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>

namespace {

using namespace raft;

// Whether more of `count` bits are set than not.
bool is_majority(std::uint64_t subset, std::size_t count) {
  return 2 * static_cast<std::size_t>(std::popcount(subset)) > count;
}

// The best value that some majority has reached in full.
std::uint64_t reached_by_brute_force(const std::vector<std::uint64_t>& values) {
  std::uint64_t best = 0;
  for (std::uint64_t subset = 0; subset < (std::uint64_t{1} << values.size()); ++subset) {
    if (!is_majority(subset, values.size())) {
      continue;
    }
    std::uint64_t least = UINT64_MAX;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if ((subset >> i) & 1) {
        least = values[i] < least ? values[i] : least;
      }
    }
    best = least > best ? least : best;
  }
  return best;
}

// Tries every way in which the open answers could turn out.
Verdict count_by_brute_force(const std::vector<NodeId>& voters,
                             const std::map<NodeId, bool>& answers) {
  bool can_win = false;
  bool can_lose = false;
  for (std::uint64_t subset = 0; subset < (std::uint64_t{1} << voters.size()); ++subset) {
    bool possible = true;
    for (std::size_t i = 0; i < voters.size(); ++i) {
      const auto answer = answers.find(voters[i]);
      possible = possible && (answer == answers.end() || answer->second == ((subset >> i) & 1));
    }
    if (possible) {
      (is_majority(subset, voters.size()) ? can_win : can_lose) = true;
    }
  }
  return can_win && can_lose ? Verdict::open : can_win ? Verdict::won : Verdict::lost;
}

TEST(Quorum, TwoMajoritiesOfTheSameVotersOverlap) {
  for (std::size_t voters = 0; voters < 1000; ++voters) {
    EXPECT_GT(2 * majority(voters), voters);
    EXPECT_LE(majority(voters), voters + (voters == 0 ? 1 : 0));
  }
}

TEST(Quorum, NobodyReachesNothing) {
  EXPECT_EQ(reached_by_majority({}), 0u);
  EXPECT_EQ(count_votes({}, {}), Verdict::lost);
}

RC_GTEST_PROP(Quorum, ReachedIsWhatTheTwinSays, ()) {
  const auto values = *rc::gen::resize(
      7, rc::gen::container<std::vector<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(0, 6)));
  RC_ASSERT(reached_by_majority(values) == reached_by_brute_force(values));
}

RC_GTEST_PROP(Quorum, VerdictIsWhatTheTwinSays, ()) {
  std::vector<NodeId> voters;
  for (NodeId id = 1; id <= *rc::gen::inRange<NodeId>(0, 8); ++id) {
    voters.push_back(id);
  }
  // Answers of others than the voters are among them, and must not count.
  const auto answers = *rc::gen::container<std::map<NodeId, bool>>(rc::gen::inRange<NodeId>(1, 11),
                                                                   rc::gen::arbitrary<bool>());
  RC_ASSERT(count_votes(voters, answers) == count_by_brute_force(voters, answers));
}

}  // namespace
