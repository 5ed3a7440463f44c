#include "system/env/async.h"

#include <exception>
#include <utility>

namespace env {
namespace {

template <class Token>
auto async_wait(TimerBackend* timer, asio::any_io_executor executor, Instant deadline,
                Token&& token) {
  return asio::async_initiate<Token, void(error_code, std::size_t)>(
      [](auto handler, TimerBackend* backend, asio::any_io_executor fallback, Instant until) {
        backend->start_wait(until,
                            detail::make_io_operation(std::move(handler), std::move(fallback)));
      },
      token, timer, std::move(executor), deadline);
}

// Unlinks the timer when the waiting coroutine ends or is destroyed. A host that
// crashes destroys coroutines after their Condition at the earliest with the
// service root, so the list is still there.
class Registration {
 public:
  Registration(std::list<TimerBackend*>& list, TimerBackend* timer) : list_(list) {
    position_ = list_.insert(list_.end(), timer);
  }
  ~Registration() { list_.erase(position_); }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

 private:
  std::list<TimerBackend*>& list_;
  std::list<TimerBackend*>::iterator position_;
};

}  // namespace

void spawn(Env& env, awaitable<void> work) {
  asio::co_spawn(env.executor(), std::move(work), [](std::exception_ptr error) {
    if (error) {
      std::rethrow_exception(error);
    }
  });
}

awaitable<void> sleep_for(Env& env, Duration duration) {
  const auto timer = env.make_timer();
  co_await async_wait(timer.get(), env.executor(), env.now() + duration, use_tuple);
}

awaitable<bool> Condition::wait_until(Instant deadline) {
  const auto timer = env_.make_timer();
  const Registration registration(waiting_, timer.get());
  const auto [error, unused] =
      co_await async_wait(timer.get(), env_.executor(), deadline, use_tuple);
  (void)unused;
  co_return error == asio::error::operation_aborted;
}

awaitable<void> Condition::wait() { co_await wait_until(Instant::max()); }

void Condition::notify_all() {
  for (TimerBackend* timer : waiting_) {
    timer->cancel();
  }
}

}  // namespace env
