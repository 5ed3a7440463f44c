// A pending asynchronous operation: the handler and its result. It waits in the ring
// of its socket or timer; completing hands it to the event queue. A crash of the host
// disarms it, which destroys the handler.
//
// Asio's rules: the handler runs on its associated executor, never inside the function
// that started the operation; its associated allocator holds it, and that memory is
// free again before it is called.
#pragma once

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "simnet/coroutine.h"
#include "simnet/executor.h"

namespace simnet {

namespace asio = boost::asio;
using boost::system::error_code;

class IoTask : public Task {
 public:
  using Task::Task;
  void set_result(error_code error, std::size_t bytes) {
    error_ = error;
    bytes_ = bytes;
    payload = (static_cast<std::uint64_t>(error.value()) << 32) ^ bytes;
  }
  // For operations whose object keeps more about them (a buffer, an endpoint).
  virtual void* details() { return nullptr; }
  // For whoever will complete it soon: prefetches what run() touches besides this node.
  virtual void warm_waiting() const {}

 protected:
  error_code error_;
  std::size_t bytes_ = 0;
};
using IoTaskPtr = std::unique_ptr<IoTask>;

// Completes with the result at the present time: HostContext::finish. A task that has no
// context any more is destroyed.
void complete(IoTaskPtr task, error_code error, std::size_t bytes = 0);
// The same for an operation whose end is queued already (a wait for a time).
void complete_early(IoTask& task, error_code error);

// The pending operations of one kind of one object, first come first served. Owns them.
class IoRing {
 public:
  IoRing() = default;
  ~IoRing() {
    while (take() != nullptr) {
    }
  }

  bool empty() const { return head_.alone(); }
  void add(IoTaskPtr task) { task.release()->join_ring(head_); }
  // REQUIRES: !empty().
  IoTask& front() const { return *static_cast<IoTask*>(head_.ring_next); }
  // Null when empty.
  IoTaskPtr take() {
    if (empty()) {
      return nullptr;
    }
    IoTask& first = front();
    first.leave_ring();
    return IoTaskPtr(&first);
  }
  // `task`, if it waits here.
  IoTaskPtr take(const IoTask* task) {
    for (RingNode* node = head_.ring_next; node != &head_; node = node->ring_next) {
      if (static_cast<IoTask*>(node) == task) {
        node->leave_ring();
        return IoTaskPtr(static_cast<IoTask*>(node));
      }
    }
    return nullptr;
  }
  std::size_t fail_all(error_code error) {
    std::size_t count = 0;
    for (; !empty(); ++count) {
      complete(take(), error);
    }
    return count;
  }

 private:
  RingNode head_;
};

// What the handler wants to be told.
enum class Result : std::uint8_t { error_only, error_and_bytes };

namespace detail {

// Holds the handler in memory of its associated allocator.
template <class Handler>
class HandlerBox {
  using Allocator = typename std::allocator_traits<
      asio::associated_allocator_t<Handler>>::template rebind_alloc<Handler>;
  using Traits = std::allocator_traits<Allocator>;

 public:
  explicit HandlerBox(Handler&& handler)
      : allocator_(asio::get_associated_allocator(handler)),
        handler_(Traits::allocate(allocator_, 1)) {
    Traits::construct(allocator_, handler_, std::move(handler));
  }
  HandlerBox(const HandlerBox&) = delete;
  HandlerBox& operator=(const HandlerBox&) = delete;
  ~HandlerBox() { clear(); }

  Handler take() {
    Handler handler(std::move(*handler_));
    clear();
    return handler;
  }
  // The handler may own, through a coroutine, whoever owns this box: it ends last.
  void clear() {
    if (Handler* handler = std::exchange(handler_, nullptr)) {
      Allocator allocator = allocator_;
      {
        [[maybe_unused]] Handler last(std::move(*handler));
        Traits::destroy(allocator, handler);
        Traits::deallocate(allocator, handler, 1);
      }
    }
  }

 private:
  Allocator allocator_;
  Handler* handler_;
};

// Most handlers have no allocator of their own: the task's memory is from the pool.
template <class Handler>
requires std::is_same_v<asio::associated_allocator_t<Handler>, std::allocator<void>>
class HandlerBox<Handler> {
 public:
  explicit HandlerBox(Handler&& handler) : handler_(std::move(handler)) {}
  Handler take() {
    Handler handler(std::move(*handler_));
    handler_.reset();
    return handler;
  }
  void clear() {
    [[maybe_unused]] std::optional<Handler> last = std::move(handler_);
    handler_.reset();
  }

 private:
  std::optional<Handler> handler_;
};

}  // namespace detail

// `Details`: what the operation's object keeps with it; it must be default
// constructible and free of ownership of the handler.
struct NoDetails {};

template <Result kResult, class Handler>
void tell(Handler& handler, error_code error, [[maybe_unused]] std::size_t bytes) {
  if constexpr (kResult == Result::error_and_bytes) {
    std::move(handler)(error, bytes);
  } else {
    std::move(handler)(error);
  }
}

template <Result kResult, class Handler, class Details = NoDetails>
class HandlerTask final : public IoTask {
 public:
  // `otherwise`: the executor of a handler that has none of its own.
  HandlerTask(Handler&& handler, HostContext& context, const asio::any_io_executor& otherwise)
      : handler_(std::move(handler)), home_(&context), otherwise_(otherwise) {}

  void* details() override { return &details_; }

  void run() override {
    const error_code error = error_;
    const std::size_t bytes = bytes_;
    HostContext& home = *home_;
    Handler handler = handler_.take();
    if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected()) {
      slot.clear();
    }
    if constexpr (kHasExecutor) {
      finish(asio::get_associated_executor(handler), home, handler, error, bytes);
    } else {
      finish(otherwise_, home, handler, error, bytes);
    }
  }

  void disarm() override { handler_.clear(); }

 private:
  static constexpr bool kHasExecutor =
      !std::is_same_v<asio::associated_executor_t<Handler, Executor>, Executor>;
  struct Nothing {
    explicit Nothing(const asio::any_io_executor&) {}
  };

  template <class Target>
  static void finish(const Target& target, HostContext& home, Handler& handler, error_code error,
                     std::size_t bytes) {
    if (is_plain(target, home)) {
      tell<kResult>(handler, error, bytes);
    } else {
      asio::dispatch(target, [handler = std::move(handler), error, bytes]() mutable {
        tell<kResult>(handler, error, bytes);
      });
    }
  }

  detail::HandlerBox<Handler> handler_;
  HostContext* home_;
  [[no_unique_address]] std::conditional_t<kHasExecutor, Nothing, asio::any_io_executor> otherwise_;
  [[no_unique_address]] Details details_;
};

// The same for a handler that is a coroutine: no allocator, and an executor of its own.
template <Result kResult, class Handler, class Details = NoDetails>
class CoroutineTask final : public IoTask {
 public:
  CoroutineTask(Handler&& handler, HostContext& home)
      : IoTask(kFrameStep), box_(std::move(handler)), home_(&home) {}

  void* details() override { return &details_; }
  void run() override {
    Handler& handler = box_.handler();
    if (is_plain(detail::executor_of(handler), *home_)) {
      tell<kResult>(handler, error_, bytes_);  // which clears the cancellation slot
    } else {
      dispatch();
    }
  }
  void disarm() override { box_.clear(); }
  void warm(unsigned) const override { box_.prefetch_frames(); }
  void warm_waiting() const override { box_.prefetch_frames(); }

 private:
  void dispatch() {
    Handler handler(std::move(box_.handler()));
    if (auto slot = handler.get_cancellation_slot(); slot.is_connected()) {
      slot.clear();
    }
    const asio::any_io_executor target = detail::executor_of(handler);
    asio::dispatch(target, [handler = std::move(handler), error = error_,
                            bytes = bytes_]() mutable { tell<kResult>(handler, error, bytes); });
  }

  detail::CoroutineBox<Handler> box_;
  HostContext* home_;
  [[no_unique_address]] Details details_;
};

// `make_cancel()`, called when the handler has a cancellation slot, makes the function
// that is called with the task when that slot is signalled with any type: every operation
// here can end at once and without effect, which serves terminal, partial and total alike.
template <Result kResult, class Details = NoDetails, class Handler, class MakeCancel>
IoTaskPtr make_io_task(Handler&& handler, HostContext& context,
                       const asio::any_io_executor& otherwise, EventKind kind,
                       const MakeCancel& make_cancel) {
  using Held = std::decay_t<Handler>;
  if constexpr (requires { typename Held::simnet_actor; }) {
    if (IoTaskPtr own = handler.template begin<Details>(context, kind)) {
      return own;  // its canceller knows how to end it
    }
  }
  auto slot = asio::get_associated_cancellation_slot(handler);
  IoTaskPtr task;
  if constexpr (detail::kIsCoroutine<Held>) {
    task = std::make_unique<CoroutineTask<kResult, Held, Details>>(std::move(handler), context);
  } else {
    task = std::make_unique<HandlerTask<kResult, Held, Details>>(std::move(handler), context,
                                                                 otherwise);
  }
  task->kind = kind;
  context.adopt(*task);
  if (slot.is_connected()) {
    slot.assign([cancel = make_cancel(), raw = task.get()](asio::cancellation_type type) {
      if (type != asio::cancellation_type::none) {
        cancel(raw);
      }
    });
  }
  return task;
}

}  // namespace simnet
