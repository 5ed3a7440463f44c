// Replicas of a register under crashes, power losses, partitions, bad links, wrong clocks and
// failing disks; on a minority also disks that damage what they hold. Many seeds, and many more
// with DRAWPROOF_REPLICA_SEEDS=<first>:<count>.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/replica/trial.h"

namespace replica_test {
namespace {

struct Seeds {
  std::uint64_t first = 1;
  std::uint64_t count = 0;
};

Seeds seeds_or(std::uint64_t count) {
  const char* text = std::getenv("DRAWPROOF_REPLICA_SEEDS");
  if (text == nullptr) {
    return {1, count};
  }
  Seeds seeds;
  char* end = nullptr;
  seeds.first = std::strtoull(text, &end, 10);
  seeds.count = *end == ':' ? std::strtoull(end + 1, nullptr, 10) : 1;
  return seeds;
}

// Every seed must hold, and together they must have met what makes the test worth its time.
void sweep(Seeds seeds, const ClusterOptions& options) {
  Verdict sum;
  std::uint64_t failing = 0;
  std::uint64_t rotten = 0;
  for (std::uint64_t seed = seeds.first; seed < seeds.first + seeds.count; ++seed) {
    const Verdict verdict = try_seed(seed, options);
    for (const std::string& violation : verdict.violations) {
      ADD_FAILURE() << "seed " << seed << ", " << options.voters << " voters: " << violation;
    }
    if (!verdict.violations.empty()) {
      std::printf("plan of seed %llu: %s\n", static_cast<unsigned long long>(seed),
                  verdict.plan.c_str());
    }
    sum.writes += verdict.writes;
    sum.reads += verdict.reads;
    sum.elections += verdict.elections;
    sum.snapshots += verdict.snapshots;
    sum.distrusted += verdict.distrusted;
    sum.damaged += verdict.damaged;
    sum.mended += verdict.mended;
    sum.disks.injected_errors += verdict.disks.injected_errors;
    sum.disks.rotten_reads += verdict.disks.rotten_reads;
    sum.disks.power_losses += verdict.disks.power_losses;
    sum.disks.sectors.torn += verdict.disks.sectors.torn;
    failing += verdict.disks.injected_errors != 0 ? 1 : 0;
    rotten += verdict.disks.rotten_reads != 0 ? 1 : 0;
  }
  std::printf(
      "%llu seeds: %llu writes, %llu reads, %llu elections, %llu snapshots, %llu openings of a log "
      "that lost something, %llu of %llu damaged nodes mended\n",
      static_cast<unsigned long long>(seeds.count), static_cast<unsigned long long>(sum.writes),
      static_cast<unsigned long long>(sum.reads), static_cast<unsigned long long>(sum.elections),
      static_cast<unsigned long long>(sum.snapshots),
      static_cast<unsigned long long>(sum.distrusted), static_cast<unsigned long long>(sum.mended),
      static_cast<unsigned long long>(sum.damaged));
  std::printf(
      "disks: %llu calls refused (EIO, ENOSPC) in %llu seeds, %llu rotten reads in %llu seeds, "
      "%llu power losses that tore %llu sectors\n",
      static_cast<unsigned long long>(sum.disks.injected_errors),
      static_cast<unsigned long long>(failing),
      static_cast<unsigned long long>(sum.disks.rotten_reads),
      static_cast<unsigned long long>(rotten),
      static_cast<unsigned long long>(sum.disks.power_losses),
      static_cast<unsigned long long>(sum.disks.sectors.torn));
  if (seeds.count >= 20) {
    EXPECT_GT(sum.disks.injected_errors, 0u);
    EXPECT_GT(sum.disks.rotten_reads, 0u);
    EXPECT_GT(sum.disks.sectors.torn, 0u);
    EXPECT_GT(sum.writes, 100 * seeds.count);
    EXPECT_GT(sum.reads, 50 * seeds.count);
    EXPECT_GT(sum.elections, 2 * seeds.count);
    EXPECT_GT(sum.snapshots, seeds.count / 4);
    EXPECT_GT(sum.mended, 0u);
  }
}

// 60 virtual seconds of faults each.
TEST(ReplicaCluster, ThreeVotersHoldUnderFaults) { sweep(seeds_or(60), {}); }

TEST(ReplicaCluster, FiveVotersAndTwoLearnersHoldUnderFaults) {
  sweep(seeds_or(40), {.voters = 5, .learners = 2});
}

TEST(ReplicaCluster, SeedsThatOnceFailed) {
  // A failed write of a journal, met while the log was opened: what its header was sealed with was
  // the header before.
  sweep({9505, 1}, {.trouble = seconds(30)});
  // The remains of a journal that was never synced, behind one that was: taken for damage.
  sweep({2849, 1}, {});
}

TEST(ReplicaCluster, TheSameSeedIsTheSameUniverse) {
  EXPECT_EQ(try_seed(7, {}).digest, try_seed(7, {}).digest);
  EXPECT_NE(try_seed(7, {}).digest, try_seed(8, {}).digest);
}

}  // namespace
}  // namespace replica_test
