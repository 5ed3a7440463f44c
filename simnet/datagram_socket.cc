#include "simnet/datagram_socket.h"

#include "simnet/address.h"
#include "simnet/host.h"

namespace simnet {

datagram_socket::datagram_socket(datagram_socket&& other) noexcept
    : executor_(other.executor_),
      context_(other.context_),
      port_(std::move(other.port_)),
      options_(std::move(other.options_)),
      open_(std::exchange(other.open_, false)),
      non_blocking_(other.non_blocking_) {}

datagram_socket& datagram_socket::operator=(datagram_socket&& other) noexcept {
  if (this != &other) {
    executor_ = other.executor_;
    context_ = other.context_;
    port_ = std::move(other.port_);
    options_ = std::move(other.options_);
    open_ = std::exchange(other.open_, false);
    non_blocking_ = other.non_blocking_;
  }
  return *this;
}

error_code datagram_socket::open(const protocol_type& protocol, error_code& error) {
  if (open_) {
    return error = asio::error::already_open;
  }
  if (protocol != protocol_type::v4()) {
    return error = asio::error::address_family_not_supported;
  }
  open_ = true;
  return error = {};
}

error_code datagram_socket::bind(const endpoint_type& local, error_code& error) {
  if (!open_) {
    return error = asio::error::bad_descriptor;
  }
  if (port_) {
    return error = asio::error::invalid_argument;
  }
  if (!is_own_address(context_->host(), local.address())) {
    return error = error_code(EADDRNOTAVAIL, boost::system::system_category());
  }
  port_ = context_->host().udp().bind(local);
  if (port_) {
    options_changed();
  }
  return error = port_ ? error_code() : error_code(asio::error::address_in_use);
}

error_code datagram_socket::bind_if_needed() {
  error_code error;
  if (!open_) {
    return asio::error::bad_descriptor;
  }
  return port_ ? error : bind({protocol_type::v4(), 0}, error);
}

error_code datagram_socket::connect(const endpoint_type& peer, error_code& error) {
  if (!open_) {
    open(protocol_type::v4(), error);
  }
  error = bind_if_needed();
  if (!error) {
    port_->connect(peer);
  }
  return error;
}

error_code datagram_socket::cancel(error_code& error) {
  if (port_) {
    port_->cancel();
  }
  return error = open_ ? error_code() : error_code(asio::error::bad_descriptor);
}

datagram_socket::endpoint_type datagram_socket::local_endpoint(error_code& error) const {
  error = open_ ? error_code() : error_code(asio::error::bad_descriptor);
  return port_ ? port_->local() : endpoint_type();
}

datagram_socket::endpoint_type datagram_socket::remote_endpoint(error_code& error) const {
  error = open_ ? asio::error::not_connected : asio::error::bad_descriptor;
  if (!port_ || !port_->peer()) {
    return {};
  }
  error = {};
  return *port_->peer();
}

void datagram_socket::options_changed() {
  receive_buffer_size size;
  options_.get(protocol_type::v4(), size);
  if (port_ && size.value() > 0) {
    port_->set_buffer_limit(static_cast<std::size_t>(size.value()));
  }
}

std::size_t datagram_socket::send_now(PayloadPtr bytes, const endpoint_type& to,
                                      error_code& error) {
  error = port_ ? error_code() : bind_if_needed();
  const std::size_t size = bytes->size();
  if (!error) {
    error = port_->send(std::move(bytes), to);
  }
  return error ? 0 : size;
}

std::size_t datagram_socket::send_connected(PayloadPtr bytes, error_code& error) {
  if (!port_ || !port_->peer()) {
    error = open_ ? error_code(EDESTADDRREQ, boost::system::system_category())
                  : error_code(asio::error::bad_descriptor);
    return 0;
  }
  return send_now(std::move(bytes), *port_->peer(), error);
}

std::size_t datagram_socket::receive_now(const DatagramPlace& into, error_code& error) {
  error = open_ ? asio::error::would_block : asio::error::bad_descriptor;
  return port_ ? port_->receive_now(into, error) : 0;
}

void datagram_socket::start_receive(IoTaskPtr task) {
  if (port_) {
    port_->start_receive(std::move(task));
  } else {
    complete(std::move(task), open_ ? asio::error::invalid_argument : asio::error::bad_descriptor);
  }
}

void datagram_socket::start_wait(wait_type what, IoTaskPtr task) {
  if (what == wait_write || !port_) {
    complete(std::move(task), open_ ? error_code() : error_code(asio::error::bad_descriptor));
  } else {
    port_->start_wait(std::move(task));
  }
}

}  // namespace simnet
