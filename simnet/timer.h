// A waitable timer in virtual time, named and shaped like Asio's steady_timer.
#pragma once

#include <boost/asio/async_result.hpp>
#include <utility>

#include "simnet/io_task.h"
#include "simnet/timer_state.h"

namespace simnet {

class timer {
 public:
  using executor_type = Executor;
  using clock_type = VirtualClock;
  using duration = Duration;
  using time_point = Time;

  explicit timer(Executor executor) : executor_(executor), state_(std::make_shared<TimerState>()) {}
  timer(Executor executor, duration after) : timer(executor) { expires_after(after); }
  timer(timer&&) = default;
  timer& operator=(timer&&) = delete;
  ~timer() {
    if (state_) {
      state_->cancel();
    }
  }

  executor_type get_executor() const { return executor_; }
  time_point expiry() const { return expiry_; }
  // Pending waits end with operation_aborted. Both return how many.
  std::size_t expires_at(time_point when) {
    expiry_ = when;
    return cancel();
  }
  std::size_t expires_after(duration after) {
    return expires_at(simnet::now(executor_.context()) + after);
  }
  std::size_t cancel() { return state_->cancel(); }

  // void(error_code). One or more waits may be pending.
  template <class Token>
  auto async_wait(Token&& token) {
    return asio::async_initiate<Token, void(error_code)>(
        [this](auto handler) {
          auto task = make_io_task<Result::error_only>(
              std::move(handler), executor_, EventKind::timer,
              [weak = std::weak_ptr<TimerState>(state_)](const IoTask* pending) {
                if (const auto state = weak.lock()) {
                  state->cancel(pending);
                }
              });
          state_->start(executor_.context(), expiry_, std::move(task));
        },
        token);
  }

 private:
  Executor executor_;
  std::shared_ptr<TimerState> state_;
  time_point expiry_{};
};

}  // namespace simnet
