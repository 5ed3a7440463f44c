// Semantics of boost::asio::basic_waitable_timer, clause by clause.
#include "simnet/timer.h"

#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <optional>
#include <vector>

#include "tests/support/test_world.h"

namespace simnet {
namespace {

using namespace support;

class TimerTest : public ::testing::Test {
 protected:
  TimerTest() : host_(world_.add_host({"host", "here"})) {
    host_.set_program([](Host&) { return std::shared_ptr<void>(); });
    host_.boot();
    world_.step();
    timer_.emplace(host_.executor());
  }
  ~TimerTest() override { timer_.reset(); }

  auto record() {
    return [this](error_code error) {
      results_.push_back(error);
      fired_at_ = world_.now();
    };
  }

  World world_{1};
  Host& host_;
  std::optional<steady_timer> timer_;
  std::vector<error_code> results_;
  Time fired_at_{};
};

TEST_F(TimerTest, FiresAtItsExpiryAndNotBefore) {
  timer_->expires_after(5ms);
  timer_->async_wait(record());
  world_.run_until(at(5ms - 1ns));
  EXPECT_TRUE(results_.empty());
  world_.run_until(at(5ms));
  ASSERT_EQ(results_, std::vector<error_code>{error_code()});
  EXPECT_EQ(fired_at_, at(5ms));
}

TEST_F(TimerTest, AnExpiredTimerCompletesAtOnceButNotInline) {
  timer_->async_wait(record());  // a new timer's expiry is the epoch
  EXPECT_TRUE(results_.empty());
  world_.run_until(world_.now());
  EXPECT_EQ(results_, std::vector<error_code>{error_code()});
}

TEST_F(TimerTest, CancelCountsTheWaitsItEnded) {
  timer_->expires_after(1s);
  timer_->async_wait(record());
  timer_->async_wait(record());
  EXPECT_EQ(timer_->cancel(), 2u);
  EXPECT_EQ(timer_->cancel(), 0u);
  EXPECT_TRUE(results_.empty());
  world_.run_until(at(2s));
  EXPECT_EQ(results_, (std::vector<error_code>(2, asio::error::operation_aborted)));
  EXPECT_EQ(fired_at_, at(0s));
}

TEST_F(TimerTest, ANewExpiryAbortsTheWaitsAndHoldsForLaterOnes) {
  timer_->expires_after(1s);
  timer_->async_wait(record());
  EXPECT_EQ(timer_->expires_at(steady_clock::time_point(3s)), 1u);
  EXPECT_EQ(timer_->expiry(), steady_clock::time_point(3s));
  timer_->async_wait(record());
  world_.run_until(at(10s));
  EXPECT_EQ(results_, (std::vector<error_code>{asio::error::operation_aborted, error_code()}));
  EXPECT_EQ(fired_at_, at(3s));
}

TEST_F(TimerTest, WhatHasFiredCannotBeCancelledAnyMore) {
  host_.pause();  // the success waits for the process
  timer_->expires_after(1ms);
  timer_->async_wait(record());
  world_.run_until(at(2ms));
  EXPECT_EQ(timer_->cancel(), 0u);
  host_.resume();
  world_.run_until(at(3ms));
  EXPECT_EQ(results_, std::vector<error_code>{error_code()});
}

TEST_F(TimerTest, DestructionAbortsTheWait) {
  timer_->expires_after(1s);
  timer_->async_wait(record());
  timer_.reset();
  world_.run_until(at(2s));
  EXPECT_EQ(results_, std::vector<error_code>{asio::error::operation_aborted});
}

TEST_F(TimerTest, ASlotCancelsItsOwnWaitOnly) {
  asio::cancellation_signal signal;
  timer_->expires_after(1s);
  timer_->async_wait(asio::bind_cancellation_slot(signal.slot(), record()));
  timer_->async_wait(record());
  signal.emit(asio::cancellation_type::terminal);
  world_.run_until(at(1ms));
  EXPECT_EQ(results_, std::vector<error_code>{asio::error::operation_aborted});
  world_.run_until(at(1s));
  EXPECT_EQ(results_.back(), error_code());
  EXPECT_EQ(results_.size(), 2u);
  signal.emit(asio::cancellation_type::terminal);  // late: nothing to cancel
  world_.run_until(at(2s));
  EXPECT_EQ(results_.size(), 2u);
}

TEST_F(TimerTest, ACrashDestroysTheHandlerWithoutCallingIt) {
  int alive = 0;
  timer_->expires_after(1s);
  timer_->async_wait(
      [guard = Alive(alive)](error_code) { ADD_FAILURE() << "ran after the crash"; });
  EXPECT_EQ(alive, 1);
  host_.stop(StopKind::process);
  EXPECT_EQ(alive, 0);
  timer_.reset();
  host_.boot();
  world_.run_until(at(2s));
}

}  // namespace
}  // namespace simnet
