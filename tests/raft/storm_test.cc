// S20 over seeded storms, and liveness in the calm after each.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "tests/raft/storm.h"

namespace {

using namespace raft_tests;

void survive(const StormSetup& setup, std::uint64_t first_seed, std::uint64_t seeds) {
  Tally tally;
  std::uint64_t slowest_leader = 0;
  std::uint64_t slowest = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
    const StormResult result = run_storm(setup, seed);
    ASSERT_EQ(result.failure, "") << "seed " << seed << ", step " << result.step;
    tally.add(result.tally);
    slowest_leader = std::max(slowest_leader, result.ticks_to_leader);
    slowest = std::max(slowest, result.ticks_to_converge);
  }
  std::printf("%s\nslowest leader after %llu ticks, slowest agreement after %llu\n",
              tally.text().c_str(), static_cast<unsigned long long>(slowest_leader),
              static_cast<unsigned long long>(slowest));
  for (const std::uint64_t count :
       {tally.elections, tally.commits, tally.reads, tally.failed_reads, tally.conflicts,
        tally.snapshots, tally.crashes, tally.transfers, tally.changes, tally.damages,
        tally.trust_regained}) {
    EXPECT_GT(count, seeds / 20) << "a storm in which this is rare proves little";
  }
}

TEST(Storm, ThreeVotersAndTwoLearners) { survive({}, 1, 1500); }

TEST(Storm, FiveVotersAndTwoLearners) {
  survive({.voters = 5, .learners = 2, .spares = 0}, 100'001, 700);
}

}  // namespace
