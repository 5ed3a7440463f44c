// Who is told of the end of a spawned actor, and who may cancel it: the handler that
// was given to spawn(), and its cancellation slot.
#pragma once

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <optional>
#include <utility>

#include "simnet/actor_node.h"

namespace simnet {

class ActorCanceller;

class ActorEnd {
 public:
  ActorEnd() = default;
  virtual ~ActorEnd();
  ActorEnd(const ActorEnd&) = delete;
  ActorEnd& operator=(const ActorEnd&) = delete;

  static void* operator new(std::size_t size) { return pool::allocate(size); }
  static void operator delete(void* memory, std::size_t size) { pool::deallocate(memory, size); }

  // Takes the result out of the outermost coroutine, which is destroyed next.
  virtual void take() = 0;
  // Tells it. REQUIRES: take().
  virtual void tell(HostContext& context) = 0;

  // Whoever signals the slot cancels `node`.
  void obey(asio::cancellation_slot slot, ActorNode& node);
  // Of the signal for a pending operation that has a cancellation slot of its own.
  asio::cancellation_slot operation_slot() {
    return canceller_ != nullptr ? operation_.slot() : asio::cancellation_slot();
  }
  void cancel_operation() { operation_.emit(asio::cancellation_type::terminal); }

 protected:
  bool can_be_cancelled() const { return canceller_ != nullptr; }

 private:
  friend class ActorCanceller;
  ActorCanceller* canceller_ = nullptr;
  asio::cancellation_signal operation_;
};

// The handler of a cancellation slot. The signal and the actor may end in any order.
class ActorCanceller {
 public:
  ActorCanceller(ActorEnd& end, ActorNode& node) : end_(&end), node_(&node) {}
  ActorCanceller(const ActorCanceller&) = delete;
  ActorCanceller& operator=(const ActorCanceller&) = delete;
  ~ActorCanceller() {
    if (end_ != nullptr) {
      end_->canceller_ = nullptr;
    }
  }
  void operator()(asio::cancellation_type type) {
    if (end_ != nullptr && type != asio::cancellation_type::none) {
      node_->cancel();
    }
  }

 private:
  friend class ActorEnd;
  ActorEnd* end_;
  ActorNode* node_;
};

namespace detail {

// `Promise`: of the outermost coroutine. The handler takes an exception_ptr and, unless
// the actor returns nothing, its result or T().
template <class Promise, class Handler>
class HandlerEnd final : public ActorEnd {
 public:
  HandlerEnd(Promise& promise, Handler&& handler)
      : promise_(&promise), handler_(std::move(handler)) {}

  void take() override { outcome_.emplace(promise_->outcome()); }

  void tell(HostContext& context) override {
    auto slot = asio::get_associated_cancellation_slot(handler_);
    if (can_be_cancelled()) {
      slot.clear();
    }
    const auto target = asio::get_associated_executor(handler_, Executor(context));
    auto call = [handler = std::move(handler_), outcome = std::move(*outcome_)]() mutable {
      std::apply(std::move(handler), std::move(outcome));
    };
    if (is_plain(target, context)) {
      call();
    } else {
      asio::dispatch(target, std::move(call));
    }
  }

 private:
  Promise* promise_;
  Handler handler_;
  std::optional<typename Promise::Outcome> outcome_;
};

}  // namespace detail
}  // namespace simnet
