// The faults of the disk: how those under way on one host act together, and that they
// are gone afterwards, but for what a write fault left on the medium.
#include <gtest/gtest.h>

#include <span>

#include "tests/faults/stage.h"

namespace faults {
namespace {

using namespace std::chrono_literals;
using simnet::DiskStatus;

class Disks : public Stage {
 protected:
  simnet::Disk& disk() { return host("a").disk(); }
  const simnet::DiskFaults& now() { return disk().faults(); }
  DiskStatus open() { return disk().open("x", {.create = true}, file_); }
  DiskStatus write(char c, std::size_t size = 512) {
    const std::string bytes(size, c);
    return file_.write(0, std::as_bytes(std::span(bytes)));
  }
  DiskStatus read(std::string& into) {
    std::size_t got = 0;
    into.assign(512, '?');
    return file_.read(0, std::as_writable_bytes(std::span(into)), got);
  }
  std::string seen() {
    std::string bytes;
    EXPECT_EQ(read(bytes), DiskStatus::ok);
    return bytes;
  }

  simnet::DiskHandle file_;
};

TEST_F(Disks, ErrorsStrikeOnlyWhileTheyLast) {
  start({with_value(fault(Kind::disk_error, 100, 50, {"a"}), 1000)});
  ASSERT_EQ(open(), DiskStatus::ok);
  run_to(99);
  EXPECT_EQ(write('1'), DiskStatus::ok);
  run_to(120);
  EXPECT_EQ(write('2'), DiskStatus::io_error);
  EXPECT_EQ(file_.sync(), DiskStatus::io_error);
  run_to(151);
  EXPECT_EQ(write('3'), DiskStatus::ok);
  EXPECT_EQ(seen(), std::string(512, '3'));
}

TEST_F(Disks, AFullDiskTakesNothingThatIsLonger) {
  start({fault(Kind::disk_full, 100, 50, {"a"})});
  ASSERT_EQ(open(), DiskStatus::ok);
  EXPECT_EQ(write('1'), DiskStatus::ok);
  run_to(120);
  EXPECT_EQ(write('2'), DiskStatus::ok);
  EXPECT_EQ(write('2', 513), DiskStatus::no_space);
  run_to(151);
  EXPECT_EQ(write('3', 513), DiskStatus::ok);
}

TEST_F(Disks, ALyingSyncLosesWhatWasAcknowledged) {
  start({fault(Kind::lying_sync, 100, 50, {"a"}), fault(Kind::power_loss, 200, 50, {"a"})});
  ASSERT_EQ(open(), DiskStatus::ok);
  run_to(120);
  ASSERT_EQ(write('1'), DiskStatus::ok);
  EXPECT_EQ(file_.sync(), DiskStatus::ok);
  EXPECT_EQ(disk().stats().lied_syncs, 1u);
  EXPECT_EQ(disk().image("x")->unsynced_sectors(), 1u);
  run_to(151);
  EXPECT_FALSE(now().lying_sync);
}

TEST_F(Disks, TheSlowestDiskAndTheLongestStallCount) {
  Fault stalling = with_value(fault(Kind::disk_slow, 100, 100, {"a"}), 3);
  stalling.stall_permille = 600;
  stalling.stall_ms = 20;
  Fault other = with_value(fault(Kind::disk_slow, 150, 100, {"a"}), 5);
  other.stall_permille = 700;
  other.stall_ms = 10;
  start({stalling, other});
  run_to(120);
  EXPECT_EQ(now().cost_permille, 3000u);
  run_to(160);
  EXPECT_EQ(now().cost_permille, 5000u);
  EXPECT_EQ(now().stall_permille, 1000u);
  EXPECT_EQ(now().stall, 20ms);
  run_to(201);
  EXPECT_EQ(now().cost_permille, 5000u);
  EXPECT_EQ(now().stall, 10ms);
  run_to(251);
  EXPECT_FALSE(now().any());
}

TEST_F(Disks, TheSlowestDiskIsBounded) {
  simnet::DiskFaults own;
  own.cost_permille = 2'000'000;
  disk().set_faults(own);
  start({with_value(fault(Kind::disk_slow, 100, 100, {"a"}), 1'000'000)});
  run_to(120);
  EXPECT_EQ(now().cost_permille, 4'000'000'000u);
}

TEST_F(Disks, DifferentFaultsOverlapAndEndOneByOne) {
  start({with_value(fault(Kind::disk_error, 100, 100, {"a"}), 100),
         with_value(fault(Kind::disk_error, 110, 50, {"a"}), 950),
         with_value(fault(Kind::bit_rot, 120, 100, {"a"}), 7),
         with_value(fault(Kind::latent_error, 130, 100, {"a"}), 9),
         fault(Kind::lying_sync, 140, 100, {"a"})});
  run_to(145);
  EXPECT_EQ(now().io_error.permille, 1000u);
  EXPECT_EQ(now().bit_rot_ppm, 7u);
  EXPECT_EQ(now().latent_error_ppm, 9u);
  EXPECT_TRUE(now().lying_sync);
  run_to(205);
  EXPECT_EQ(now().io_error.permille, 0u);
  EXPECT_EQ(now().bit_rot_ppm, 7u);
  nemesis_->heal();
  EXPECT_FALSE(now().any());
  EXPECT_FALSE(host("b").disk().faults().any());
}

TEST_F(Disks, WhatTheDiskHadBeforeIsBackAfterwards) {
  simnet::DiskFaults own;
  own.cost_permille = 2000;
  disk().set_faults(own);
  start({with_value(fault(Kind::disk_slow, 100, 50, {"a"}), 4),
         with_value(fault(Kind::disk_error, 120, 50, {"a"}), 30)});
  run_to(130);
  EXPECT_EQ(now().cost_permille, 8000u);
  run_to(171);
  EXPECT_EQ(now().cost_permille, 2000u);
  EXPECT_EQ(now().io_error.permille, 0u);
}

TEST_F(Disks, RotIsGoneWithTheFault) {
  start({with_value(fault(Kind::bit_rot, 100, 50, {"a"}), 1'000'000)});
  ASSERT_EQ(open(), DiskStatus::ok);
  ASSERT_EQ(write('1'), DiskStatus::ok);
  ASSERT_EQ(file_.sync(), DiskStatus::ok);
  run_to(120);
  EXPECT_NE(seen(), std::string(512, '1'));
  run_to(151);
  EXPECT_EQ(seen(), std::string(512, '1'));
}

TEST_F(Disks, ASectorThatCannotBeRead) {
  start({with_value(fault(Kind::latent_error, 100, 50, {"a"}), 1'000'000)});
  ASSERT_EQ(open(), DiskStatus::ok);
  ASSERT_EQ(write('1'), DiskStatus::ok);
  ASSERT_EQ(file_.sync(), DiskStatus::ok);
  run_to(120);
  std::string bytes;
  EXPECT_EQ(read(bytes), DiskStatus::io_error);
  run_to(151);
  EXPECT_EQ(read(bytes), DiskStatus::ok);
}

class WriteFaults : public Disks, public testing::WithParamInterface<Kind> {};

TEST_P(WriteFaults, LeaveDamageThatOnlyAnotherWriteMends) {
  start({with_value(fault(GetParam(), 100, 50, {"a"}), 1'000'000)});
  ASSERT_EQ(open(), DiskStatus::ok);
  ASSERT_EQ(write('1', 1024), DiskStatus::ok);
  ASSERT_EQ(file_.sync(), DiskStatus::ok);
  run_to(120);
  ASSERT_EQ(write('2'), DiskStatus::ok);
  ASSERT_EQ(file_.sync(), DiskStatus::ok);
  EXPECT_NE(seen(), std::string(512, '2'));
  run_to(151);
  nemesis_->heal();
  EXPECT_NE(seen(), std::string(512, '2'));
  ASSERT_EQ(write('3'), DiskStatus::ok);
  ASSERT_EQ(file_.sync(), DiskStatus::ok);
  EXPECT_EQ(seen(), std::string(512, '3'));
}

INSTANTIATE_TEST_SUITE_P(Kinds, WriteFaults,
                         testing::Values(Kind::lost_write, Kind::torn_write,
                                         Kind::misdirected_write),
                         [](const auto& info) { return std::string(to_string(info.param)); });

TEST_F(Disks, AStopIsExcusedWhileCallsFailAndAfterTheDiskLied) {
  start({with_value(fault(Kind::disk_error, 100, 50, {"a"}), 10),
         fault(Kind::lying_sync, 100, 50, {"b"}), fault(Kind::crash, 100, 50, {"c"})});
  run_to(200);
  const auto excused = [this](const char* name, std::int64_t ms) {
    return nemesis_->excuses_stop(name, simnet::Time(std::chrono::milliseconds(ms)));
  };
  EXPECT_FALSE(excused("a", 99));
  EXPECT_TRUE(excused("a", 100));
  EXPECT_TRUE(excused("a", 150));
  EXPECT_FALSE(excused("a", 151));
  EXPECT_FALSE(excused("b", 99));
  EXPECT_TRUE(excused("b", 1000));
  EXPECT_FALSE(excused("c", 120));
}

TEST_F(Disks, HealEndsTheExcuse) {
  start({with_value(fault(Kind::disk_error, 100, 10'000, {"a"}), 10)});
  run_to(200);
  nemesis_->heal();
  EXPECT_TRUE(nemesis_->excuses_stop("a", simnet::Time(200ms)));
  EXPECT_FALSE(nemesis_->excuses_stop("a", simnet::Time(201ms)));
}

}  // namespace
}  // namespace faults
