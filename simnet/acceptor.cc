#include "simnet/acceptor.h"

#include "simnet/address.h"
#include "simnet/host.h"

namespace simnet {

acceptor::acceptor(executor_type executor, const endpoint_type& local, bool reuse_address)
    : acceptor(std::move(executor)) {
  open(local.protocol());
  set_option(asio::socket_base::reuse_address(reuse_address));
  bind(local);
  listen();
}

acceptor::acceptor(acceptor&& other) noexcept
    : executor_(other.executor_),
      context_(other.context_),
      open_(std::exchange(other.open_, false)),
      bound_(other.bound_),
      options_(std::move(other.options_)),
      listener_(std::move(other.listener_)) {}

acceptor& acceptor::operator=(acceptor&& other) noexcept {
  if (this != &other) {
    executor_ = other.executor_;
    context_ = other.context_;
    open_ = std::exchange(other.open_, false);
    bound_ = other.bound_;
    options_ = std::move(other.options_);
    listener_ = std::move(other.listener_);
  }
  return *this;
}

error_code acceptor::open(const protocol_type& protocol, error_code& error) {
  if (open_) {
    return error = asio::error::already_open;
  }
  if (protocol != protocol_type::v4()) {
    return error = asio::error::address_family_not_supported;
  }
  open_ = true;
  return error = {};
}

error_code acceptor::bind(const endpoint_type& local, error_code& error) {
  Host& host = context_->host();
  if (!open_) {
    return error = asio::error::bad_descriptor;
  }
  if (bound_) {
    return error = asio::error::invalid_argument;
  }
  if (!is_own_address(host, local.address())) {
    return error = error_code(EADDRNOTAVAIL, boost::system::system_category());
  }
  if (local.port() != 0 && host.tcp().port_taken(local.port())) {
    return error = asio::error::address_in_use;
  }
  bound_ = local;
  if (local.port() == 0) {
    bound_->port(host.tcp().ephemeral_port());
  }
  return error = {};
}

error_code acceptor::listen(int backlog, error_code& error) {
  if (!open_) {
    return error = asio::error::bad_descriptor;
  }
  if (listener_) {
    return error = {};
  }
  if (!bound_ && bind({protocol_type::v4(), 0}, error)) {
    return error;
  }
  listener_ =
      context_->host().tcp().listen(*bound_, static_cast<std::size_t>(std::max(backlog, 1)));
  return error = listener_ ? error_code() : error_code(asio::error::address_in_use);
}

void acceptor::close() {
  open_ = false;
  bound_.reset();
  listener_.reset();
}

error_code acceptor::cancel(error_code& error) {
  if (listener_) {
    listener_->cancel();
  }
  return error = open_ ? error_code() : error_code(asio::error::bad_descriptor);
}

acceptor::endpoint_type acceptor::local_endpoint(error_code& error) const {
  error = open_ ? error_code() : error_code(asio::error::bad_descriptor);
  return bound_.value_or(endpoint_type());
}

stream_socket acceptor::accept(error_code& error) {
  if (!listener_) {
    error = open_ ? asio::error::invalid_argument : asio::error::bad_descriptor;
    return stream_socket(executor_);
  }
  TcpEndPtr end = listener_->take();
  error = end ? error_code() : error_code(asio::error::would_block);
  return stream_socket(executor_, std::move(end));
}

void acceptor::start_wait(IoTaskPtr task) {
  if (listener_) {
    listener_->start_wait(std::move(task));
  } else {
    complete(std::move(task), open_ ? asio::error::invalid_argument : asio::error::bad_descriptor);
  }
}

}  // namespace simnet
