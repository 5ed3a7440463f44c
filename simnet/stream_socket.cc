#include "simnet/stream_socket.h"

#include "simnet/host.h"
#include "simnet/world.h"

namespace simnet {

void stream_socket::close() {
  if (end_) {
    end_->close();
    end_.reset();
  }
}

void stream_socket::cancel() {
  if (end_) {
    end_->cancel();
  }
}

void stream_socket::shutdown_send() {
  if (end_) {
    end_->shutdown_send();
  }
}

void stream_socket::abort(error_code error) {
  if (end_) {
    end_->abort(error);
  }
}

error_code stream_socket::prepare_connect(const endpoint& to) {
  close();
  HostContext& context = executor_.context();
  const Host* target = context.host().world().find(to.host);
  if (target == nullptr) {
    return asio::error::host_not_found;
  }
  if (context.alive()) {
    end_ = context.host().tcp().make_end(target->id());
  }
  return {};
}

void stream_socket::start_connect(std::uint16_t port, error_code prepared, IoTaskPtr task) {
  HostContext& context = executor_.context();
  context.adopt(*task);
  if (prepared) {
    complete(context, std::move(task), prepared);
  } else if (end_) {
    end_->start_connect(port, std::move(task));
  }
}

void stream_socket::start_read(asio::mutable_buffer into, IoTaskPtr task) {
  HostContext& context = executor_.context();
  context.adopt(*task);
  if (end_) {
    end_->start_read(into, std::move(task));
  } else {
    complete(context, std::move(task), asio::error::bad_descriptor);
  }
}

void stream_socket::start_write(asio::const_buffer from, IoTaskPtr task) {
  HostContext& context = executor_.context();
  context.adopt(*task);
  if (end_) {
    end_->start_write(from, std::move(task));
  } else {
    complete(context, std::move(task), asio::error::bad_descriptor);
  }
}

error_code acceptor::listen(std::uint16_t port) {
  listener_ = executor_.context().host().tcp().listen(port);
  return listener_ ? error_code() : error_code(asio::error::address_in_use);
}

void acceptor::cancel() {
  if (listener_) {
    listener_->cancel();
  }
}

void acceptor::start_wait(IoTaskPtr task) {
  HostContext& context = executor_.context();
  context.adopt(*task);
  if (listener_) {
    listener_->start_wait(std::move(task));
  } else {
    complete(context, std::move(task), asio::error::bad_descriptor);
  }
}

}  // namespace simnet
