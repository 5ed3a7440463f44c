// What a waiting coroutine of Asio's looks like to the operation that it waits for. The
// handler that Asio makes for `deferred` and for `use_awaitable` is the suspended coroutine
// itself, one pointer; knowing that saves moving it about and copying its executor for
// every wait. Only what Asio's own handlers may look at is read here.
//
// Limit: that is Asio's detail, of Boost 1.81 (Debian 12).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/version.hpp>
#include <type_traits>
#include <utility>

#include "simnet/prefetch.h"

static_assert(BOOST_VERSION / 100 == 1081, "look whether awaitable_thread is still like this");

namespace simnet::detail {

struct FrameReader;
using Coroutine = boost::asio::detail::awaitable_thread<boost::asio::any_io_executor>;

}  // namespace simnet::detail

namespace boost::asio::detail {

// Never a handler: it has a handler's access to the frame of a coroutine.
template <>
class awaitable_async_op_handler<simnet::detail::FrameReader, any_io_executor> {
 public:
  using Frame = awaitable_frame<awaitable_thread_entry_point, any_io_executor>;

  static const any_io_executor& executor(const Frame& frame) { return frame.u_.executor_; }
  // The frame of the function that waits.
  static const void* top(const Frame& frame) { return frame.top_of_stack_; }
};

}  // namespace boost::asio::detail

namespace simnet::detail {

// Any handler that is a suspended coroutine.
template <class Handler>
inline constexpr bool kIsCoroutine = std::is_base_of_v<Coroutine, Handler>;

using Frames =
    boost::asio::detail::awaitable_async_op_handler<FrameReader, boost::asio::any_io_executor>;

// REQUIRES: the coroutine waits.
inline const boost::asio::any_io_executor& executor_of(Coroutine& coroutine) {
  return Frames::executor(*coroutine.entry_point());
}

// Holds a coroutine that waits, and resumes it where it lies.
template <class Handler>
class CoroutineBox {
 public:
  explicit CoroutineBox(Handler&& handler)
      : handler_(std::move(handler)), top_(Frames::top(*handler_.entry_point())) {}
  CoroutineBox(const CoroutineBox&) = delete;
  CoroutineBox& operator=(const CoroutineBox&) = delete;
  ~CoroutineBox() { clear(); }

  Handler& handler() { return handler_; }
  // The frames that resuming it touches first. REQUIRES: it is a coroutine that waits.
  void prefetch_frames() const {
    if (const auto* bottom = const_cast<Handler&>(handler_).entry_point()) {
      prefetch(bottom, kBottom_bytes);
      prefetch(top_, kTop_bytes);
    }
  }
  // Destroys the coroutine unless it went on: what is left of the handler then is nothing.
  void clear() {
    if (handler_.entry_point() != nullptr) {
      [[maybe_unused]] const Handler last(std::move(handler_));
    }
  }

 private:
  static constexpr std::size_t kBottom_bytes = 192;
  static constexpr std::size_t kTop_bytes = 448;

  union {
    Handler handler_;
  };
  const void* top_;  // the frame of the function that waits
};

}  // namespace simnet::detail
