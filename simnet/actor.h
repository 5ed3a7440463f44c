// A lean coroutine for code that lives in the simulation only: users by the thousand, load
// generators, scripts of faults, checkers. (The system under test, which must also run on
// real sockets, is written with asio::awaitable.) The word is that of FoundationDB's Flow
// and of SimGrid.
//
//   simnet::actor<> user(simnet::Host* host) {
//     net::ip::udp::socket socket(host->executor(), net::ip::udp::v4());
//     for (;;) {
//       co_await simnet::sleep_for(10ms);
//       co_await socket.async_send_to(net::buffer("hello"), server, net::deferred);
//     }
//   }
//   simnet::spawn(host, user(&host));
//
// An actor waits for sleep_for and sleep_until, which need no timer; for any operation
// started with net::deferred; and for another actor, which runs until its own first wait at
// once and whose result or exception the co_await gives. Errors of an operation are thrown
// as system_error. One wait has no allocation, and the actor's frame and its place in the
// future are neighbours in memory.
//
// An actor starts when it is spawned or waited for. It belongs to its host then: a crash
// destroys its frames, a pause holds it, sleeps go by the host's steady clock. The events
// are those that an awaitable spawned with co_spawn would make.
//
// Limits: an actor waits for one thing at a time. as_tuple(net::deferred) gives errors as
// values, but such a wait, that for a composed operation and one for an object of another
// host make a task each. An awaitable waits for an actor by spawn() with a token.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/this_coro.hpp>
#include <coroutine>
#include <exception>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "simnet/actor_node.h"
#include "simnet/actor_operation.h"
#include "simnet/timer.h"

namespace simnet {

template <class T = void>
class actor;

// Until that much later on the clock of the actor's host.
inline detail::SleepFor sleep_for(Duration duration) { return {duration}; }
inline detail::SleepUntil sleep_until(steady_clock::time_point when) {
  return {when.time_since_epoch()};
}

namespace detail {

class ActorPromiseBase : public ActorState {
 public:
  static void* operator new(std::size_t size) { return ActorNode::allocate_frame(size); }
  static void operator delete(void* frame, std::size_t) { ActorNode::free_frame(frame); }

  struct Final {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> self) const noexcept {
      ActorState& state = self.promise();
      if (state.caller) {
        state.node->go_on_in(state.caller);
      } else {
        state.node->set_done();
      }
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  Final final_suspend() const noexcept { return {}; }
  void unhandled_exception() { error = std::current_exception(); }

  SleepAwaiter await_transform(SleepFor sleep) { return {*node, sleep}; }
  SleepAwaiter await_transform(SleepUntil sleep) { return {*node, sleep}; }
  template <class U>
  auto await_transform(actor<U>&& other) {
    return typename actor<U>::Awaiter(*node, std::move(other));
  }
  template <class Operation>
  requires asio::is_async_operation<Operation>::value auto await_transform(Operation&& operation) {
    return OperationAwaiter<std::decay_t<Operation>>(
        *node, std::decay_t<Operation>(std::forward<Operation>(operation)));
  }
  // The actor's host's.
  auto await_transform(asio::this_coro::executor_t) {
    struct Ready {
      asio::any_io_executor executor;
      bool await_ready() const noexcept { return true; }
      void await_suspend(std::coroutine_handle<>) const noexcept {}
      asio::any_io_executor await_resume() { return std::move(executor); }
    };
    return Ready{Executor(node->context())};
  }
};

template <class T>
class ActorPromise : public ActorPromiseBase {
 public:
  using Outcome = std::tuple<std::exception_ptr, T>;

  actor<T> get_return_object() { return actor<T>(*this); }
  template <class U>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T result() {
    if (error) {
      std::rethrow_exception(error);
    }
    return std::move(*value_);
  }
  // REQUIRES: T has a default, for the case of an exception.
  Outcome outcome() { return {error, error ? T() : std::move(*value_)}; }

 private:
  std::optional<T> value_;
};

template <>
class ActorPromise<void> : public ActorPromiseBase {
 public:
  using Outcome = std::tuple<std::exception_ptr>;

  actor<void> get_return_object();
  void return_void() const noexcept {}
  void result() const {
    if (error) {
      std::rethrow_exception(error);
    }
  }
  Outcome outcome() const { return {error}; }
};

}  // namespace detail

// Owns its frames until it is spawned.
template <class T>
class [[nodiscard]] actor {
 public:
  using promise_type = detail::ActorPromise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  actor(actor&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  actor& operator=(actor&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~actor() {
    if (handle_) {
      handle_.destroy();
    }
  }

  // Gives up the frames. REQUIRES: it was not spawned or waited for.
  Handle release() { return std::exchange(handle_, {}); }

  // Of the co_await by another actor. The caller's loop resumes both in turn: a chain of
  // ends never grows the stack, which g++ does not promise for symmetric transfer.
  class Awaiter {
   public:
    Awaiter(ActorNode& node, actor&& callee) : node_(node), callee_(std::move(callee)) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> caller) noexcept {
      ActorState& state = callee_.handle_.promise();
      state.node = &node_;
      state.caller = caller;
      node_.go_on_in(callee_.handle_);
    }
    T await_resume() { return callee_.handle_.promise().result(); }

   private:
    ActorNode& node_;
    actor callee_;
  };

 private:
  friend promise_type;
  explicit actor(promise_type& promise) : handle_(Handle::from_promise(promise)) {}

  Handle handle_;
};

inline actor<void> detail::ActorPromise<void>::get_return_object() { return actor<void>(*this); }

}  // namespace simnet
