// Timers: when they complete, in which order, and what cancels them.
//
// Blind spot: the order of equal expiries of different timers is not part of the contract
// (Asio keeps a heap); waits on one timer complete in the order they were started.
#pragma once

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <functional>

#include "tests/net/contract.h"

namespace contract {

template <class Machines>
class TimerContract : public NetContract<Machines> {
 protected:
  using timer = typename Machines::steady_timer;

  // The time as timers see it.
  typename timer::time_point now() {
    timer clock(this->machines_.left());
    clock.expires_after(0ms);
    return clock.expiry();
  }
};
TYPED_TEST_SUITE_P(TimerContract);

TYPED_TEST_P(TimerContract, ExpiresAfterADuration) {
  typename TypeParam::steady_timer timer(this->machines_.left());
  const auto start = this->now();
  EXPECT_EQ(timer.expires_after(30ms), 0u);
  Outcome waited;
  timer.async_wait(waited.handler());
  this->finish(waited);
  EXPECT_EQ(waited.error(), kSuccess);
  EXPECT_GE(this->now() - start, 30ms);
}

TYPED_TEST_P(TimerContract, ExpiresAtATime) {
  const auto when = this->now() + 30ms;
  typename TypeParam::steady_timer timer(this->machines_.left());
  EXPECT_EQ(timer.expires_at(when), 0u);
  EXPECT_EQ(timer.expiry(), when);
  Outcome waited;
  timer.async_wait(waited.handler());
  this->finish(waited);
  EXPECT_EQ(waited.error(), kSuccess);
  EXPECT_GE(this->now(), when);
}

TYPED_TEST_P(TimerContract, ConstructorsSetTheExpiry) {
  const auto when = this->now() + 5ms;
  typename TypeParam::steady_timer at(this->machines_.left(), when);
  typename TypeParam::steady_timer after(this->machines_.left(), 5ms);
  EXPECT_EQ(at.expiry(), when);
  EXPECT_GE(after.expiry(), when);
  EXPECT_EQ(at.get_executor(), this->machines_.left());
  Outcome one;
  Outcome two;
  at.async_wait(one.handler());
  after.async_wait(two.handler());
  this->finish(one, two);
  EXPECT_EQ(one.error(), kSuccess);
  EXPECT_EQ(two.error(), kSuccess);
}

TYPED_TEST_P(TimerContract, ZeroPastAndUnsetExpiriesCompleteSoon) {
  typename TypeParam::steady_timer zero(this->machines_.left(), 0ms);
  typename TypeParam::steady_timer past(this->machines_.left(), -1h);
  typename TypeParam::steady_timer unset(this->machines_.left());
  Outcome one;
  Outcome two;
  Outcome three;
  zero.async_wait(one.handler());
  past.async_wait(two.handler());
  unset.async_wait(three.handler());
  EXPECT_FALSE(one.done() || two.done() || three.done()) << "not inside async_wait()";
  const auto start = this->now();
  this->finish(one, two, three);
  EXPECT_EQ(one.error(), kSuccess);
  EXPECT_EQ(two.error(), kSuccess);
  EXPECT_EQ(three.error(), kSuccess);
  EXPECT_LT(this->now() - start, 1s);
}

TYPED_TEST_P(TimerContract, EarlierExpiriesCompleteFirst) {
  const auto start = this->now();
  std::vector<typename TypeParam::steady_timer> timers;
  std::vector<int> order;
  for (const int ms : {9, 3, 15, 6, 12}) {
    timers.emplace_back(this->machines_.left(), start + std::chrono::milliseconds(ms));
    timers.back().async_wait([&order, ms](error_code) { order.push_back(ms); });
  }
  this->machines_.run_until([&] { return order.size() == 5; }, kPatience);
  EXPECT_EQ(order, (std::vector<int>{3, 6, 9, 12, 15}));
}

TYPED_TEST_P(TimerContract, EqualExpiriesAllComplete) {
  const auto when = this->now() + 5ms;
  std::vector<typename TypeParam::steady_timer> timers;
  std::vector<Outcome> waits(20);
  for (const Outcome& wait : waits) {
    timers.emplace_back(this->machines_.left(), when);
    timers.back().async_wait(wait.handler());
  }
  for (const Outcome& wait : waits) {
    this->finish(wait);
    EXPECT_EQ(wait.error(), kSuccess);
  }
}

TYPED_TEST_P(TimerContract, WaitsOnOneTimerCompleteInTheirOrder) {
  typename TypeParam::steady_timer timer(this->machines_.left(), 5ms);
  std::vector<int> order;
  for (int i = 0; i < 4; ++i) {
    timer.async_wait([&order, i](error_code error) { order.push_back(error ? -1 : i); });
  }
  this->machines_.run_until([&] { return order.size() == 4; }, kPatience);
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3}));
}

TYPED_TEST_P(TimerContract, CancelCountsTheWaits) {
  typename TypeParam::steady_timer timer(this->machines_.left(), 1h);
  EXPECT_EQ(timer.cancel(), 0u);
  const auto expiry = timer.expiry();
  Outcome one;
  Outcome two;
  timer.async_wait(one.handler());
  timer.async_wait(two.handler());
  EXPECT_EQ(timer.cancel(), 2u);
  EXPECT_EQ(timer.cancel(), 0u) << "they are on their way";
  EXPECT_FALSE(one.done() || two.done()) << "not inside cancel()";
  this->finish(one, two);
  EXPECT_EQ(one.error(), asio::error::operation_aborted);
  EXPECT_EQ(two.error(), asio::error::operation_aborted);
  EXPECT_EQ(timer.expiry(), expiry) << "cancel leaves the expiry alone";
}

TYPED_TEST_P(TimerContract, CancelOneTakesTheOldest) {
  typename TypeParam::steady_timer timer(this->machines_.left(), 1h);
  EXPECT_EQ(timer.cancel_one(), 0u);
  Outcome oldest;
  Outcome newest;
  timer.async_wait(oldest.handler());
  timer.async_wait(newest.handler());
  EXPECT_EQ(timer.cancel_one(), 1u);
  this->finish(oldest);
  EXPECT_EQ(oldest.error(), asio::error::operation_aborted);
  this->pass_time();
  EXPECT_FALSE(newest.done());
  EXPECT_EQ(timer.cancel_one(), 1u);
  this->finish(newest);
  EXPECT_EQ(newest.error(), asio::error::operation_aborted);
}

TYPED_TEST_P(TimerContract, ANewExpiryCancelsTheWaits) {
  typename TypeParam::steady_timer timer(this->machines_.left(), 1h);
  Outcome replaced_after;
  timer.async_wait(replaced_after.handler());
  EXPECT_EQ(timer.expires_after(2h), 1u);
  Outcome replaced_at;
  timer.async_wait(replaced_at.handler());
  EXPECT_EQ(timer.expires_at(this->now() + 1ms), 1u);
  Outcome last;
  timer.async_wait(last.handler());
  this->finish(replaced_after, replaced_at, last);
  EXPECT_EQ(replaced_after.error(), asio::error::operation_aborted);
  EXPECT_EQ(replaced_at.error(), asio::error::operation_aborted);
  EXPECT_EQ(last.error(), kSuccess);
  EXPECT_EQ(timer.expires_after(1h), 0u) << "nobody waits any more";
}

TYPED_TEST_P(TimerContract, DestructionEndsTheWaits) {
  Outcome waited;
  {
    typename TypeParam::steady_timer timer(this->machines_.left(), 1h);
    timer.async_wait(waited.handler());
  }
  EXPECT_FALSE(waited.done());
  this->finish(waited);
  EXPECT_EQ(waited.error(), asio::error::operation_aborted);
}

// Two timers expire at one instant and the first cancels the second. Whether the second
// can still be cancelled is timing; what cancel() returns and what the handler is told
// must agree.
TYPED_TEST_P(TimerContract, TheCountOfCancelIsTheTruth) {
  const auto when = this->now() + 5ms;
  typename TypeParam::steady_timer one(this->machines_.left(), when);
  typename TypeParam::steady_timer two(this->machines_.left(), when);
  Outcome first;
  Outcome second;
  std::optional<std::size_t> cancelled;
  const auto cancel_other = [&](auto& other, const Outcome& outcome) {
    return [&, handler = outcome.handler()](error_code error) mutable {
      handler(error);
      if (!cancelled) {
        cancelled = other.cancel();
      }
    };
  };
  one.async_wait(cancel_other(two, first));
  two.async_wait(cancel_other(one, second));
  this->finish(first, second);
  const int aborted = (first.error() == asio::error::operation_aborted ? 1 : 0) +
                      (second.error() == asio::error::operation_aborted ? 1 : 0);
  EXPECT_EQ(cancelled, static_cast<std::size_t>(aborted));
}

TYPED_TEST_P(TimerContract, AnExpiredWaitCannotBeCancelled) {
  typename TypeParam::steady_timer timer(this->machines_.left(), 1ms);
  Outcome waited;
  timer.async_wait(waited.handler());
  this->finish(waited);
  EXPECT_EQ(timer.cancel(), 0u);
  EXPECT_EQ(timer.cancel_one(), 0u);
  EXPECT_EQ(waited.error(), kSuccess);
  this->pass_time();
  EXPECT_EQ(waited.calls(), 1);
}

TYPED_TEST_P(TimerContract, ASlotEndsOneWait) {
  for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                          asio::cancellation_type::total}) {
    typename TypeParam::steady_timer timer(this->machines_.left(), 1h);
    asio::cancellation_signal signal;
    Outcome cancelled;
    Outcome kept;
    timer.async_wait(asio::bind_cancellation_slot(signal.slot(), cancelled.handler()));
    timer.async_wait(kept.handler());
    signal.emit(type);
    EXPECT_FALSE(cancelled.done()) << "not inside emit()";
    this->finish(cancelled);
    EXPECT_EQ(cancelled.error(), asio::error::operation_aborted);
    EXPECT_FALSE(kept.done());
    EXPECT_EQ(timer.cancel(), 1u) << "the other wait went on";
    this->finish(kept);
  }
}

TYPED_TEST_P(TimerContract, AMovedTimerTakesItsWaitsAlong) {
  typename TypeParam::steady_timer timer(this->machines_.left(), 30ms);
  const auto expiry = timer.expiry();
  Outcome waited;
  timer.async_wait(waited.handler());
  auto moved = std::move(timer);
  EXPECT_EQ(moved.expiry(), expiry);
  this->finish(waited);
  EXPECT_EQ(waited.error(), kSuccess) << "a move cancels nothing";
  EXPECT_GE(this->now(), expiry);

  Outcome replaced;
  moved.expires_after(1h);
  moved.async_wait(replaced.handler());
  moved = typename TypeParam::steady_timer(this->machines_.left(), 1ms);
  Outcome fresh;
  moved.async_wait(fresh.handler());
  this->finish(replaced, fresh);
  EXPECT_EQ(replaced.error(), asio::error::operation_aborted);
  EXPECT_EQ(fresh.error(), kSuccess);
}

TYPED_TEST_P(TimerContract, AHandlerMayStartTheNextWait) {
  typename TypeParam::steady_timer timer(this->machines_.left());
  const auto start = this->now();
  int ticks = 0;
  std::function<void()> tick = [&] {
    timer.expires_after(2ms);
    timer.async_wait([&](error_code error) {
      EXPECT_EQ(error, kSuccess);
      if (++ticks < 5) {
        tick();
      }
    });
  };
  tick();
  EXPECT_TRUE(this->machines_.run_until([&] { return ticks == 5; }, kPatience));
  EXPECT_GE(this->now() - start, 10ms);
}

REGISTER_TYPED_TEST_SUITE_P(TimerContract, ExpiresAfterADuration, ExpiresAtATime,
                            ConstructorsSetTheExpiry, ZeroPastAndUnsetExpiriesCompleteSoon,
                            EarlierExpiriesCompleteFirst, EqualExpiriesAllComplete,
                            WaitsOnOneTimerCompleteInTheirOrder, CancelCountsTheWaits,
                            CancelOneTakesTheOldest, ANewExpiryCancelsTheWaits,
                            DestructionEndsTheWaits, TheCountOfCancelIsTheTruth,
                            AnExpiredWaitCannotBeCancelled, ASlotEndsOneWait,
                            AMovedTimerTakesItsWaitsAlong, AHandlerMayStartTheNextWait);

}  // namespace contract
