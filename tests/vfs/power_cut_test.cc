// The promise of the database under the lottery: power may go at any disk call, what was
// acknowledged is there, nothing is there by half. And the ways to break the promise
// that must show, each with its symptom, or the check proves nothing.
//
// DRAWPROOF_POWER_CUTS sets the number of cuts of the first test.

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/vfs/crash_lab.h"

namespace vfs_tests {
namespace {

#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t kCutsUnlessTold = 30'000;
#else
constexpr std::uint64_t kCutsUnlessTold = 3'000;
#endif
constexpr std::uint64_t kCutsOfAnotherMode = 600;

std::uint64_t power_cuts() {
  const char* told = std::getenv("DRAWPROOF_POWER_CUTS");
  return told != nullptr ? std::strtoull(told, nullptr, 10) : kCutsUnlessTold;
}

void report(const Tally& tally) { std::printf("    %s\n", tally.text().c_str()); }

TEST(PowerCuts, TruncateWithFullLosesNothing) {
  for (const std::uint32_t sector_bytes : {512U, 4096U}) {
    LabSetup setup;
    setup.sector_bytes = sector_bytes;
    const Tally tally = cut_power_often(setup, power_cuts() / 2, sector_bytes);
    report(tally);
    EXPECT_EQ(tally.broken(), 0U) << tally.text();
    EXPECT_EQ(tally.experiments, power_cuts() / 2);
    // The cuts found unsynced sectors and treated them in each way.
    EXPECT_GT(tally.sectors.kept, tally.experiments / 2);
    EXPECT_GT(tally.sectors.dropped, tally.experiments / 2);
    EXPECT_GT(tally.sectors.torn, tally.experiments / 10);
    EXPECT_GT(tally.cut_again, tally.experiments / 10);
  }
}

TEST(PowerCuts, OtherSafeModesLoseNothing) {
  std::vector<LabSetup> setups(5);
  setups[0].journal_mode = "DELETE";
  setups[0].synchronous = "EXTRA";
  setups[1].journal_mode = "PERSIST";
  setups[2].journal_mode = "WAL";
  setups[3].journal_mode = "WAL";
  setups[3].locking_mode = "NORMAL";
  setups[4].locking_mode = "NORMAL";
  for (LabSetup& setup : setups) {
    for (const std::uint32_t sector_bytes : {512U, 4096U}) {
      setup.sector_bytes = sector_bytes;
      const Tally tally = cut_power_often(setup, kCutsOfAnotherMode, 100 + sector_bytes);
      report(tally);
      EXPECT_EQ(tally.broken(), 0U)
          << setup.journal_mode << "/" << setup.synchronous << ": " << tally.text();
    }
  }
}

}  // namespace
}  // namespace vfs_tests
