// A pending asynchronous operation: the handler and its result. A socket, acceptor
// or timer owns it while it waits; completing hands it to the event queue. A crash
// of the host disarms it, which destroys the handler.
#pragma once

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "simnet/executor.h"

namespace simnet {

namespace asio = boost::asio;
using boost::system::error_code;

class IoTask : public Task {
 public:
  void set_result(error_code error, std::size_t bytes) {
    error_ = error;
    bytes_ = bytes;
    payload = (static_cast<std::uint64_t>(error.value()) << 32) ^ bytes;
  }

 protected:
  error_code error_;
  std::size_t bytes_ = 0;
};
using IoTaskPtr = std::unique_ptr<IoTask>;

// Completes with the result as the next event of the host at the present time.
inline void complete(HostContext& context, IoTaskPtr task, error_code error,
                     std::size_t bytes = 0) {
  task->set_result(error, bytes);
  context.post(std::move(task));
}

// What the handler wants to be told.
enum class Result : std::uint8_t { error_only, error_and_bytes };

template <Result kResult, class Handler>
class HandlerTask final : public IoTask {
 public:
  HandlerTask(Handler handler, Executor executor)
      : handler_(std::move(handler)), executor_(executor) {}

  void run() override {
    Handler handler = std::move(*handler_);
    handler_.reset();
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) {
      slot.clear();
    }
    auto target = asio::get_associated_executor(handler, executor_);
    asio::dispatch(target, [handler = std::move(handler), error = error_,
                            bytes = bytes_]() mutable { tell(std::move(handler), error, bytes); });
  }

  // The handler may own, through a coroutine, the object that owns this task.
  void disarm() override {
    [[maybe_unused]] std::optional<Handler> handler = std::move(handler_);
    handler_.reset();
  }

 private:
  static void tell(Handler handler, error_code error, [[maybe_unused]] std::size_t bytes) {
    if constexpr (kResult == Result::error_and_bytes) {
      std::move(handler)(error, bytes);
    } else {
      std::move(handler)(error);
    }
  }

  std::optional<Handler> handler_;
  Executor executor_;
};

// `cancel(task)` is called when the handler's cancellation slot is signalled.
template <Result kResult, class Handler, class Cancel>
IoTaskPtr make_io_task(Handler handler, Executor executor, EventKind kind, Cancel cancel) {
  auto slot = asio::get_associated_cancellation_slot(handler);
  auto task = std::make_unique<HandlerTask<kResult, Handler>>(std::move(handler), executor);
  task->kind = kind;
  if (slot.is_connected()) {
    slot.assign([cancel, raw = task.get()](asio::cancellation_type) { cancel(raw); });
  }
  return task;
}

}  // namespace simnet
