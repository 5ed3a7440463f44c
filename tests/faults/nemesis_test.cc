// What the nemesis does at all: each fault strikes at its time and is gone after its
// duration; overlaps; heal(). The kinds of the network and the disk have files of their own.
#include "faults/nemesis.h"

#include <gtest/gtest.h>

#include "tests/faults/stage.h"

namespace faults {
namespace {

class NemesisTest : public Stage {};

Fault setting(std::int64_t at_ms, std::int64_t for_ms, const std::string& name,
              std::int64_t value) {
  Fault result = fault(Kind::setting, at_ms, for_ms, {"a"});
  result.name = name;
  result.value = value;
  return result;
}

TEST_F(NemesisTest, CrashStopsAndRestartsTheProcess) {
  start({fault(Kind::crash, 100, 50, {"a"})});
  run_to(99);
  EXPECT_TRUE(host("a").up());
  run_to(101);
  EXPECT_FALSE(host("a").up());
  EXPECT_TRUE(host("a").tcp().powered());
  EXPECT_TRUE(host("b").up());
  run_to(151);
  EXPECT_TRUE(host("a").up());
  EXPECT_EQ(host("a").incarnation(), 2u);
  EXPECT_EQ(world_.statistics().process_crashes, 1u);
  EXPECT_EQ(nemesis_->struck().at(Kind::crash), 1u);
}

TEST_F(NemesisTest, PowerLossTurnsTheMachineOff) {
  start({fault(Kind::power_loss, 100, 50, {"a", "b"})});
  run_to(120);
  EXPECT_FALSE(host("a").up());
  EXPECT_FALSE(host("a").tcp().powered());
  EXPECT_FALSE(host("b").disk().powered());
  EXPECT_TRUE(host("c").up());
  run_to(151);
  EXPECT_TRUE(host("a").up());
  EXPECT_TRUE(host("b").disk().powered());
  EXPECT_EQ(world_.statistics().power_losses, 2u);
}

TEST_F(NemesisTest, PowerCutStrikesTheNthDiskCall) {
  Fault cut = fault(Kind::power_cut, 100, 50, {"a"});
  cut.value = 3;
  start({cut});
  run_to(120);
  bool there = false;
  EXPECT_EQ(host("a").disk().exists("x", there), simnet::DiskStatus::ok);
  EXPECT_EQ(host("a").disk().exists("x", there), simnet::DiskStatus::ok);
  EXPECT_EQ(host("a").disk().exists("x", there), simnet::DiskStatus::power_cut);
  EXPECT_TRUE(host("a").dying());
}

TEST_F(NemesisTest, PowerCutThatWasNotReachedIsDisarmed) {
  Fault cut = fault(Kind::power_cut, 100, 50, {"a"});
  cut.value = 1;
  start({cut});
  run_to(151);
  bool there = false;
  EXPECT_EQ(host("a").disk().exists("x", there), simnet::DiskStatus::ok);
  EXPECT_FALSE(host("a").disk().power_was_cut());
}

TEST_F(NemesisTest, PauseHoldsTheProcessAndLetsItGo) {
  start({fault(Kind::pause, 100, 50, {"a"})});
  run_to(120);
  EXPECT_TRUE(host("a").paused());
  EXPECT_TRUE(host("a").up());
  run_to(151);
  EXPECT_FALSE(host("a").paused());
}

TEST_F(NemesisTest, PartitionCutsBothWays) {
  Fault cut = fault(Kind::partition, 100, 50, {"a"});
  cut.peers = {"b"};
  start({cut});
  run_to(120);
  EXPECT_TRUE(blocked("a", "b"));
  EXPECT_TRUE(blocked("b", "a"));
  EXPECT_FALSE(blocked("a", "c"));
  run_to(151);
  EXPECT_FALSE(blocked("a", "b"));
  EXPECT_FALSE(blocked("b", "a"));
}

TEST_F(NemesisTest, OneWayCutsOneWay) {
  Fault cut = fault(Kind::one_way, 100, 50, {"a"});
  cut.peers = {"b", "c"};
  start({cut});
  run_to(120);
  EXPECT_TRUE(blocked("a", "b"));
  EXPECT_TRUE(blocked("a", "c"));
  EXPECT_FALSE(blocked("b", "a"));
  run_to(151);
  EXPECT_FALSE(blocked("a", "b"));
}

TEST_F(NemesisTest, DegradeLosesDoublesAndDelays) {
  Fault bad = fault(Kind::degrade, 100, 5000, {"a"});
  bad.peers = {"b"};
  bad.extra_latency_ms = 300;
  bad.duplicate_ppm = 1'000'000;
  Fault dead = fault(Kind::degrade, 100, 5000, {"b"});
  dead.peers = {"c"};
  dead.loss_ppm = 1'000'000;
  start({bad, dead});
  EXPECT_LT(delay_of_packet("a", "b", 50), 20);
  run_to(120);
  EXPECT_GE(delay_of_packet("a", "b", 1000), 300);
  EXPECT_GE(delay_of_packet("b", "a", 1000), 300);
  EXPECT_GE(world_.network().statistics().duplicated, 2u);
  EXPECT_EQ(delay_of_packet("c", "b", 500), 500);
  EXPECT_GE(world_.network().statistics().lost, 1u);
  run_to(6000);
  EXPECT_LT(delay_of_packet("a", "b", 50), 20);
  EXPECT_LT(delay_of_packet("c", "b", 50), 20);
}

TEST_F(NemesisTest, ClockJumpStays) {
  Fault jump = fault(Kind::clock_jump, 100, 0, {"a"});
  jump.value = -5000;
  start({jump});
  run_to(99);
  EXPECT_EQ(host("a").clock().wall_offset(world_.now()), simnet::Duration::zero());
  run_to(200);
  nemesis_->heal();
  EXPECT_EQ(host("a").clock().wall_offset(world_.now()), std::chrono::milliseconds(-5000));
  EXPECT_EQ(host("b").clock().wall_offset(world_.now()), simnet::Duration::zero());
}

TEST_F(NemesisTest, SettingHoldsForItsTime) {
  start({setting(100, 50, "x", 7)});
  run_to(120);
  EXPECT_EQ(host("a").setting("x", -1), 7);
  EXPECT_EQ(host("b").setting("x", -1), -1);
  run_to(151);
  EXPECT_EQ(host("a").setting("x", -1), -1);
}

TEST_F(NemesisTest, OverlappingSettingsTheLatestUnderWayCounts) {
  start({setting(100, 100, "x", 1), setting(120, 40, "x", 2), setting(130, 100, "y", 9)});
  run_to(130);
  EXPECT_EQ(host("a").setting("x", -1), 2);
  run_to(161);
  EXPECT_EQ(host("a").setting("x", -1), 1);
  run_to(201);
  EXPECT_EQ(host("a").setting("x", -1), -1);
  EXPECT_EQ(host("a").setting("y", -1), 9);
}

TEST_F(NemesisTest, AnEarlierSettingThatEndsDoesNotEndALaterOne) {
  start({setting(100, 50, "x", 1), setting(120, 100, "x", 2)});
  run_to(160);
  EXPECT_EQ(host("a").setting("x", -1), 2);
  run_to(221);
  EXPECT_EQ(host("a").setting("x", -1), -1);
}

TEST_F(NemesisTest, AnEarlierPowerCutThatEndsDoesNotDisarmALaterOne) {
  Fault first = fault(Kind::power_cut, 100, 50, {"a"});
  first.value = 10;
  Fault second = fault(Kind::power_cut, 120, 100, {"a"});
  second.value = 1;
  start({first, second});
  run_to(160);
  bool there = false;
  EXPECT_EQ(host("a").disk().exists("x", there), simnet::DiskStatus::power_cut);
}

TEST_F(NemesisTest, OverlappingCrashesEndWithTheLast) {
  start({fault(Kind::crash, 100, 100, {"a"}), fault(Kind::power_loss, 150, 20, {"a"}),
         fault(Kind::crash, 120, 200, {"a"})});
  run_to(201);
  EXPECT_FALSE(host("a").up());
  run_to(321);
  EXPECT_TRUE(host("a").up());
  EXPECT_EQ(host("a").incarnation(), 2u);
}

TEST_F(NemesisTest, OverlappingPausesEndWithTheLast) {
  start({fault(Kind::pause, 100, 50, {"a"}), fault(Kind::pause, 120, 100, {"a"})});
  run_to(151);
  EXPECT_TRUE(host("a").paused());
  run_to(221);
  EXPECT_FALSE(host("a").paused());
}

TEST_F(NemesisTest, ACrashWhilePausedComesBackPausedUntilThePauseEnds) {
  start({fault(Kind::pause, 100, 200, {"a"}), fault(Kind::crash, 120, 20, {"a"})});
  run_to(200);
  EXPECT_TRUE(host("a").up());
  EXPECT_TRUE(host("a").paused());
  run_to(301);
  EXPECT_FALSE(host("a").paused());
}

TEST_F(NemesisTest, FaultsAtTimeZeroStrike) {
  start({fault(Kind::crash, 0, 50, {"a"}), fault(Kind::pause, 0, 10, {"b"})});
  run_to(1);
  EXPECT_FALSE(host("a").up());
  EXPECT_TRUE(host("b").paused());
  run_to(51);
  EXPECT_TRUE(host("a").up());
  EXPECT_FALSE(host("b").paused());
}

std::vector<Fault> one_of_each(std::int64_t for_ms) {
  std::vector<Fault> all;
  for (const Kind kind : all_kinds()) {
    Fault each = fault(kind, 100, for_ms, {"a"});
    each.peers = {"b"};
    each.regions = {"there"};
    each.name = "x";
    each.value = 1000;
    each.loss_ppm = 1'000'000;
    all.push_back(each);
  }
  return all;
}

TEST_F(NemesisTest, HealEndsEverythingAndBootsEverybody) {
  start(one_of_each(1'000'000));
  run_to(200);
  EXPECT_FALSE(host("a").up());
  EXPECT_EQ(nemesis_->struck().size(),
            static_cast<std::size_t>(std::ranges::count_if(
                all_kinds(), [](Kind kind) { return !shape_of(kind).aimed; })));
  nemesis_->heal();
  run_to(201);
  EXPECT_TRUE(host("a").up());
  EXPECT_FALSE(host("a").paused());
  EXPECT_FALSE(blocked("a", "b"));
  EXPECT_FALSE(blocked("b", "a"));
  EXPECT_EQ(host("a").setting("x", -1), -1);
  EXPECT_TRUE(host("a").tcp().powered());
  EXPECT_LT(delay_of_packet("b", "a", 100), 20);
  // The ends that were scheduled come all the same and find nothing to do.
  run_to(1'001'000);
  EXPECT_TRUE(host("a").up());
  EXPECT_FALSE(host("a").paused());
  EXPECT_EQ(host("a").incarnation(), 2u);
}

TEST_F(NemesisTest, NothingStrikesAfterHeal) {
  start({fault(Kind::crash, 500, 50, {"a"}), fault(Kind::pause, 500, 50, {"b"})});
  run_to(100);
  nemesis_->heal();
  run_to(520);
  EXPECT_TRUE(host("a").up());
  EXPECT_FALSE(host("b").paused());
  EXPECT_TRUE(nemesis_->struck().empty());
}

TEST_F(NemesisTest, AHostNamedTwiceIsLetGoTwice) {
  start({fault(Kind::pause, 100, 50, {"a", "a"}), fault(Kind::crash, 100, 50, {"b", "b"})});
  run_to(151);
  EXPECT_FALSE(host("a").paused());
  EXPECT_TRUE(host("b").up());
  EXPECT_EQ(host("b").incarnation(), 2u);
}

TEST(Nemesis, SameWorldAndPlanSameDigest) {
  const auto digest = [](const std::vector<Fault>& faults) {
    simnet::World world(3);
    for (const char* name : {"a", "b"}) {
      simnet::Host& host = world.add_host({name, "here"});
      host.set_program([](simnet::Host&) { return std::make_shared<int>(0); });
      host.boot();
    }
    Plan plan;
    for (const Fault& each : faults) {
      insert(plan, each);
    }
    Nemesis nemesis(world, plan);
    nemesis.start();
    world.run_until(simnet::Time(std::chrono::seconds(1)));
    return world.digest().value();
  };
  EXPECT_EQ(digest(one_of_each(50)), digest(one_of_each(50)));
  EXPECT_NE(digest(one_of_each(50)), digest({}));
}

TEST_F(NemesisTest, AnObserverIsToldOfStrikesAndEnds) {
  nemesis_.emplace(
      world_, Plan{{fault(Kind::crash, 100, 50, {"a"}), fault(Kind::pause, 120, 1000, {"b"})}});
  std::vector<std::string> told;
  nemesis_->set_observer([&](const Fault& fault, bool strikes) {
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(world_.now().time_since_epoch());
    told.push_back(std::to_string(ms.count()) + std::string(strikes ? " + " : " - ") +
                   std::string(to_string(fault.kind)));
  });
  nemesis_->start();
  run_to(200);
  nemesis_->heal();
  run_to(2000);
  EXPECT_EQ(told,
            (std::vector<std::string>{"100 + crash", "120 + pause", "150 - crash", "200 - pause"}));
}

}  // namespace
}  // namespace faults
