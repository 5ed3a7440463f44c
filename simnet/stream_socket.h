// A TCP socket in the simulated network, named and shaped like Asio's
// ip::tcp::socket: meets AsyncReadStream and AsyncWriteStream. Destruction closes
// it; pending operations then end with operation_aborted.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <memory>
#include <string>
#include <utility>

#include "simnet/io_task.h"
#include "simnet/tcp.h"

namespace simnet {

// A host's name and a port.
struct endpoint {
  std::string host;
  std::uint16_t port = 0;
};

class stream_socket {
 public:
  using executor_type = Executor;

  explicit stream_socket(Executor executor) : executor_(executor) {}
  // Takes over a connection an acceptor took from its backlog.
  stream_socket(Executor executor, std::shared_ptr<TcpEnd> end)
      : executor_(executor), end_(std::move(end)) {}
  stream_socket(stream_socket&& other) noexcept
      : executor_(other.executor_), end_(std::move(other.end_)) {}
  stream_socket& operator=(stream_socket&& other) noexcept {
    close();
    executor_ = other.executor_;
    end_ = std::move(other.end_);
    return *this;
  }
  ~stream_socket() { close(); }

  executor_type get_executor() const { return executor_; }
  bool is_open() const { return end_ != nullptr; }

  void close();
  // Ends pending operations with operation_aborted; the connection stays.
  void cancel();
  // Half close: the peer reads what was written, then eof.
  void shutdown_send();
  // Pending and later operations fail with `error`; the peer sees a reset.
  void abort(error_code error);

  // void(error_code). host_not_found, connection_refused, timed_out.
  template <class Token>
  auto async_connect(const endpoint& to, Token&& token) {
    return asio::async_initiate<Token, void(error_code)>(
        [this](auto handler, const endpoint& target) {
          const error_code error = prepare_connect(target);
          start_connect(target.port, error, make_task<Result::error_only>(std::move(handler)));
        },
        token, to);
  }

  template <class MutableBuffers, class Token>
  auto async_read_some(const MutableBuffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, asio::mutable_buffer into) {
          start_read(into, make_task<Result::error_and_bytes>(std::move(handler)));
        },
        token, first_buffer<asio::mutable_buffer>(buffers));
  }

  template <class ConstBuffers, class Token>
  auto async_write_some(const ConstBuffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, asio::const_buffer from) {
          start_write(from, make_task<Result::error_and_bytes>(std::move(handler)));
        },
        token, first_buffer<asio::const_buffer>(buffers));
  }

  // The untemplated core, for adapters that erase the handler themselves.
  error_code prepare_connect(const endpoint& to);
  void start_connect(std::uint16_t port, error_code prepared, IoTaskPtr task);
  void start_read(asio::mutable_buffer into, IoTaskPtr task);
  void start_write(asio::const_buffer from, IoTaskPtr task);

 private:
  template <Result kResult, class Handler>
  IoTaskPtr make_task(Handler handler) {
    return make_io_task<kResult>(std::move(handler), executor_, EventKind::io,
                                 [weak = std::weak_ptr<TcpEnd>(end_)](const IoTask* task) {
                                   if (const auto end = weak.lock()) {
                                     end->cancel(task);
                                   }
                                 });
  }

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

  Executor executor_;
  std::shared_ptr<TcpEnd> end_;
};

// A listening port, shaped like ip::tcp::acceptor. Destruction ends a pending accept
// with operation_aborted.
class acceptor {
 public:
  using executor_type = Executor;

  explicit acceptor(Executor executor) : executor_(executor) {}
  acceptor(const acceptor&) = delete;
  acceptor& operator=(const acceptor&) = delete;

  executor_type get_executor() const { return executor_; }
  // Error: address_in_use.
  error_code listen(std::uint16_t port);
  void cancel();

  // void(error_code, stream_socket). One accept at a time.
  template <class Token>
  auto async_accept(Token&& token) {
    return asio::async_initiate<Token, void(error_code, stream_socket)>(
        [this](auto handler) {
          const auto target = asio::get_associated_executor(handler, executor_);
          const auto slot = asio::get_associated_cancellation_slot(handler);
          const std::weak_ptr<TcpListener> weak = listener_;
          auto finish = [executor = executor_, weak,
                         handler = std::move(handler)](error_code error) mutable {
            const auto listener = weak.lock();
            if (!listener && !error) {
              error = asio::error::operation_aborted;
            }
            std::shared_ptr<TcpEnd> end = error ? nullptr : listener->take();
            std::move(handler)(error, stream_socket(executor, std::move(end)));
          };
          auto bound =
              asio::bind_cancellation_slot(slot, asio::bind_executor(target, std::move(finish)));
          start_wait(make_io_task<Result::error_only>(std::move(bound), executor_, EventKind::io,
                                                      [weak](const IoTask* task) {
                                                        if (const auto listener = weak.lock()) {
                                                          listener->cancel(task);
                                                        }
                                                      }));
        },
        token);
  }

  // Completes when take() has a connection.
  void start_wait(IoTaskPtr task);
  std::shared_ptr<TcpEnd> take() { return listener_->take(); }

 private:
  Executor executor_;
  std::shared_ptr<TcpListener> listener_;
};

}  // namespace simnet
