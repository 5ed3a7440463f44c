// S20 over seeded storms, and liveness in the calm after each.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "tests/raft/storm.h"

namespace {

using namespace raft_tests;

void survive(const StormSetup& setup, std::uint64_t first_seed, std::uint64_t seeds) {
  Tally tally;
  std::uint64_t slowest = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
    const StormResult result = run_storm(setup, seed);
    ASSERT_EQ(result.failure, "") << "seed " << seed << ", step " << result.step;
    tally.add(result.tally);
    slowest = std::max(slowest, result.calm_ticks);
  }
  std::printf("%s\nslowest agreement after %llu ticks\n", tally.text().c_str(),
              static_cast<unsigned long long>(slowest));
  for (const std::uint64_t count :
       {tally.elections, tally.commits, tally.reads, tally.failed_reads, tally.conflicts,
        tally.snapshots, tally.crashes, tally.transfers, tally.changes}) {
    EXPECT_GT(count, seeds / 20) << "a storm in which this is rare proves little";
  }
  EXPECT_EQ(tally.trust_regained > seeds / 20, !setup.restless);
}

TEST(Storm, ThreeVotersAndTwoLearners) { survive({}, 1, 3000); }

TEST(Storm, FiveVotersAndTwoLearners) {
  survive({.voters = 5, .learners = 2, .spares = 0}, 100'001, 1500);
}

// An even number of voters, where single-server changes of two leaders could part majorities.
TEST(Storm, RestlessMembership) {
  survive({.voters = 4, .learners = 0, .spares = 2, .restless = true}, 200'001, 1500);
}

}  // namespace
