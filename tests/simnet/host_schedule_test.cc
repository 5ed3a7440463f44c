// When a host's events run: paused, busy, and cut off inside a disk call.
#include <gtest/gtest.h>
#include <boost/asio/post.hpp>

#include <vector>

#include "simnet/host.h"
#include "tests/support/test_world.h"

namespace simnet {
namespace {

using namespace support;

struct Seen {
  Time at;
  int what;
  bool operator==(const Seen&) const = default;
};

void PrintTo(const Seen& seen, std::ostream* out) {
  *out << seen.what << " at " << seen.at.time_since_epoch().count() << " ns";
}

class ScheduleTest : public ::testing::Test {
 protected:
  ScheduleTest() : host_(world_.add_host({"host", "here"})) {
    host_.set_program([](Host&) { return std::shared_ptr<void>(); });
    host_.boot();
    world_.run_until(at(0ns));
  }

  // Number `what` is due at `when`.
  void due(Duration when, int what, Duration cost = {}) {
    world_.at(at(when), [this, what, cost] {
      asio::post(host_.executor(), [this, what, cost] {
        seen_.push_back({world_.now(), what});
        host_.spend(cost);
      });
    });
  }

  World world_{1};
  Host& host_;
  std::vector<Seen> seen_;
};

TEST_F(ScheduleTest, EventsOfAPausedHostWaitAndKeepTheirOrder) {
  for (int i = 0; i < 4; ++i) {
    due(std::chrono::milliseconds(2 * i + 1), i);
  }
  world_.at(at(2ms), [this] { host_.pause(); });
  world_.at(at(6ms), [this] { host_.resume(); });
  world_.run_until(at(20ms));
  EXPECT_EQ(seen_, (std::vector<Seen>{{at(1ms), 0}, {at(6ms), 1}, {at(6ms), 2}, {at(7ms), 3}}));
}

TEST_F(ScheduleTest, PausesCount) {
  due(1ms, 1);
  host_.pause();
  host_.pause();
  host_.resume();
  world_.run_until(at(2ms));
  EXPECT_TRUE(seen_.empty());
  host_.resume();
  world_.run_until(at(3ms));
  EXPECT_EQ(seen_.size(), 1u);
}

TEST_F(ScheduleTest, AResumeTooManyDoesNotSpoilTheNextPause) {
  host_.resume();
  host_.pause();
  EXPECT_TRUE(host_.paused());
  due(1ms, 1);
  world_.run_until(at(2ms));
  EXPECT_TRUE(seen_.empty());
}

TEST_F(ScheduleTest, ACrashDuringAPauseDropsWhatWaited) {
  int alive = 0;
  host_.pause();
  asio::post(host_.executor(), [guard = Alive(alive)] { ADD_FAILURE() << "ran"; });
  world_.run_until(at(1ms));
  EXPECT_EQ(alive, 1);
  host_.stop_until(StopKind::process, at(2ms));
  EXPECT_EQ(alive, 0);
  world_.run_until(at(3ms));
  EXPECT_TRUE(host_.up());
  due(4ms, 1);
  world_.run_until(at(5ms));
  EXPECT_TRUE(seen_.empty()) << "the pause outlasts the crash";
  host_.resume();
  world_.run_until(at(6ms));
  EXPECT_EQ(seen_.size(), 1u);
}

TEST_F(ScheduleTest, ABusyProcessSeesItsEventsLate) {
  due(1ms, 1, 10ms);
  due(3ms, 2, 1ms);
  due(5ms, 3);
  due(30ms, 4);
  world_.run_until(at(1s));
  EXPECT_EQ(seen_, (std::vector<Seen>{{at(1ms), 1}, {at(11ms), 2}, {at(12ms), 3}, {at(30ms), 4}}));
}

TEST_F(ScheduleTest, BusynessEndsWithTheProcess) {
  due(1ms, 1, 10s);
  world_.run_until(at(2ms));
  host_.stop_until(StopKind::process, at(3ms));
  due(4ms, 2);
  world_.run_until(at(4ms));
  EXPECT_EQ(seen_, (std::vector<Seen>{{at(1ms), 1}, {at(4ms), 2}}));
}

// ---- Network and disk of one task ----

void set_exact_latency(World& world) {
  world.network().set_default_link(
      {.latency_base = 1ms, .latency_jitter = 0ns, .tail_extra = 0ns, .tail_ppm = 0});
}

struct Arrivals {
  std::vector<Time> at;
  std::string bytes;
  error_code end;
};

awaitable<void> receive(Host& host, Arrivals* arrivals) {
  stream_socket socket = co_await accept_one(host, 1);
  std::array<char, 64> buffer;
  for (;;) {
    const auto [error, count] = co_await socket.async_read_some(asio::buffer(buffer), use_tuple);
    if (error) {
      arrivals->end = error;
      co_return;
    }
    arrivals->at.push_back(host.world().now());
    arrivals->bytes.append(buffer.data(), count);
  }
}

// Sends a, syncs a file for 300 us, sends b.
awaitable<void> send_around_sync(Host& host) {
  stream_socket socket(host.executor());
  const auto to = endpoint_of(*host.world().find("receiver"), 1);
  co_await socket.async_connect(to, use_tuple);
  co_await write_all(socket, "a");
  DiskHandle file;
  host.disk().open("f", {.create = true}, file);
  file.sync();
  co_await write_all(socket, "b");
  co_await sleep_for(host, 1h);
}

TEST(HostOutput, WhatIsSentAfterADiskCallLeavesWhenTheCallIsDone) {
  World world(1);
  set_exact_latency(world);
  Arrivals arrivals;
  run_on(world, "receiver", [&](Host& h) { return receive(h, &arrivals); });
  run_on(world, "sender", [](Host& h) { return send_around_sync(h); });
  world.run_until(at(10ms));
  ASSERT_EQ(arrivals.bytes, "ab");
  EXPECT_EQ(arrivals.at[0], at(3ms));
  EXPECT_EQ(arrivals.at[1], at(3ms + 300us));
}

awaitable<void> send_after_cut(Host& host, int* went_on) {
  stream_socket socket(host.executor());
  const auto to = endpoint_of(*host.world().find("receiver"), 1);
  co_await socket.async_connect(to, use_tuple);
  co_await write_all(socket, "a");
  DiskHandle file;
  host.disk().open("f", {.create = true}, file);
  if (file.sync() != DiskStatus::ok) {
    ++*went_on;
    EXPECT_TRUE(host.dying());
    socket.async_write_some(asio::buffer("b", 1), [](error_code, std::size_t) {
      ADD_FAILURE() << "a process without power got an answer";
    });
    socket.shutdown(stream_socket::shutdown_send);
  }
  co_await sleep_for(host, 1h);
}

TEST(HostOutput, AfterAPowerCutNothingReachesTheNetwork) {
  World world(1);
  set_exact_latency(world);
  Arrivals arrivals;
  int went_on = 0;
  run_on(world, "receiver", [&](Host& h) { return receive(h, &arrivals); });
  Host& sender = run_on(world, "sender", [&](Host& h) { return send_after_cut(h, &went_on); });
  sender.set_restart_delay(1h);
  sender.disk().cut_power_after(2);  // the sync
  world.run_until(at(1min));
  EXPECT_EQ(went_on, 1);
  EXPECT_EQ(arrivals.bytes, "a");
  EXPECT_FALSE(arrivals.end) << "neither a fin nor a reset";
  EXPECT_EQ(world.statistics().power_cuts, 1u);
  EXPECT_FALSE(sender.up());
}

}  // namespace
}  // namespace simnet
