// What an actor waits for: a time, or an asynchronous operation of Asio's form.
//
// simnet's own operations take the task that lies in front of the actor's frame, and keep
// what else they need inside the awaiter: nothing is allocated. All others (composed
// operations, other completion tokens around `deferred`, an object of another host) have
// a task of their own and call the handler that they were given.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/system/system_error.hpp>
#include <coroutine>
#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "simnet/actor_node.h"
#include "simnet/tcp.h"
#include "simnet/udp.h"

namespace simnet::detail {

struct SleepFor {
  Duration duration;
};
struct SleepUntil {
  Duration reading;  // of the host's steady clock
};

class SleepAwaiter {
 public:
  SleepAwaiter(ActorNode& node, SleepFor sleep) : node_(node), time_(sleep.duration) {}
  SleepAwaiter(ActorNode& node, SleepUntil sleep)
      : node_(node), time_(sleep.reading), until_(true) {}

  bool await_ready() const {
    node_.check_cancelled();
    return false;
  }
  void await_suspend(std::coroutine_handle<> leaf) const {
    node_.wait_in(leaf);
    if (until_) {
      node_.begin_sleep_until(time_);
    } else {
      node_.begin_sleep_for(time_);
    }
  }
  void await_resume() const {
    if (node_.error()) {
      throw boost::system::system_error(node_.error());
    }
  }

 private:
  ActorNode& node_;
  Duration time_;
  bool until_ = false;
};

template <class Signature>
class ActorHandler;

// The part of an operation's awaiter that its handler knows. It lies in the frame of the
// coroutine that waits. Handler and awaiter may go in any order.
class PendingOperation {
 public:
  explicit PendingOperation(ActorNode& node) : node_(node) {}
  PendingOperation(const PendingOperation&) = delete;
  PendingOperation& operator=(const PendingOperation&) = delete;
  ~PendingOperation() {
    if (reference_ != nullptr) {
      *reference_ = nullptr;
    }
  }

  ActorNode& node() const { return node_; }

 protected:
  void completed() {
    if (starting_) {
      at_once_ = true;
    } else {
      node_.resume_from_outside();
    }
  }
  // False: it has completed already.
  bool started() {
    starting_ = false;
    return !at_once_;
  }

 private:
  template <class Signature>
  friend class ActorHandler;
  ActorNode& node_;
  PendingOperation** reference_ = nullptr;  // the handler's to this
  bool starting_ = true;
  bool at_once_ = false;
};

// What the arguments of a handler become: an error is thrown, one value is that value,
// more are a tuple.
template <class... Values>
auto result_of(std::tuple<Values...>&& values) {
  if constexpr (sizeof...(Values) == 1) {
    return std::get<0>(std::move(values));
  } else if constexpr (sizeof...(Values) > 1) {
    return std::move(values);
  }
}
template <class... Values>
auto result_of(std::tuple<error_code, Values...>&& values) {
  if (std::get<0>(values)) {
    throw boost::system::system_error(std::get<0>(values));
  }
  return std::apply(
      [](error_code, Values&&... rest) {
        return result_of(std::tuple<Values...>(std::move(rest)...));
      },
      std::move(values));
}
template <class... Values>
auto result_of(std::tuple<std::exception_ptr, Values...>&& values) {
  if (std::get<0>(values)) {
    std::rethrow_exception(std::get<0>(values));
  }
  return std::apply(
      [](const std::exception_ptr&, Values&&... rest) {
        return result_of(std::tuple<Values...>(std::move(rest)...));
      },
      std::move(values));
}

// Where the result of an operation waits for the coroutine.
template <class Signature>
class OperationResult;

template <class... Args>
class OperationResult<void(Args...)> : public PendingOperation {
 public:
  using PendingOperation::PendingOperation;

 protected:
  friend class ActorHandler<void(Args...)>;
  void complete(Args... args) {
    values_.emplace(std::forward<Args>(args)...);
    completed();
  }
  auto take() { return result_of(std::move(*values_)); }

 private:
  std::optional<std::tuple<std::decay_t<Args>...>> values_;
};

// The node holds it.
template <>
class OperationResult<void(error_code)> : public PendingOperation {
 public:
  using PendingOperation::PendingOperation;

 protected:
  friend class ActorHandler<void(error_code)>;
  template <class Details>
  void* keep() {
    static_assert(std::is_empty_v<Details>);
    return nullptr;
  }
  void complete(error_code error) {
    node().set_result(error, 0);
    completed();
  }
  void take() const { result_of(std::tuple<error_code>(node().error())); }
};

// Likewise; what the operation's socket keeps with it lies here.
template <>
class OperationResult<void(error_code, std::size_t)> : public PendingOperation {
 public:
  using PendingOperation::PendingOperation;

 protected:
  friend class ActorHandler<void(error_code, std::size_t)>;
  template <class Details>
  void* keep() {
    if constexpr (std::is_empty_v<Details>) {
      return nullptr;
    } else {
      return &details_.template emplace<Details>();
    }
  }
  void complete(error_code error, std::size_t bytes) {
    node().set_result(error, bytes);
    completed();
  }
  std::size_t take() const {
    return result_of(std::tuple<error_code, std::size_t>(node().error(), node().bytes()));
  }

 private:
  std::variant<std::monostate, DatagramPlace, ReadBuffers, WriteBytes> details_;
};

// The handler of an operation that an actor waits for. If it is dropped uncalled, the
// actor waits until its host ends.
template <class... Args>
class ActorHandler<void(Args...)> {
 public:
  using executor_type = asio::any_io_executor;
  using cancellation_slot_type = asio::cancellation_slot;
  using simnet_actor = void;  // for make_io_task
  using Operation = OperationResult<void(Args...)>;

  explicit ActorHandler(Operation& operation) : operation_(&operation) { refer(); }
  ActorHandler(ActorHandler&& other) noexcept
      : operation_(std::exchange(other.operation_, nullptr)) {
    refer();
  }
  ActorHandler& operator=(ActorHandler&& other) noexcept {
    if (this != &other) {
      forget();
      operation_ = std::exchange(other.operation_, nullptr);
      refer();
    }
    return *this;
  }
  ~ActorHandler() { forget(); }

  // REQUIRES: it was not moved from, and the actor is there.
  executor_type get_executor() const noexcept { return Executor(operation_->node().context()); }
  cancellation_slot_type get_cancellation_slot() const noexcept {
    return operation_ != nullptr ? operation_->node().operation_slot() : cancellation_slot_type();
  }

  void operator()(Args... args) {
    if (operation_ != nullptr) {
      auto& operation = static_cast<Operation&>(*operation_);
      forget();
      operation.complete(std::forward<Args>(args)...);
    }
  }

  // The node's task for an operation on an object of its own host; null for another's.
  template <class Details>
  IoTaskPtr begin(HostContext& context, EventKind kind) {
    ActorNode& node = operation_->node();
    if (&node.context() != &context) {
      return nullptr;
    }
    return node.begin(kind, static_cast<Operation*>(operation_)->template keep<Details>());
  }

 private:
  void refer() {
    if (operation_ != nullptr) {
      operation_->reference_ = &operation_;
    }
  }
  void forget() {
    if (operation_ != nullptr) {
      std::exchange(operation_, nullptr)->reference_ = nullptr;
    }
  }

  PendingOperation* operation_;
};

template <class Operation>
class OperationAwaiter : OperationResult<asio::completion_signature_of_t<Operation>> {
  using Signature = asio::completion_signature_of_t<Operation>;
  using Base = OperationResult<Signature>;

 public:
  OperationAwaiter(ActorNode& node, Operation&& operation)
      : Base(node), operation_(std::move(operation)) {}

  bool await_ready() const {
    this->node().check_cancelled();
    return false;
  }
  bool await_suspend(std::coroutine_handle<> leaf) {
    this->node().wait_in(leaf);
    std::move(operation_)(ActorHandler<Signature>(*this));
    return this->started();
  }
  auto await_resume() { return this->take(); }

 private:
  Operation operation_;
};

}  // namespace simnet::detail
