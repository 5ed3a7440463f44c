// A connected byte stream whose transport is hidden: a simulated socket or a
// real one. Meets Asio's AsyncReadStream and AsyncWriteStream, so Boost.Beast
// runs over it. At most one read and one write may be pending at a time.
#pragma once

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "system/env/time.h"

namespace env {

namespace asio = boost::asio;
using boost::system::error_code;
template <class T>
using Result = boost::system::result<T>;

// One pending read, write or wait with its completion handler inside. Whoever
// holds it must either complete it once or destroy it; destroying it destroys
// the handler and with it the coroutine that waits. (Own type erasure: Boost
// 1.81's any_completion_handler recurses for ever when forwarded.)
class IoOperation {
 public:
  virtual ~IoOperation() = default;
  virtual void complete(error_code error, std::size_t bytes) = 0;
};
using IoOperationPtr = std::unique_ptr<IoOperation>;

namespace detail {

template <class Handler>
class IoOperationImpl final : public IoOperation {
 public:
  IoOperationImpl(Handler handler, asio::any_io_executor fallback)
      : handler_(std::move(handler)), fallback_(std::move(fallback)) {}

  // REQUIRES: called from a task of the executor, never from inside the
  // function that started the operation.
  void complete(error_code error, std::size_t bytes) override {
    auto executor = asio::get_associated_executor(handler_, fallback_);
    asio::dispatch(executor, [handler = std::move(handler_), error, bytes]() mutable {
      std::move(handler)(error, bytes);
    });
  }

 private:
  Handler handler_;
  asio::any_io_executor fallback_;
};

template <class Handler>
IoOperationPtr make_io_operation(Handler handler, asio::any_io_executor fallback) {
  return std::make_unique<IoOperationImpl<Handler>>(std::move(handler), std::move(fallback));
}

}  // namespace detail

// What a transport implements. Destruction closes the stream and drops its
// pending operations' completions into asio::error::operation_aborted.
class StreamBackend {
 public:
  virtual ~StreamBackend() = default;
  virtual asio::any_io_executor executor() = 0;
  virtual void start_read(asio::mutable_buffer into, IoOperationPtr operation) = 0;
  virtual void start_write(asio::const_buffer from, IoOperationPtr operation) = 0;
  virtual void shutdown_send() = 0;
  virtual void expires_at(std::optional<Instant> deadline) = 0;

  // Room for the pending write when it comes from several buffers.
  std::string& gathered() { return gathered_; }

 private:
  std::string gathered_;
};

class Stream {
 public:
  using executor_type = asio::any_io_executor;

  Stream() = default;
  explicit Stream(std::unique_ptr<StreamBackend> backend) : backend_(std::move(backend)) {}

  executor_type get_executor() const { return backend_->executor(); }
  bool is_open() const { return backend_ != nullptr; }

  // Half close: the peer reads to the end of what was written, then EOF.
  void shutdown_send() { backend_->shutdown_send(); }
  void close() { backend_.reset(); }
  // At the deadline pending and later operations fail with asio::error::timed_out.
  void expires_at(std::optional<Instant> deadline) { backend_->expires_at(deadline); }

  template <class MutableBuffers, class Token>
  auto async_read_some(const MutableBuffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto handler, StreamBackend* backend, asio::mutable_buffer into) {
          backend->start_read(into,
                              detail::make_io_operation(std::move(handler), backend->executor()));
        },
        token, backend_.get(), first_buffer<asio::mutable_buffer>(buffers));
  }

  template <class ConstBuffers, class Token>
  auto async_write_some(const ConstBuffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto handler, StreamBackend* backend, asio::const_buffer from) {
          backend->start_write(from,
                               detail::make_io_operation(std::move(handler), backend->executor()));
        },
        token, backend_.get(), gather(buffers));
  }

 private:
  static constexpr std::size_t kGather_bytes = 64 * 1024;

  // One packet per call, as writev does: Beast passes a header in a dozen buffers.
  template <class ConstBuffers>
  asio::const_buffer gather(const ConstBuffers& buffers) {
    const auto first = first_buffer<asio::const_buffer>(buffers);
    const std::size_t size = std::min(asio::buffer_size(buffers), kGather_bytes);
    if (first.size() >= size) {
      return first;
    }
    std::string& room = backend_->gathered();
    room.resize(size);
    asio::buffer_copy(asio::buffer(room), buffers);
    return asio::buffer(room);
  }

  // A read may be partial, so the first buffer that is not empty is enough.
  template <class Buffer, class Sequence>
  static Buffer first_buffer(const Sequence& buffers) {
    for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers);
         ++it) {
      const Buffer buffer(*it);
      if (buffer.size() != 0) {
        return buffer;
      }
    }
    return Buffer();
  }

  std::unique_ptr<StreamBackend> backend_;
};

}  // namespace env
