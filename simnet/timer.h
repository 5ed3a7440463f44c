// A waitable timer on a host's steady clock, named and shaped like Asio's steady_timer.
// REQUIRES: the host's incarnation outlives it or destroys it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <chrono>
#include <utility>

#include "simnet/io_task.h"

namespace simnet {

// The steady clock of the host whose task is running; outside of any task, virtual time
// of the world that was made last.
struct steady_clock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<steady_clock>;
  static constexpr bool is_steady = true;
  static time_point now();
};

class steady_timer {
 public:
  using executor_type = asio::any_io_executor;
  using clock_type = steady_clock;
  using duration = steady_clock::duration;
  using time_point = steady_clock::time_point;

  explicit steady_timer(executor_type executor)
      : executor_(std::move(executor)), context_(&context_of(executor_)) {}
  explicit steady_timer(asio::execution_context& context)
      : executor_(Executor(context_of(context))), context_(&context_of(context)) {}
  template <class ExecutorOrContext>
  steady_timer(ExecutorOrContext&& where, time_point when)
      : steady_timer(std::forward<ExecutorOrContext>(where)) {
    expiry_ = when;
  }
  template <class ExecutorOrContext>
  steady_timer(ExecutorOrContext&& where, duration after)
      : steady_timer(std::forward<ExecutorOrContext>(where)) {
    expires_after(after);
  }
  steady_timer(steady_timer&& other) noexcept;
  steady_timer& operator=(steady_timer&& other) noexcept;
  // Pending waits end with operation_aborted.
  ~steady_timer() { cancel(); }

  executor_type get_executor() const noexcept { return executor_; }
  time_point expiry() const { return expiry_; }
  // Pending waits end with operation_aborted. Both return how many.
  std::size_t expires_at(time_point when);
  std::size_t expires_after(duration after);
  std::size_t cancel();
  std::size_t cancel_one();
  // Of the waits that begin from now on; pending ones go on.
  void set_expiry_after(duration after);

  // void(error_code). Any number of waits may be pending.
  template <class Token = asio::default_completion_token_t<executor_type>>
  auto async_wait(Token&& token = Token()) {
    return asio::async_initiate<Token, void(error_code)>(
        [](auto&& handler, steady_timer* self) {
          self->start_wait(make_io_task<Result::error_only>(std::move(handler), *self->context_,
                                                            self->executor_, EventKind::timer,
                                                            [] { return cancel_wait; }));
        },
        token, this);
  }

  // The untemplated core, for adapters that erase the handler themselves.
  // REQUIRES: the task was adopted by the host's context.
  void start_wait(IoTaskPtr task);

 private:
  // Ends one wait of whichever timer it is.
  static void cancel_wait(IoTask* wait);
  void take_waits(steady_timer& other);

  executor_type executor_;
  HostContext* context_;
  time_point expiry_{};
  RingNode waits_;  // the queue owns them
};

}  // namespace simnet
