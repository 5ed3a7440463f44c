#include "simnet/stream_socket.h"

#include "simnet/address.h"
#include "simnet/host.h"
#include "simnet/world.h"

namespace simnet {

stream_socket::stream_socket(executor_type executor, TcpEndPtr end)
    : stream_socket(std::move(executor)) {
  end_ = std::move(end);
  open_ = end_ != nullptr;
}

stream_socket::stream_socket(stream_socket&& other) noexcept
    : executor_(other.executor_),
      context_(other.context_),
      end_(std::move(other.end_)),
      bound_(std::move(other.bound_)),
      options_(std::move(other.options_)),
      open_(std::exchange(other.open_, false)),
      non_blocking_(other.non_blocking_) {}

stream_socket& stream_socket::operator=(stream_socket&& other) noexcept {
  if (this != &other) {
    let_go();
    executor_ = other.executor_;
    context_ = other.context_;
    end_ = std::move(other.end_);
    bound_ = std::move(other.bound_);
    options_ = std::move(other.options_);
    open_ = std::exchange(other.open_, false);
    non_blocking_ = other.non_blocking_;
  }
  return *this;
}

void stream_socket::let_go() {
  open_ = false;
  bound_.reset();
  if (end_) {
    linger how;
    options_.get(protocol_type::v4(), how);
    std::exchange(end_, nullptr)->close(how.enabled() && how.timeout() == 0);
  }
}

error_code stream_socket::open(const protocol_type& protocol, error_code& error) {
  if (open_) {
    return error = asio::error::already_open;
  }
  if (protocol != protocol_type::v4()) {
    return error = asio::error::address_family_not_supported;
  }
  open_ = true;
  options_ = SocketOptions();
  return error = {};
}

error_code stream_socket::bind(const endpoint_type& local, error_code& error) {
  Host& host = context_->host();
  if (!open_) {
    return error = asio::error::bad_descriptor;
  }
  if (bound_ || end_) {
    return error = asio::error::invalid_argument;
  }
  if (!is_own_address(host, local.address())) {
    return error = error_code(EADDRNOTAVAIL, boost::system::system_category());
  }
  if (local.port() != 0 && host.tcp().port_taken(local.port())) {
    return error = asio::error::address_in_use;
  }
  bound_ = std::make_unique<endpoint_type>(local);
  if (local.port() == 0) {
    bound_->port(host.tcp().ephemeral_port());
  }
  return error = {};
}

error_code stream_socket::cancel(error_code& error) {
  if (!open_) {
    return error = asio::error::bad_descriptor;
  }
  if (end_) {
    end_->cancel();
  }
  return error = {};
}

error_code stream_socket::shutdown(shutdown_type what, error_code& error) {
  if (!open_) {
    return error = asio::error::bad_descriptor;
  }
  if (!end_) {
    return error = asio::error::not_connected;
  }
  return error = end_->shutdown(what != shutdown_send, what != shutdown_receive);
}

stream_socket::endpoint_type stream_socket::local_endpoint(error_code& error) const {
  error = open_ ? error_code() : error_code(asio::error::bad_descriptor);
  return end_ ? end_->local : bound_ ? *bound_ : endpoint_type();
}

stream_socket::endpoint_type stream_socket::remote_endpoint(error_code& error) const {
  error = not_ready();
  return error ? endpoint_type() : end_->remote;
}

error_code stream_socket::not_ready() const {
  if (!open_) {
    return asio::error::bad_descriptor;
  }
  return end_ && end_->connected() ? error_code() : error_code(asio::error::not_connected);
}

// Linux' send(2) calls a socket without a connection a broken pipe.
error_code stream_socket::not_writable() const {
  const error_code error = not_ready();
  return error == asio::error::not_connected ? error_code(asio::error::broken_pipe) : error;
}

void stream_socket::options_changed() {
  send_buffer_size size;
  options_.get(protocol_type::v4(), size);
  if (end_ && size.value() > 0) {
    end_->set_send_limit(static_cast<std::size_t>(size.value()));
  }
}

void stream_socket::abort(error_code error) {
  if (end_) {
    end_->abort(error);
  }
}

// Asio opens a socket that is not open. A failed connection leaves a fresh one behind.
error_code stream_socket::prepare_connect(const endpoint_type& to) {
  error_code ignored;
  open(protocol_type::v4(), ignored);
  if (end_ && end_->failed()) {
    end_ = nullptr;
  }
  if (end_) {
    return end_->connected() ? asio::error::already_connected : asio::error::already_started;
  }
  Host& host = context_->host();
  const HostId target = host_at(host, to.address());
  if (target == 0) {
    return to.address().is_v4() ? error_code(asio::error::host_unreachable)
                                : error_code(asio::error::address_family_not_supported);
  }
  if (context_->alive()) {
    end_ = host.tcp().make_end(target, local_for(to), to);
    options_changed();
  }
  return {};
}

stream_socket::endpoint_type stream_socket::local_for(const endpoint_type& to) const {
  Host& host = context_->host();
  endpoint_type local = bound_ ? *bound_ : endpoint_type(protocol_type::v4(), 0);
  if (local.address().is_unspecified()) {
    local.address(to.address().is_loopback() ? to.address()
                                             : asio::ip::address(address_of(host.id())));
  }
  if (local.port() == 0) {
    local.port(host.tcp().ephemeral_port());
  }
  return local;
}

void stream_socket::start_connect(error_code prepared, IoTaskPtr task) {
  if (prepared) {
    complete(std::move(task), prepared);
  } else if (end_) {
    end_->start_connect(std::move(task));
  }
}

std::size_t stream_socket::read_now(const ReadBuffers& into, error_code& error) {
  error = not_ready();
  return error && !end_ ? 0 : end_->read_now(into, error);
}

std::size_t stream_socket::write_now(const WriteBytes& from, error_code& error) {
  error = not_writable();
  return error && !end_ ? 0 : end_->write_now(from, error);
}

void stream_socket::start_read(IoTaskPtr task) {
  if (end_) {
    end_->start_read(std::move(task));
  } else {
    complete(std::move(task), not_ready());
  }
}

void stream_socket::start_write(IoTaskPtr task) {
  if (end_) {
    end_->start_write(std::move(task));
  } else {
    complete(std::move(task), not_writable());
  }
}

void stream_socket::start_wait(wait_type what, IoTaskPtr task) {
  if (!end_) {
    complete(std::move(task), not_ready());
  } else if (what == wait_read) {
    end_->start_wait_read(std::move(task));
  } else if (what == wait_write) {
    end_->start_wait_write(std::move(task));
  } else {
    end_->start_wait_error(std::move(task));
  }
}

}  // namespace simnet
