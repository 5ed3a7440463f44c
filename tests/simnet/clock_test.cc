// A host's clocks: drift, changes of the rate, jumps, standing still, and timers under them.
#include "simnet/clock.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <optional>
#include <utility>
#include <vector>

#include "tests/support/test_world.h"

namespace simnet {
namespace {

using namespace support;

Duration wall(const Clock& clock, Duration now) { return now + clock.wall_offset(at(now)); }

TEST(Clock, AFastClockIsAheadAndASlowOneBehind) {
  Clock fast;
  fast.set_drift(at(0s), 1'000);
  EXPECT_EQ(fast.steady(at(1s)), 1'001ms);
  EXPECT_EQ(wall(fast, 1s), 1'001ms);
  Clock slow;
  slow.set_drift(at(0s), -1'000);
  EXPECT_EQ(slow.steady(at(1s)), 999ms);
  EXPECT_EQ(wall(slow, 1s), 999ms);
}

TEST(Clock, ANewRateKeepsTheReading) {
  Clock clock;
  clock.set_drift(at(1s), 100'000);
  EXPECT_EQ(clock.steady(at(1s)), 1s);
  clock.set_drift(at(2s), -100'000);
  EXPECT_EQ(clock.steady(at(2s)), 2'100ms);
  EXPECT_EQ(clock.steady(at(3s)), 3s);
  clock.set_drift(at(3s), 0);
  EXPECT_EQ(clock.steady(at(4s)), 4s);
  EXPECT_EQ(clock.drift_ppm(), 0);
}

TEST(Clock, DriftIsClamped) {
  Clock clock;
  clock.set_drift(at(0s), INT64_MAX);
  EXPECT_EQ(clock.drift_ppm(), Clock::kLargestDrift_ppm);
  EXPECT_EQ(clock.steady(at(2s)), 3s);
  clock.set_drift(at(2s), INT64_MIN);
  EXPECT_EQ(clock.drift_ppm(), -Clock::kLargestDrift_ppm);
  EXPECT_EQ(clock.steady(at(4s)), 4s);
}

TEST(Clock, TheWallJumpsTheSteadyClockDoesNot) {
  Clock clock;
  clock.jump_wall(5s);
  clock.jump_wall(-8s);
  EXPECT_EQ(clock.wall_offset(at(1s)), -3s);
  EXPECT_EQ(clock.steady(at(1s)), 1s);
}

TEST(Clock, AFrozenWallStandsAndGoesOnFromThere) {
  Clock clock;
  clock.jump_wall(10s);
  clock.freeze_wall(at(1s));
  clock.freeze_wall(at(2s));  // it stands already
  EXPECT_EQ(wall(clock, 3s), 11s);
  EXPECT_EQ(clock.steady(at(3s)), 3s);
  clock.jump_wall(-1s);
  EXPECT_EQ(wall(clock, 4s), 10s);
  clock.thaw_wall(at(5s));
  clock.thaw_wall(at(6s));
  EXPECT_EQ(wall(clock, 5s), 10s);
  EXPECT_EQ(wall(clock, 7s), 12s);
}

TEST(Clock, ARateThatChangesDuringAFreezeCountsAfterIt) {
  Clock clock;
  clock.freeze_wall(at(1s));
  clock.set_drift(at(2s), 500'000);
  EXPECT_EQ(wall(clock, 4s), 1s);
  clock.thaw_wall(at(4s));
  EXPECT_EQ(wall(clock, 4s), 1s);
  EXPECT_EQ(wall(clock, 6s), 4s);
}

TEST(Clock, WhatIsBeyondAllTimeIsNeverShown) {
  Clock slow;
  slow.set_drift(at(1s), -400'000);
  EXPECT_EQ(slow.when_steady(Duration::max()), Time::max());
  Clock exact;
  EXPECT_EQ(exact.when_steady(Duration::max()), Time::max());
  EXPECT_LE(exact.when_steady(Duration::min()), at(0s));
  EXPECT_LE(slow.when_steady(Duration::min()), at(1s));
}

using Changes = std::vector<std::pair<std::uint32_t, int>>;  // after ns, ppm

Clock clock_with(const Changes& changes, Duration& now) {
  Clock clock;
  for (const auto& [after, ppm] : changes) {
    now += Duration(after);
    clock.set_drift(at(now), ppm);
  }
  return clock;
}

// Rates within and beyond the limits; drift 0 is its own path in the clock.
rc::Gen<Changes> any_changes() {
  return rc::gen::container<Changes>(
      rc::gen::pair(rc::gen::arbitrary<std::uint32_t>(),
                    rc::gen::oneOf(rc::gen::just(0), rc::gen::inRange(-600'000, 600'001))));
}

RC_GTEST_PROP(ClockProperty, WhenSteadyIsTheFirstInstantOfAReading, ()) {
  Duration now{};
  const Clock clock = clock_with(*any_changes(), now);
  const Duration ahead(*rc::gen::inRange<std::int64_t>(1, 4'000'000'000'000));
  const Duration reading = clock.steady(at(now)) + ahead;
  const Time when = clock.when_steady(reading);
  RC_ASSERT(when > at(now));
  RC_ASSERT(clock.steady(when) >= reading);
  RC_ASSERT(clock.steady(when - 1ns) < reading);
}

RC_GTEST_PROP(ClockProperty, TheSteadyClockNeverGoesBack, ()) {
  Clock clock;
  Duration now{};
  Duration last{};
  for (const auto& [after, ppm] : *any_changes()) {
    now += Duration(after);
    const Duration before = clock.steady(at(now));
    clock.set_drift(at(now), ppm);
    RC_ASSERT(before >= last);
    RC_ASSERT(clock.steady(at(now)) == before);
    RC_ASSERT(clock.steady(at(now + 1ns)) >= before);
    last = before;
  }
}

class TimersUnderDrift : public ::testing::Test {
 protected:
  TimersUnderDrift() : host_(world_.add_host({"host", "here"})) {
    host_.set_program([](Host&) { return std::shared_ptr<void>(); });
    host_.boot();
    world_.run_until(at(0ns));
    timer_.emplace(host_.executor());
  }
  ~TimersUnderDrift() override { timer_.reset(); }

  void wait() {
    timer_->async_wait([this](error_code error) {
      EXPECT_FALSE(error);
      fired_.push_back(world_.now());
      shown_ = steady_clock::now().time_since_epoch();
    });
  }

  World world_{1};
  Host& host_;
  std::optional<steady_timer> timer_;
  std::vector<Time> fired_;
  Duration shown_{};
};

TEST_F(TimersUnderDrift, AFastClockFiresEarlyAndShowsTheExpiry) {
  host_.clock().set_drift(world_.now(), 250'000);
  timer_->expires_after(1s);
  wait();
  world_.run_until(at(2s));
  EXPECT_EQ(fired_, std::vector<Time>{at(800ms)});
  EXPECT_EQ(shown_, 1s);
}

TEST_F(TimersUnderDrift, ASlowClockFiresLate) {
  host_.clock().set_drift(world_.now(), -200'000);
  timer_->expires_after(1s);
  wait();
  world_.run_until(at(2s));
  EXPECT_EQ(fired_, std::vector<Time>{at(1'250ms)});
  EXPECT_EQ(shown_, 1s);
}

// Its limit, as clock.h states it.
TEST_F(TimersUnderDrift, AWaitKeepsTheInstantItHadWhenItBegan) {
  timer_->expires_after(1s);
  wait();
  world_.run_until(at(500ms));
  host_.clock().set_drift(world_.now(), 500'000);
  world_.run_until(at(2s));
  EXPECT_EQ(fired_, std::vector<Time>{at(1s)});
}

TEST_F(TimersUnderDrift, ClocksOfDifferentHostsAreTheirOwn) {
  Host& other = world_.add_host({"other", "here"});
  other.set_program([](Host&) { return std::shared_ptr<void>(); });
  other.boot();
  other.clock().set_drift(world_.now(), 500'000);
  timer_->expires_after(1s);
  wait();
  world_.run_until(at(2s));
  EXPECT_EQ(fired_, std::vector<Time>{at(1s)});
}

TEST_F(TimersUnderDrift, HugeExpiriesNeitherOverflowNorFire) {
  host_.clock().set_drift(world_.now(), -300'000);
  world_.run_until(at(1h));
  timer_->expires_after(Duration::max());
  EXPECT_EQ(timer_->expiry().time_since_epoch(), Duration::max());
  wait();
  steady_timer forever(host_.executor(), steady_clock::time_point::max());
  bool aborted = false;
  forever.async_wait([&](error_code error) { aborted = error == asio::error::operation_aborted; });
  world_.run_until(at(1'000'000h));
  EXPECT_TRUE(fired_.empty());
  EXPECT_FALSE(world_.step()) << "nothing can happen any more";
  EXPECT_EQ(forever.cancel(), 1u);
  world_.run_until(world_.now());
  EXPECT_TRUE(aborted) << "yet it can be cancelled";
  host_.stop(StopKind::process);
}

TEST_F(TimersUnderDrift, AnExpiryBeforeAllTimeFiresNow) {
  world_.run_until(at(1s));
  timer_->expires_after(Duration::min());
  wait();
  steady_timer past(host_.executor(), steady_clock::time_point::min());
  bool fired = false;
  past.async_wait([&](error_code error) { fired = !error; });
  world_.run_until(world_.now());
  EXPECT_EQ(fired_, std::vector<Time>{at(1s)});
  EXPECT_TRUE(fired);
}

}  // namespace
}  // namespace simnet
