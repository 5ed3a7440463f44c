// Clocks that drift and stand still, a slow processor, a machine that loses its disk:
// each strikes, overlaps with its like, ends and is healed.
#include <gtest/gtest.h>

#include "tests/faults/stage.h"

namespace faults {
namespace {

using namespace std::chrono_literals;

class Machines : public Stage {
 protected:
  simnet::Duration wall_offset(const char* name) {
    return host(name).clock().wall_offset(world_.now());
  }
  simnet::Duration steady_offset(const char* name) {
    return host(name).clock().steady(world_.now()) - world_.now().time_since_epoch();
  }
};

TEST_F(Machines, DriftMovesBothClocksWhileItLasts) {
  start({with_value(fault(Kind::clock_drift, 1000, 2000, {"a"}), 10'000)});
  run_to(2000);
  EXPECT_EQ(steady_offset("a"), 10ms);
  EXPECT_EQ(wall_offset("a"), 10ms);
  EXPECT_EQ(steady_offset("b"), 0ms);
  run_to(10'000);
  EXPECT_EQ(steady_offset("a"), 20ms);
  EXPECT_EQ(host("a").clock().drift_ppm(), 0);
}

TEST_F(Machines, DriftsAddUpOnTopOfTheMachinesOwn) {
  host("a").clock().set_drift(world_.now(), 7);
  start({with_value(fault(Kind::clock_drift, 100, 100, {"a", "a"}), 1000),
         with_value(fault(Kind::clock_drift, 150, 100, {"a"}), -300)});
  run_to(160);
  EXPECT_EQ(host("a").clock().drift_ppm(), 707);
  run_to(201);
  EXPECT_EQ(host("a").clock().drift_ppm(), -293);
  nemesis_->heal();
  EXPECT_EQ(host("a").clock().drift_ppm(), 7);
}

TEST_F(Machines, FreezeHoldsTheWallClockAlone) {
  start({fault(Kind::clock_freeze, 1000, 500, {"a"})});
  run_to(1400);
  EXPECT_EQ(wall_offset("a"), -400ms);
  EXPECT_EQ(steady_offset("a"), 0ms);
  run_to(5000);
  EXPECT_EQ(wall_offset("a"), -500ms);
}

TEST_F(Machines, OverlappingFreezesEndWithTheLast) {
  start(
      {fault(Kind::clock_freeze, 1000, 500, {"a"}), fault(Kind::clock_freeze, 1200, 1000, {"a"})});
  run_to(2100);
  EXPECT_EQ(wall_offset("a"), -1100ms);
  run_to(9000);
  EXPECT_EQ(wall_offset("a"), -1200ms);
}

TEST_F(Machines, HealLetsAFrozenClockGoOn) {
  start({fault(Kind::clock_freeze, 1000, 100'000, {"a"})});
  run_to(2000);
  nemesis_->heal();
  run_to(5000);
  EXPECT_EQ(wall_offset("a"), -1000ms);
}

TEST_F(Machines, SlowCpuCostsEachTask) {
  host("a").set_task_cost(5us);
  start({with_value(fault(Kind::slow_cpu, 100, 100, {"a"}), 300),
         with_value(fault(Kind::slow_cpu, 150, 100, {"a"}), 40)});
  run_to(120);
  EXPECT_EQ(host("a").task_cost(), 305us);
  EXPECT_EQ(host("b").task_cost(), 0us);
  run_to(160);
  EXPECT_EQ(host("a").task_cost(), 345us);
  run_to(201);
  EXPECT_EQ(host("a").task_cost(), 45us);
  nemesis_->heal();
  EXPECT_EQ(host("a").task_cost(), 5us);
}

TEST_F(Machines, DiskLossLeavesNothingBehind) {
  start({fault(Kind::disk_loss, 100, 50, {"a"})});
  simnet::DiskHandle file;
  ASSERT_EQ(host("a").disk().open("x", {.create = true}, file), simnet::DiskStatus::ok);
  ASSERT_EQ(file.sync(), simnet::DiskStatus::ok);
  run_to(120);
  EXPECT_FALSE(host("a").up());
  EXPECT_FALSE(host("a").tcp().powered());
  EXPECT_FALSE(host("a").disk().powered());
  EXPECT_TRUE(file.stale());
  run_to(151);
  EXPECT_TRUE(host("a").up());
  EXPECT_TRUE(host("a").disk().powered());
  EXPECT_TRUE(host("a").disk().files().empty());
  EXPECT_EQ(host("a").disk().stats().disk_losses, 1u);
}

TEST_F(Machines, AMachineThatIsDarkLosesItsDiskAllTheSame) {
  start({fault(Kind::power_loss, 100, 100, {"a"}), fault(Kind::disk_loss, 120, 20, {"a"})});
  simnet::DiskHandle file;
  ASSERT_EQ(host("a").disk().open("x", {.create = true}, file), simnet::DiskStatus::ok);
  ASSERT_EQ(file.sync(), simnet::DiskStatus::ok);
  run_to(150);
  EXPECT_FALSE(host("a").up());
  run_to(201);
  EXPECT_TRUE(host("a").up());
  EXPECT_TRUE(host("a").disk().files().empty());
}

TEST_F(Machines, DiskLossOfAHostThatNeverHadOne) {
  start({fault(Kind::disk_loss, 100, 50, {"a"})});
  run_to(151);
  EXPECT_TRUE(host("a").up());
  EXPECT_EQ(host("a").incarnation(), 2u);
}

}  // namespace
}  // namespace faults
