// A process whose computing takes time: order, waiting for the task before, and what a
// timer or a cancelled wait sees of it.
#include <gtest/gtest.h>
#include <boost/asio/post.hpp>

#include <vector>

#include "tests/simnet/link_support.h"

namespace simnet {
namespace {

using namespace support;

struct Run {
  Time at;
  int what;
  bool operator==(const Run&) const = default;
};

void PrintTo(const Run& run, std::ostream* out) {
  *out << run.what << " at " << run.at.time_since_epoch().count() << " ns";
}

using Runs = std::vector<Run>;

class Process : public ::testing::Test {
 protected:
  Process() : host_(world_.add_host({"host", "here"})) {
    host_.set_program([](Host&) { return std::shared_ptr<void>(); });
    host_.boot();
    world_.run_until(at(0ns));
  }

  void post(int what) {
    asio::post(host_.executor(), [this, what] { runs_.push_back({world_.now(), what}); });
  }
  auto note(int what) {
    return [this, what](error_code error) {
      runs_.push_back({world_.now(), error ? -what : what});
    };
  }

  World world_{1};
  Host& host_;
  Runs runs_;
};

TEST_F(Process, ATaskWaitsForTheOneBefore) {
  host_.set_task_cost(2ms);
  for (int i = 0; i < 4; ++i) {
    post(i);
  }
  world_.run_until(at(1s));
  EXPECT_EQ(runs_, (Runs{{at(0ms), 0}, {at(2ms), 1}, {at(4ms), 2}, {at(6ms), 3}}));
}

TEST_F(Process, AnIdleProcessStartsAtOnce) {
  host_.set_task_cost(2ms);
  post(0);
  world_.run_until(at(10ms));
  post(1);
  world_.run_until(at(20ms));
  EXPECT_EQ(runs_, (Runs{{at(0ms), 0}, {at(10ms), 1}}));
}

TEST_F(Process, WhatComesWhileOthersWaitIsLast) {
  host_.set_task_cost(2ms);
  for (int i = 0; i < 3; ++i) {
    post(i);
  }
  world_.at(at(3ms), [this] { post(3); });
  world_.run_until(at(1s));
  EXPECT_EQ(runs_, (Runs{{at(0ms), 0}, {at(2ms), 1}, {at(4ms), 2}, {at(6ms), 3}}));
}

TEST_F(Process, WithoutACostNothingTakesTime) {
  host_.set_task_cost(2ms);
  post(0);
  post(1);
  world_.run_until(at(1ms));
  host_.set_task_cost(0ns);
  post(2);
  post(3);
  world_.run_until(at(1s));
  EXPECT_EQ(runs_, (Runs{{at(0ms), 0}, {at(2ms), 1}, {at(2ms), 2}, {at(2ms), 3}}));
}

TEST_F(Process, TimersOfABusyProcessAreLateAndInOrder) {
  steady_timer early(host_.executor(), 1ms);
  steady_timer late(host_.executor(), 2ms);
  late.async_wait(note(2));
  early.async_wait(note(1));
  asio::post(host_.executor(), [this] { host_.spend(10ms); });
  world_.run_until(at(1s));
  EXPECT_EQ(runs_, (Runs{{at(10ms), 1}, {at(10ms), 2}}));
  host_.stop(StopKind::process);
}

TEST_F(Process, TheKernelOfABusyProcessGoesOn) {
  std::vector<Datagram> arrived;
  Host& sender = world_.add_host({"sender", "here"});
  world_.network().set_default_link(exact_link());
  sender.set_program([](Host&) { return std::shared_ptr<void>(); });
  sender.boot();
  spawn(host_, collect(host_, 5, &arrived));
  world_.run_until(at(0ns));
  host_.spend(10ms);
  spawn(sender, send_datagrams(sender, udp_endpoint(host_, 5), {"1", "2"}, 1ms));
  world_.run_until(at(9ms));
  EXPECT_TRUE(arrived.empty());
  EXPECT_EQ(world_.network().statistics().delivered, 2u);
  world_.run_until(at(20ms));
  EXPECT_EQ(contents(arrived), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(times(arrived), (std::vector<Time>{at(10ms), at(10ms)}));
}

TEST_F(Process, WhatASlowTaskSendsLeavesWhenItBegan) {
  std::vector<Datagram> arrived;
  Host& receiver = world_.add_host({"receiver", "here"});
  world_.network().set_default_link(exact_link());
  receiver.set_program([&](Host& host) {
    spawn(host, collect(host, 5, &arrived));
    return std::shared_ptr<void>();
  });
  receiver.boot();
  host_.set_task_cost(5ms);
  spawn(host_, send_datagrams(host_, udp_endpoint(receiver, 5), {"1", "2"}, 0ns));
  world_.run_until(at(1s));
  ASSERT_EQ(arrived.size(), 2u);
  EXPECT_EQ(arrived[1].at - arrived[0].at, 5ms) << "one task each";
}

TEST_F(Process, APausedHostKeepsATimerThatExpired) {
  steady_timer timer(host_.executor(), 1ms);
  timer.async_wait(note(1));
  host_.pause();
  world_.run_until(at(10ms));
  EXPECT_TRUE(runs_.empty());
  timer.expires_after(1ms);  // too late: the wait has expired
  timer.async_wait(note(2));
  host_.resume();
  world_.run_until(at(20ms));
  EXPECT_EQ(runs_, (Runs{{at(10ms), 1}, {at(11ms), 2}}));
  host_.stop(StopKind::process);
}

TEST_F(Process, AWaitCancelledDuringAPauseEndsOnceAfterIt) {
  steady_timer timer(host_.executor(), 5ms);
  timer.async_wait(note(1));
  host_.pause();
  world_.run_until(at(1ms));
  EXPECT_EQ(timer.cancel(), 1u);
  world_.run_until(at(10ms));  // the time it waited for passes, too
  EXPECT_TRUE(runs_.empty());
  host_.resume();
  world_.run_until(at(20ms));
  EXPECT_EQ(runs_, (Runs{{at(10ms), -1}}));
  host_.stop(StopKind::process);
}

TEST_F(Process, AWaitCancelledWhileBusyEndsOnceAfterwards) {
  steady_timer timer(host_.executor(), 5ms);
  timer.async_wait(note(1));
  asio::post(host_.executor(), [&] {
    host_.spend(10ms);
    EXPECT_EQ(timer.cancel(), 1u);
  });
  world_.run_until(at(20ms));
  EXPECT_EQ(runs_, (Runs{{at(10ms), -1}}));
  host_.stop(StopKind::process);
}

TEST_F(Process, ATimerThatExpiredWhileBusyCanNoLongerBeCancelled) {
  steady_timer timer(host_.executor(), 5ms);
  asio::post(host_.executor(), [this] { host_.spend(10ms); });
  world_.run_until(at(1ms));
  asio::post(host_.executor(), [&] { EXPECT_EQ(timer.cancel(), 0u); });
  timer.async_wait(note(1));
  world_.run_until(at(20ms));
  EXPECT_EQ(runs_, (Runs{{at(10ms), 1}}));
  host_.stop(StopKind::process);
}

TEST_F(Process, APauseOfABusyProcessAddsNothingToItsWork) {
  host_.set_task_cost(10ms);
  post(0);
  post(1);
  world_.run_until(at(1ms));
  host_.pause();
  world_.run_until(at(5ms));
  host_.resume();
  world_.run_until(at(1s));
  EXPECT_EQ(runs_, (Runs{{at(0ms), 0}, {at(10ms), 1}}));
}

TEST_F(Process, ANewProcessIsAsSlowAsTheOldOne) {
  host_.set_task_cost(10ms);
  post(0);
  world_.run_until(at(1ms));
  host_.stop_until(StopKind::process, at(2ms));
  world_.run_until(at(2ms));
  post(1);
  world_.run_until(at(1s));
  EXPECT_EQ(runs_, (Runs{{at(0ms), 0}, {at(12ms), 1}})) << "its start is a task";
}

}  // namespace
}  // namespace simnet
