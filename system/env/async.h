// Small coroutine tools over Env. Trap of g++ 12.2: never build a temporary with
// a destructor inside a co_await expression; name it first.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>
#include <memory>

#include "system/env/env.h"

namespace env {

// The completion token of code that treats an error as a value: gives (error_code, results...).
inline constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);

// Starts a coroutine nobody waits for. An exception that leaves it leaves the
// executor's task too: the process has a bug and ends.
void spawn(Env& env, awaitable<void> work);

awaitable<void> sleep_for(Env& env, Duration duration);

// A condition variable for the coroutines of one host. Wake-ups may be spurious:
// wait in a loop that tests the state.
class Condition {
 public:
  explicit Condition(Env& env) : env_(env) {}
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  // True when notified, false when the deadline came first.
  awaitable<bool> wait_until(Instant deadline);
  awaitable<void> wait();
  void notify_all();

 private:
  Env& env_;
  std::list<TimerBackend*> waiting_;
};

}  // namespace env
