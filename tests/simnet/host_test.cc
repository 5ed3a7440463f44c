// The life of a process: boot, crash, restart, power.
#include "simnet/host.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "tests/support/test_world.h"

namespace simnet {
namespace {

using namespace support;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

awaitable<void> tick_for_ever(Host& host, std::vector<Time>* ticks) {
  for (;;) {
    co_await sleep_for(host, 10ms);
    ticks->push_back(host.world().now());
  }
}

struct Root {
  explicit Root(std::vector<std::string>& log) : log_(log) { log_.push_back("start"); }
  ~Root() { log_.push_back("end"); }
  std::vector<std::string>& log_;
};

TEST(Host, BootRunsTheProgramOnceHoweverOftenItIsAsked) {
  World world(1);
  std::vector<Time> ticks;
  Host& host = run_on(world, "host", [&](Host& h) { return tick_for_ever(h, &ticks); });
  host.boot();
  host.boot();
  EXPECT_FALSE(host.up());
  world.run_until(at(35ms));
  EXPECT_TRUE(host.up());
  EXPECT_EQ(host.incarnation(), 1u);
  EXPECT_EQ(ticks, (std::vector<Time>{at(10ms), at(20ms), at(30ms)}));
}

TEST(Host, ACrashStopsEverythingAndARestartBeginsAgain) {
  World world(1);
  std::vector<Time> ticks;
  Host& host = run_on(world, "host", [&](Host& h) { return tick_for_ever(h, &ticks); });
  world.run_until(at(25ms));
  host.stop_until(StopKind::process, at(103ms));
  EXPECT_FALSE(host.up());
  world.run_until(at(115ms));
  EXPECT_EQ(host.incarnation(), 2u);
  EXPECT_EQ(ticks, (std::vector<Time>{at(10ms), at(20ms), at(113ms)}));
  EXPECT_EQ(world.statistics().process_crashes, 1u);
}

TEST(Host, TheLatestRequestForDowntimeWins) {
  World world(1);
  std::vector<Time> ticks;
  Host& host = run_on(world, "host", [&](Host& h) { return tick_for_ever(h, &ticks); });
  world.run_until(at(5ms));
  host.stop_until(StopKind::process, at(50ms));
  host.stop_until(StopKind::process, at(20ms));
  world.run_until(at(49ms));
  EXPECT_FALSE(host.up());
  world.run_until(at(50ms));
  EXPECT_TRUE(host.up());
  world.run_until(at(200ms));
  EXPECT_EQ(host.incarnation(), 2u);
}

TEST(Host, BootOverridesDowntime) {
  World world(1);
  std::vector<Time> ticks;
  Host& host = run_on(world, "host", [&](Host& h) { return tick_for_ever(h, &ticks); });
  world.run_until(at(5ms));
  host.stop_until(StopKind::process, at(50ms));
  host.boot();
  world.run_until(at(6ms));
  EXPECT_TRUE(host.up());
  world.run_until(at(100ms));
  EXPECT_EQ(host.incarnation(), 2u);
}

TEST(Host, TheSharedRootLivesExactlyAsLongAsTheProcess) {
  std::vector<std::string> log;
  World world(1);
  Host& host = world.add_host({"host", "here"});
  host.set_program([&](Host&) { return std::make_shared<Root>(log); });
  host.boot();
  world.run_until(at(1ms));
  EXPECT_EQ(log, (std::vector<std::string>{"start"}));
  host.stop_until(StopKind::power, at(2ms));
  EXPECT_EQ(log, (std::vector<std::string>{"start", "end"}));
  world.run_until(at(3ms));
  EXPECT_EQ(log, (std::vector<std::string>{"start", "end", "start"}));
}

awaitable<void> ask_to_stop(Host& host, std::vector<std::string>* log) {
  log->push_back("boot");
  co_await sleep_for(host, 5ms);
  host.request_stop("enough");
  log->push_back("the task goes on");
  co_await sleep_for(host, 0ms);
  log->push_back("never");
}

TEST(Host, RequestStopEndsTheProcessWhenTheTaskReturnsAndStartsItAgain) {
  World world(1);
  std::vector<std::string> log;
  Host& host = run_on(world, "host", [&](Host& h) { return ask_to_stop(h, &log); });
  host.set_restart_delay(100ms);
  world.run_until(at(104ms));
  EXPECT_FALSE(host.up());
  ASSERT_EQ(world.fail_stops().size(), 1u);
  EXPECT_EQ(world.fail_stops()[0].host, "host");
  EXPECT_EQ(world.fail_stops()[0].what, "enough");
  world.run_until(at(105ms));
  EXPECT_TRUE(host.up());
  EXPECT_EQ(log, (std::vector<std::string>{"boot", "the task goes on", "boot"}));
  EXPECT_EQ(world.statistics().fail_stops, 1u);
}

awaitable<void> throw_once(Host& host) {
  co_await sleep_for(host, 1ms);
  if (host.incarnation() == 1) {
    throw std::runtime_error("a bug");
  }
}

TEST(Host, AnExceptionThatLeavesACoroutineIsAnAbortAndARestart) {
  World world(1);
  Host& host = run_on(world, "host", [](Host& h) { return throw_once(h); });
  world.run_until(at(5s));
  ASSERT_EQ(world.aborts().size(), 1u);
  EXPECT_EQ(world.aborts()[0].what, "a bug");
  EXPECT_EQ(world.aborts()[0].host, "host");
  EXPECT_EQ(world.aborts()[0].at, at(1ms));
  EXPECT_EQ(host.incarnation(), 2u);
  EXPECT_TRUE(host.up());
}

TEST(Host, RandomStreamsAreIndependentAndNewInEachIncarnation) {
  const auto draws = [](int of_other) {
    World world(7);
    Host& host = world.add_host({"host", "here"});
    for (int i = 0; i < of_other; ++i) {
      host.random("other");
    }
    return std::vector<std::uint64_t>{host.random("mine"), host.random("mine")};
  };
  EXPECT_EQ(draws(0), draws(5));
  EXPECT_NE(draws(0)[0], draws(0)[1]);

  World world(7);
  Host& host = run_on(world, "host", [](Host& h) { return throw_once(h); });
  std::vector<std::uint64_t> first;
  world.step();
  first.push_back(host.random("mine"));
  host.stop_until(StopKind::process, at(1s));
  world.run_until(at(1s));
  EXPECT_NE(host.random("mine"), first[0]);
}

class DiskOfHost : public ::testing::Test {
 protected:
  DiskOfHost() : host_(world_.add_host({"host", "here"})) {
    host_.set_program([](Host&) { return std::shared_ptr<void>(); });
    host_.boot();
    world_.run_until(at(1ms));
    DiskHandle handle;
    host_.disk().open("f", {.create = true}, handle);
    handle.write(0, bytes_of("synced"));
    handle.sync();
    handle.write(0, bytes_of("SYNCED and more"));
  }
  std::size_t size() { return host_.disk().image("f")->size(); }

  World world_{3};
  Host& host_;
};

TEST_F(DiskOfHost, AProcessCrashKeepsThePageCache) {
  host_.stop(StopKind::process);
  EXPECT_EQ(size(), 15u);
  EXPECT_EQ(host_.disk().image("f")->unsynced_sectors(), 1u);
}

TEST_F(DiskOfHost, APowerLossDecidesAboutIt) {
  host_.stop(StopKind::power);
  EXPECT_EQ(host_.disk().stats().power_losses, 1u);
  EXPECT_EQ(host_.disk().image("f")->unsynced_sectors(), 0u);
  EXPECT_FALSE(host_.disk().powered());
}

TEST_F(DiskOfHost, ThePageCacheOfADeadProcessIsLostWithThePowerToo) {
  host_.stop(StopKind::process);
  host_.stop(StopKind::power);
  EXPECT_EQ(host_.disk().image("f")->unsynced_sectors(), 0u);
  EXPECT_EQ(world_.statistics().power_losses, 1u);
  host_.stop(StopKind::power);  // it is dark already
  EXPECT_EQ(world_.statistics().power_losses, 1u);
  host_.boot();
  world_.run_until(at(2ms));
  EXPECT_TRUE(host_.up());
  EXPECT_TRUE(host_.disk().powered());
}

}  // namespace
}  // namespace simnet
