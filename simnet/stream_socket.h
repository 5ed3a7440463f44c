// A TCP socket in the simulated network, named and shaped like Asio's ip::tcp::socket.
// Destruction closes it; pending operations then end with operation_aborted. Every
// operation obeys cancellation slots of any type; what is cancelled had no effect.
// REQUIRES: the host's incarnation outlives it or destroys it.
#pragma once

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/socket_base.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "simnet/socket_options.h"
#include "simnet/tcp.h"

namespace simnet {

class stream_socket : public asio::socket_base {
 public:
  using executor_type = asio::any_io_executor;
  using protocol_type = asio::ip::tcp;
  using endpoint_type = asio::ip::tcp::endpoint;
  using lowest_layer_type = stream_socket;
  using Token0 = asio::default_completion_token_t<executor_type>;

  explicit stream_socket(executor_type executor)
      : executor_(std::move(executor)), context_(&context_of(executor_)) {}
  explicit stream_socket(asio::execution_context& context)
      : stream_socket(executor_type(Executor(context_of(context)))) {}
  stream_socket(executor_type executor, const protocol_type& protocol)
      : stream_socket(std::move(executor)) {
    open(protocol);
  }
  stream_socket(executor_type executor, const endpoint_type& local)
      : stream_socket(std::move(executor), local.protocol()) {
    bind(local);
  }
  // Takes over a connection an acceptor took from its backlog; null: not open.
  stream_socket(executor_type executor, TcpEndPtr end);
  stream_socket(stream_socket&& other) noexcept;
  stream_socket& operator=(stream_socket&& other) noexcept;
  ~stream_socket() { let_go(); }

  executor_type get_executor() const noexcept { return executor_; }
  lowest_layer_type& lowest_layer() { return *this; }
  const lowest_layer_type& lowest_layer() const { return *this; }
  bool is_open() const { return open_; }

  // Errors: already_open, address_family_not_supported.
  error_code open(const protocol_type& protocol, error_code& error);
  void open(const protocol_type& protocol = protocol_type::v4()) {
    error_code error;
    throw_error(open(protocol, error), "open");
  }
  // Errors: bad_descriptor, address_in_use, EADDRNOTAVAIL.
  error_code bind(const endpoint_type& local, error_code& error);
  void bind(const endpoint_type& local) {
    error_code error;
    throw_error(bind(local, error), "bind");
  }
  error_code close(error_code& error) {
    let_go();
    return error = {};
  }
  void close() { let_go(); }
  // Ends pending operations with operation_aborted; the connection stays.
  error_code cancel(error_code& error);
  void cancel() {
    error_code error;
    throw_error(cancel(error), "cancel");
  }
  // Half close: the peer reads what was written, then eof. Error: not_connected.
  error_code shutdown(shutdown_type what, error_code& error);
  void shutdown(shutdown_type what) {
    error_code error;
    throw_error(shutdown(what, error), "shutdown");
  }
  // Errors: bad_descriptor; remote: not_connected.
  endpoint_type local_endpoint(error_code& error) const;
  endpoint_type local_endpoint() const {
    error_code error;
    const endpoint_type local = local_endpoint(error);
    throw_error(error, "local_endpoint");
    return local;
  }
  endpoint_type remote_endpoint(error_code& error) const;
  endpoint_type remote_endpoint() const {
    error_code error;
    const endpoint_type remote = remote_endpoint(error);
    throw_error(error, "remote_endpoint");
    return remote;
  }
  std::size_t available(error_code& error) const {
    error = open_ ? error_code() : error_code(asio::error::bad_descriptor);
    return end_ ? end_->available() : 0;
  }
  std::size_t available() const {
    error_code error;
    const std::size_t bytes = available(error);
    throw_error(error, "available");
    return bytes;
  }

  template <class Option>
  error_code set_option(const Option& option, error_code& error) {
    error = open_ ? error_code() : error_code(asio::error::bad_descriptor);
    if (open_) {
      options_.set(protocol_type::v4(), option);
      options_changed();
    }
    return error;
  }
  template <class Option>
  void set_option(const Option& option) {
    error_code error;
    throw_error(set_option(option, error), "set_option");
  }
  template <class Option>
  error_code get_option(Option& option, error_code& error) const {
    error = open_ ? error_code() : error_code(asio::error::bad_descriptor);
    options_.get(protocol_type::v4(), option);
    return error;
  }
  template <class Option>
  void get_option(Option& option) const {
    error_code error;
    throw_error(get_option(option, error), "get_option");
  }
  // Synchronous calls never block here: there is nobody else to make progress. They
  // say would_block, whatever the mode.
  bool non_blocking() const { return non_blocking_; }
  void non_blocking(bool mode) { non_blocking_ = mode; }
  error_code non_blocking(bool mode, error_code& error) {
    non_blocking_ = mode;
    return error = open_ ? error_code() : error_code(asio::error::bad_descriptor);
  }

  template <class MutableBuffers>
  std::size_t read_some(const MutableBuffers& buffers, error_code& error) {
    ReadBuffers into;
    into.assign(buffers);
    return read_now(into, error);
  }
  template <class MutableBuffers>
  std::size_t read_some(const MutableBuffers& buffers) {
    error_code error;
    const std::size_t bytes = read_some(buffers, error);
    throw_error(error, "read_some");
    return bytes;
  }
  template <class ConstBuffers>
  std::size_t write_some(const ConstBuffers& buffers, error_code& error) {
    return write_now(gather(buffers), error);
  }
  template <class ConstBuffers>
  std::size_t write_some(const ConstBuffers& buffers) {
    error_code error;
    const std::size_t bytes = write_some(buffers, error);
    throw_error(error, "write_some");
    return bytes;
  }

  // void(error_code). Errors: connection_refused, timed_out, host_unreachable,
  // already_connected.
  template <class Token = Token0>
  auto async_connect(const endpoint_type& to, Token&& token = Token()) {
    return asio::async_initiate<Token, void(error_code)>(
        [](auto&& handler, stream_socket* self, const endpoint_type& target) {
          const error_code error = self->prepare_connect(target);
          self->start_connect(error, self->make_task<Result::error_only>(std::move(handler)));
        },
        token, this, to);
  }
  template <class MutableBuffers, class Token = Token0>
  auto async_read_some(const MutableBuffers& buffers, Token&& token = Token()) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto&& handler, stream_socket* self, const MutableBuffers& into) {
          IoTaskPtr task =
              self->make_task<Result::error_and_bytes, ReadBuffers>(std::move(handler));
          static_cast<ReadBuffers*>(task->details())->assign(into);
          self->start_read(std::move(task));
        },
        token, this, buffers);
  }
  template <class ConstBuffers, class Token = Token0>
  auto async_write_some(const ConstBuffers& buffers, Token&& token = Token()) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto&& handler, stream_socket* self, const ConstBuffers& from) {
          IoTaskPtr task = self->make_task<Result::error_and_bytes, WriteBytes>(std::move(handler));
          *static_cast<WriteBytes*>(task->details()) = gather(from);
          self->start_write(std::move(task));
        },
        token, this, buffers);
  }
  template <class MutableBuffers, class Token = Token0>
  auto async_receive(const MutableBuffers& buffers, Token&& token = Token()) {
    return async_read_some(buffers, std::forward<Token>(token));
  }
  template <class ConstBuffers, class Token = Token0>
  auto async_send(const ConstBuffers& buffers, Token&& token = Token()) {
    return async_write_some(buffers, std::forward<Token>(token));
  }
  // void(error_code). wait_error: ends when the connection does.
  template <class Token = Token0>
  auto async_wait(wait_type what, Token&& token = Token()) {
    return asio::async_initiate<Token, void(error_code)>(
        [](auto&& handler, stream_socket* self, wait_type which) {
          self->start_wait(which, self->make_task<Result::error_only>(std::move(handler)));
        },
        token, this, what);
  }

  // The untemplated core, for adapters that erase the handler themselves. REQUIRES: the
  // task was adopted by the host's context and has the details its operation needs.
  // Connecting has two steps, so that a task can be made which cancels the connection.
  error_code prepare_connect(const endpoint_type& to);
  void start_connect(error_code prepared, IoTaskPtr task);
  void start_read(IoTaskPtr task);
  void start_write(IoTaskPtr task);
  void start_wait(wait_type what, IoTaskPtr task);
  // Pending and later operations fail with `error`; the peer sees a reset.
  void abort(error_code error);

  template <class ConstBuffers>
  static WriteBytes gather(const ConstBuffers& buffers) {
    const std::size_t size = std::min(asio::buffer_size(buffers), kWrite_bytes);
    PayloadPtr bytes = Payload::of_size(size);
    asio::buffer_copy(asio::buffer(bytes->data(), size), buffers);
    return {std::move(bytes)};
  }

 private:
  template <Result kResult, class Details = NoDetails, class Handler>
  IoTaskPtr make_task(Handler&& handler) {
    return make_io_task<kResult, Details>(std::move(handler), *context_, executor_, EventKind::io,
                                          [this] {
                                            return [end = end_](const IoTask* task) {
                                              if (end) {
                                                end->cancel(task);
                                              }
                                            };
                                          });
  }
  endpoint_type local_for(const endpoint_type& to) const;
  void let_go();
  void options_changed();
  std::size_t read_now(const ReadBuffers& into, error_code& error);
  std::size_t write_now(const WriteBytes& from, error_code& error);
  error_code not_ready() const;
  error_code not_writable() const;

  executor_type executor_;
  HostContext* context_;
  TcpEndPtr end_;
  std::unique_ptr<endpoint_type> bound_;  // null unless bound: few sockets of streams are
  SocketOptions options_;
  bool open_ = false;
  bool non_blocking_ = false;
};

}  // namespace simnet
