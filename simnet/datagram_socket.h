// A UDP socket in the simulated network, named and shaped like Asio's ip::udp::socket.
// A send completes at once. Destruction closes it; pending operations then end with
// operation_aborted.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/socket_base.hpp>
#include <memory>
#include <utility>

#include "simnet/socket_options.h"
#include "simnet/udp.h"

namespace simnet {

class datagram_socket : public asio::socket_base {
 public:
  using executor_type = asio::any_io_executor;
  using protocol_type = asio::ip::udp;
  using endpoint_type = asio::ip::udp::endpoint;
  using lowest_layer_type = datagram_socket;
  using Token0 = asio::default_completion_token_t<executor_type>;

  explicit datagram_socket(executor_type executor)
      : executor_(std::move(executor)), context_(&context_of(executor_)) {}
  explicit datagram_socket(asio::execution_context& context)
      : datagram_socket(executor_type(Executor(context_of(context)))) {}
  datagram_socket(executor_type executor, const protocol_type& protocol)
      : datagram_socket(std::move(executor)) {
    open(protocol);
  }
  datagram_socket(executor_type executor, const endpoint_type& local)
      : datagram_socket(std::move(executor), local.protocol()) {
    bind(local);
  }
  datagram_socket(datagram_socket&& other) noexcept;
  datagram_socket& operator=(datagram_socket&& other) noexcept;
  ~datagram_socket() = default;

  executor_type get_executor() const noexcept { return executor_; }
  bool is_open() const { return open_; }

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
  // From now on only datagrams of `peer` are received, and send() goes there.
  error_code connect(const endpoint_type& peer, error_code& error);
  void connect(const endpoint_type& peer) {
    error_code error;
    throw_error(connect(peer, error), "connect");
  }
  error_code close(error_code& error) {
    close();
    return error = {};
  }
  void close() {
    open_ = false;
    port_.reset();
  }
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
  endpoint_type remote_endpoint(error_code& error) const;
  endpoint_type remote_endpoint() const {
    error_code error;
    const endpoint_type remote = remote_endpoint(error);
    throw_error(error, "remote_endpoint");
    return remote;
  }
  // Bytes of the next datagram.
  std::size_t available(error_code& error) const {
    error = open_ ? error_code() : error_code(asio::error::bad_descriptor);
    return port_ ? port_->available() : 0;
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
  void get_option(Option& option) const {
    options_.get(protocol_type::v4(), option);
  }
  bool non_blocking() const { return non_blocking_; }
  void non_blocking(bool mode) { non_blocking_ = mode; }

  template <class ConstBuffers>
  std::size_t send_to(const ConstBuffers& buffers, const endpoint_type& to,
                      asio::socket_base::message_flags, error_code& error) {
    return send_now(gather(buffers), to, error);
  }
  template <class ConstBuffers>
  std::size_t send_to(const ConstBuffers& buffers, const endpoint_type& to) {
    error_code error;
    const std::size_t bytes = send_now(gather(buffers), to, error);
    throw_error(error, "send_to");
    return bytes;
  }
  template <class ConstBuffers>
  std::size_t send(const ConstBuffers& buffers) {
    error_code error;
    const std::size_t bytes = send_connected(gather(buffers), error);
    throw_error(error, "send");
    return bytes;
  }
  // At once; would_block when nothing has come.
  template <class MutableBuffers>
  std::size_t receive_from(const MutableBuffers& buffers, endpoint_type& sender,
                           asio::socket_base::message_flags, error_code& error) {
    DatagramPlace into;
    into.assign(buffers);
    into.sender = &sender;
    return receive_now(into, error);
  }
  template <class MutableBuffers>
  std::size_t receive_from(const MutableBuffers& buffers, endpoint_type& sender) {
    error_code error;
    const std::size_t bytes = receive_from(buffers, sender, 0, error);
    throw_error(error, "receive_from");
    return bytes;
  }

  // void(error_code). As connect(), told later.
  template <class Token = Token0>
  auto async_connect(const endpoint_type& peer, Token&& token = Token()) {
    return asio::async_initiate<Token, void(error_code)>(
        [](auto&& handler, datagram_socket* self, const endpoint_type& to) {
          IoTaskPtr task = self->make_task<NoDetails, Result::error_only>(std::move(handler));
          error_code error;
          self->connect(to, error);
          complete(std::move(task), error);
        },
        token, this, peer);
  }
  // All void(error_code, std::size_t).
  template <class ConstBuffers, class Token = Token0>
  auto async_send_to(const ConstBuffers& buffers, const endpoint_type& to,
                     Token&& token = Token()) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto&& handler, datagram_socket* self, const ConstBuffers& from,
           const endpoint_type& target) {
          IoTaskPtr task = self->make_task<NoDetails>(std::move(handler));
          error_code error;
          const std::size_t bytes = self->send_now(gather(from), target, error);
          complete(std::move(task), error, bytes);
        },
        token, this, buffers, to);
  }
  template <class ConstBuffers, class Token = Token0>
  auto async_send(const ConstBuffers& buffers, Token&& token = Token()) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto&& handler, datagram_socket* self, const ConstBuffers& from) {
          IoTaskPtr task = self->make_task<NoDetails>(std::move(handler));
          error_code error;
          const std::size_t bytes = self->send_connected(gather(from), error);
          complete(std::move(task), error, bytes);
        },
        token, this, buffers);
  }
  // What does not fit into the buffers is cut off.
  template <class MutableBuffers, class Token = Token0>
  auto async_receive_from(const MutableBuffers& buffers, endpoint_type& sender,
                          Token&& token = Token()) {
    return initiate_receive(buffers, &sender, std::forward<Token>(token));
  }
  template <class MutableBuffers, class Token = Token0>
  auto async_receive(const MutableBuffers& buffers, Token&& token = Token()) {
    return initiate_receive(buffers, nullptr, std::forward<Token>(token));
  }
  // void(error_code). wait_write ends at once.
  template <class Token = Token0>
  auto async_wait(wait_type what, Token&& token = Token()) {
    return asio::async_initiate<Token, void(error_code)>(
        [](auto&& handler, datagram_socket* self, wait_type which) {
          self->start_wait(which,
                           self->make_task<NoDetails, Result::error_only>(std::move(handler)));
        },
        token, this, what);
  }

 private:
  template <class ConstBuffers>
  static PayloadPtr gather(const ConstBuffers& buffers) {
    const std::size_t size = asio::buffer_size(buffers);
    PayloadPtr bytes = Payload::of_size(size);
    asio::buffer_copy(asio::buffer(bytes->data(), size), buffers);
    return bytes;
  }
  template <class Details, Result kResult = Result::error_and_bytes, class Handler>
  IoTaskPtr make_task(Handler&& handler) {
    return make_io_task<kResult, Details>(
        std::move(handler), *context_, executor_, EventKind::io, [this] {
          return [weak = std::weak_ptr<UdpPort>(port_)](const IoTask* task) {
            if (const auto port = weak.lock()) {
              port->cancel(task);
            }
          };
        });
  }
  template <class MutableBuffers, class Token>
  auto initiate_receive(const MutableBuffers& buffers, endpoint_type* sender, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto&& handler, datagram_socket* self, const MutableBuffers& into, endpoint_type* from) {
          IoTaskPtr task = self->make_task<DatagramPlace>(std::move(handler));
          auto* place = static_cast<DatagramPlace*>(task->details());
          place->assign(into);
          place->sender = from;
          self->start_receive(std::move(task));
        },
        token, this, buffers, sender);
  }
  error_code bind_if_needed();
  void options_changed();
  std::size_t send_now(PayloadPtr bytes, const endpoint_type& to, error_code& error);
  std::size_t send_connected(PayloadPtr bytes, error_code& error);
  std::size_t receive_now(const DatagramPlace& into, error_code& error);
  void start_receive(IoTaskPtr task);
  void start_wait(wait_type what, IoTaskPtr task);

  executor_type executor_;
  HostContext* context_;
  std::shared_ptr<UdpPort> port_;  // null until bound
  SocketOptions options_{kDatagramBuffer_bytes};
  bool open_ = false;
  bool non_blocking_ = false;
};

}  // namespace simnet
