// The ways to break the database's promise. Each must show, and with the symptom that
// belongs to it, or the power cuts of power_cut_test.cc prove nothing.

#include <gtest/gtest.h>

#include "tests/vfs/crash_lab.h"

namespace vfs_tests {
namespace {

constexpr std::uint64_t kCuts = 1'200;

class KnownBad : public ::testing::Test {
 protected:
  Tally tally(const LabSetup& setup) {
    const Tally tally = cut_power_often(setup, kCuts, 7);
    std::printf("    %s\n", tally.text().c_str());
    return tally;
  }
  // A share of all sectors written, so that a run of a few hundred meets some.
  static constexpr std::uint32_t kOneInAHundred = 10'000;
};

// The commit is the journal's deletion. FULL does not sync the directory afterwards, so a
// power loss may bring the journal of the last transaction back, and it is rolled back:
// that one acknowledged commit is lost, nothing else ever. EXTRA is there for this:
// https://www.sqlite.org/pragma.html#pragma_synchronous.
TEST_F(KnownBad, DeleteWithFullLosesTheLastCommitOnly) {
  LabSetup setup;
  setup.journal_mode = "DELETE";
  setup.locking_mode = "NORMAL";  // in EXCLUSIVE the journal stays and its header is zeroed
  const Tally tally = this->tally(setup);
  EXPECT_GT(tally.count(Symptom::lost_commit), 0U);
  EXPECT_EQ(tally.count(Symptom::half_transaction), 0U) << tally.text();
  EXPECT_EQ(tally.count(Symptom::corrupt), 0U) << tally.text();
}

// https://www.sqlite.org/pragma.html#pragma_synchronous: "WAL mode does lose durability".
TEST_F(KnownBad, WalWithNormalLosesCommitsOnly) {
  LabSetup setup;
  setup.journal_mode = "WAL";
  setup.synchronous = "NORMAL";
  const Tally tally = this->tally(setup);
  EXPECT_GT(tally.count(Symptom::lost_commit), kCuts / 10);
  EXPECT_EQ(tally.count(Symptom::half_transaction), 0U) << tally.text();
  EXPECT_EQ(tally.count(Symptom::corrupt), 0U) << tally.text();
}

TEST_F(KnownBad, SynchronousOffBreaksEverything) {
  LabSetup setup;
  setup.synchronous = "OFF";
  const Tally tally = this->tally(setup);
  EXPECT_GT(tally.count(Symptom::lost_commit), 0U);
  EXPECT_GT(tally.count(Symptom::half_transaction), 0U);
  EXPECT_GT(tally.count(Symptom::corrupt), 0U);
}

TEST_F(KnownBad, ALyingSyncBreaksEverything) {
  LabSetup setup;
  setup.faults.lying_sync = true;
  const Tally tally = this->tally(setup);
  EXPECT_GT(tally.count(Symptom::lost_commit), 0U);
  EXPECT_GT(tally.count(Symptom::half_transaction), 0U);
  EXPECT_GT(tally.count(Symptom::corrupt), 0U);
}

TEST_F(KnownBad, ALostWriteShows) {
  LabSetup setup;
  setup.faults.lost_write_ppm = kOneInAHundred;
  const Tally tally = this->tally(setup);
  EXPECT_GT(tally.count(Symptom::half_transaction), 0U);
  EXPECT_GT(tally.count(Symptom::corrupt), 0U);
}

// Pages of the rollback-journal modes have no checksum.
TEST_F(KnownBad, ATornWriteShows) {
  LabSetup setup;
  setup.faults.torn_write_ppm = kOneInAHundred;
  const Tally tally = this->tally(setup);
  EXPECT_GT(tally.count(Symptom::half_transaction), 0U);
  EXPECT_GT(tally.count(Symptom::corrupt), 0U);
}

TEST_F(KnownBad, AMisdirectedWriteShows) {
  LabSetup setup;
  setup.faults.misdirected_write_ppm = kOneInAHundred;
  const Tally tally = this->tally(setup);
  EXPECT_GT(tally.count(Symptom::half_transaction), 0U);
  EXPECT_GT(tally.count(Symptom::corrupt), 0U);
}

// Without any power cut: the file is sound, then its medium decays. An oracle that
// compares the rows finds what integrity_check does not.
TEST_F(KnownBad, BitRotShowsAndVanishesWithTheFault) {
  Tally rotten;
  std::uint64_t errors = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Books books(Shape::spilling, seed, 8);
    Lab lab({}, seed);
    const Progress progress = lab.run(books);
    ASSERT_EQ(progress.acknowledged, 8);
    simnet::DiskFaults faults;
    faults.bit_rot_ppm = 3 * kOneInAHundred;
    faults.latent_error_ppm = kOneInAHundred / 2;
    faults.draw = draw_of(seed);
    lab.disk().set_faults(faults);
    const Verdict first = judge(books, Lab::kPath, progress);
    rotten.add(first, "seed " + std::to_string(seed));
    EXPECT_EQ(judge(books, Lab::kPath, progress).symptom, first.symptom) << "reading heals nothing";
    errors += lab.disk().stats().latent_errors > 0 ? 1U : 0U;
    lab.disk().set_faults_enabled(false);
    EXPECT_EQ(judge(books, Lab::kPath, progress).symptom, Symptom::none);
  }
  std::printf("    %s\n", rotten.text().c_str());
  EXPECT_GT(rotten.count(Symptom::half_transaction), 0U);
  EXPECT_GT(rotten.count(Symptom::corrupt), 0U);
  EXPECT_GT(rotten.count(Symptom::none), 0U);
  EXPECT_GT(errors, 0U);
}

}  // namespace
}  // namespace vfs_tests
