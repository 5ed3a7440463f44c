// A listening port, named and shaped like Asio's ip::tcp::acceptor. Destruction ends
// pending accepts with operation_aborted and resets what waits in the backlog.
#pragma once

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>

#include "simnet/stream_socket.h"

namespace simnet {

class acceptor : public asio::socket_base {
 public:
  using executor_type = asio::any_io_executor;
  using protocol_type = asio::ip::tcp;
  using endpoint_type = asio::ip::tcp::endpoint;
  using Token0 = asio::default_completion_token_t<executor_type>;

  explicit acceptor(executor_type executor)
      : executor_(std::move(executor)), context_(&context_of(executor_)) {}
  explicit acceptor(asio::execution_context& context)
      : acceptor(executor_type(Executor(context_of(context)))) {}
  acceptor(executor_type executor, const protocol_type& protocol) : acceptor(std::move(executor)) {
    open(protocol);
  }
  // Opens, binds and listens. Errors: boost::system::system_error.
  acceptor(executor_type executor, const endpoint_type& local, bool reuse_address = true);
  acceptor(asio::execution_context& context, const endpoint_type& local, bool reuse_address = true)
      : acceptor(executor_type(Executor(context_of(context))), local, reuse_address) {}
  acceptor(acceptor&& other) noexcept;
  acceptor& operator=(acceptor&& other) noexcept;
  ~acceptor() = default;

  executor_type get_executor() const noexcept { return executor_; }
  bool is_open() const { return open_; }

  error_code open(const protocol_type& protocol, error_code& error);
  void open(const protocol_type& protocol = protocol_type::v4()) {
    error_code error;
    throw_error(open(protocol, error), "open");
  }
  // Errors: address_in_use, EADDRNOTAVAIL.
  error_code bind(const endpoint_type& local, error_code& error);
  void bind(const endpoint_type& local) {
    error_code error;
    throw_error(bind(local, error), "bind");
  }
  // Errors: address_in_use. Not bound: any free port.
  error_code listen(int backlog, error_code& error);
  void listen(int backlog = max_listen_connections) {
    error_code error;
    throw_error(listen(backlog, error), "listen");
  }
  error_code close(error_code& error) {
    close();
    return error = {};
  }
  void close();
  error_code cancel(error_code& error);
  void cancel() {
    error_code error;
    throw_error(cancel(error), "cancel");
  }
  endpoint_type local_endpoint(error_code& error) const;
  endpoint_type local_endpoint() const {
    error_code error;
    const endpoint_type local = local_endpoint(error);
    throw_error(error, "local_endpoint");
    return local;
  }
  template <class Option>
  error_code set_option(const Option& option, error_code& error) {
    options_.set(protocol_type::v4(), option);
    return error = open_ ? error_code() : error_code(asio::error::bad_descriptor);
  }
  template <class Option>
  void set_option(const Option& option) {
    error_code error;
    throw_error(set_option(option, error), "set_option");
  }
  template <class Option>
  void get_option(Option& option) const {
    options_.get(protocol_type::v4(), option);
  }
  void non_blocking(bool) {}

  // void(error_code, stream_socket).
  template <class Token = Token0>
  auto async_accept(Token&& token = Token()) {
    return async_accept(executor_, std::forward<Token>(token));
  }
  // The socket gets that executor.
  template <class Token = Token0>
  auto async_accept(const executor_type& with, Token&& token = Token()) {
    return asio::async_initiate<Token, void(error_code, stream_socket)>(
        [](auto&& handler, acceptor* self, executor_type executor) {
          self->start_accept(std::move(handler), false,
                             [executor](auto& last, error_code error, TcpEndPtr end) {
                               std::move(last)(error, stream_socket(executor, std::move(end)));
                             });
        },
        token, this, with);
  }
  // void(error_code). Into `peer`, which must not be open.
  template <class Token = Token0>
  auto async_accept(stream_socket& peer, Token&& token = Token()) {
    return asio::async_initiate<Token, void(error_code)>(
        [](auto&& handler, acceptor* self, stream_socket* into) {
          self->start_accept(std::move(handler), into->is_open(),
                             [into](auto& last, error_code error, TcpEndPtr end) {
                               if (end) {
                                 *into = stream_socket(into->get_executor(), std::move(end));
                               }
                               std::move(last)(error);
                             });
        },
        token, this, &peer);
  }
  template <class Token = Token0>
  auto async_accept(stream_socket& peer, endpoint_type& remote, Token&& token = Token()) {
    return asio::async_initiate<Token, void(error_code)>(
        [](auto&& handler, acceptor* self, stream_socket* into, endpoint_type* from) {
          self->start_accept(std::move(handler), into->is_open(),
                             [into, from](auto& last, error_code error, TcpEndPtr end) {
                               if (end) {
                                 *from = end->remote;
                                 *into = stream_socket(into->get_executor(), std::move(end));
                               }
                               std::move(last)(error);
                             });
        },
        token, this, &peer, &remote);
  }
  // void(error_code). Only wait_read ends before the acceptor does.
  template <class Token = Token0>
  auto async_wait(wait_type, Token&& token = Token()) {
    return asio::async_initiate<Token, void(error_code)>(
        [](auto&& handler, acceptor* self) {
          self->start_accept<false>(
              std::move(handler), false,
              [](auto& last, error_code error, TcpEndPtr) { std::move(last)(error); });
        },
        token, this);
  }
  // At once; would_block when nobody waits.
  stream_socket accept(error_code& error);
  stream_socket accept() {
    error_code error;
    stream_socket accepted = accept(error);
    throw_error(error, "accept");
    return accepted;
  }
  // Into `peer`, which must not be open.
  error_code accept(stream_socket& peer, error_code& error) {
    if (peer.is_open()) {
      return error = asio::error::already_open;
    }
    stream_socket accepted = accept(error);
    if (!error) {
      peer = std::move(accepted);
    }
    return error;
  }
  void accept(stream_socket& peer) {
    error_code error;
    throw_error(accept(peer, error), "accept");
  }

  // Completes when take() has a connection for it. REQUIRES: adopted.
  void start_wait(IoTaskPtr task);
  TcpEndPtr take() { return listener_ ? listener_->take() : nullptr; }

 private:
  // Takes the connection when the handler runs, not before: if it never runs, the
  // connection stays in the backlog.
  template <bool kTake = true, class Handler, class Finish>
  void start_accept(Handler&& handler, bool target_is_open, Finish finish) {
    const auto allocator = asio::get_associated_allocator(handler);
    const auto target = asio::get_associated_executor(handler, executor_);
    const auto slot = asio::get_associated_cancellation_slot(handler);
    const std::weak_ptr<TcpListener> weak = listener_;
    auto last = [weak, finish, handler = std::move(handler)](error_code error) mutable {
      const auto listener = weak.lock();
      if (!listener && !error) {
        error = asio::error::operation_aborted;
      }
      TcpEndPtr end;
      if (!error && kTake) {
        end = listener->take();
      } else if (!error) {
        listener->decline();
      }
      finish(handler, error, std::move(end));
    };
    auto bound = asio::bind_allocator(
        allocator,
        asio::bind_cancellation_slot(slot, asio::bind_executor(target, std::move(last))));
    IoTaskPtr task = make_io_task<Result::error_only>(std::move(bound), *context_, executor_,
                                                      EventKind::io, [&weak] {
                                                        return [weak](const IoTask* pending) {
                                                          if (const auto listener = weak.lock()) {
                                                            listener->cancel(pending);
                                                          }
                                                        };
                                                      });
    if (target_is_open) {
      complete(std::move(task), asio::error::already_open);
    } else {
      start_wait(std::move(task));
    }
  }

  executor_type executor_;
  HostContext* context_;
  bool open_ = false;
  std::optional<endpoint_type> bound_;
  SocketOptions options_;
  std::shared_ptr<TcpListener> listener_;
};

}  // namespace simnet
