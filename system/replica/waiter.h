// One coroutine that waits for one value.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "system/env/async.h"

namespace replica {

template <class T>
class Waiter {
 public:
  explicit Waiter(env::Env& env) : changed_(env) {}

  // The first value counts.
  void finish(T value) {
    if (!value_) {
      value_ = std::move(value);
      changed_.notify_all();
    }
  }
  const std::optional<T>& value() const { return value_; }

  // Whoever calls these holds the waiter while they last.
  env::awaitable<void> wait() {
    while (!value_) {
      co_await changed_.wait();
    }
  }
  // False when there is no value by then.
  env::awaitable<bool> wait_until(env::Instant deadline, const env::Env* env) {
    while (!value_ && env->now() < deadline) {
      co_await changed_.wait_until(deadline);
    }
    co_return value_.has_value();
  }

 private:
  std::optional<T> value_;
  env::Condition changed_;
};

template <class T>
using WaiterPtr = std::shared_ptr<Waiter<T>>;

}  // namespace replica
