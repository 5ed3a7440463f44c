// What Boost.Beast asks of a stream type at the end of a WebSocket connection, for
// stream_socket. Found by argument-dependent lookup: include it where Beast is used.
#pragma once

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>
#include <utility>

#include "simnet/stream_socket.h"

namespace simnet {

inline void beast_close_socket(stream_socket& socket) {
  error_code ignored;
  socket.close(ignored);
}

inline void teardown(boost::beast::role_type role, stream_socket& socket, error_code& error) {
  if (role == boost::beast::role_type::server) {
    socket.shutdown(stream_socket::shutdown_send, error);
  }
  socket.close(error);
}

// The server ends first (RFC 6455, section 7.1.1): it closes, which sends what is still
// under way and then the end.
template <class Handler>
void async_teardown(boost::beast::role_type role, stream_socket& socket, Handler&& handler) {
  error_code error;
  teardown(role, socket, error);
  const auto target = asio::get_associated_executor(handler, socket.get_executor());
  auto last = [handler = std::forward<Handler>(handler)]() mutable {
    std::move(handler)(error_code());
  };
  asio::post(socket.get_executor(), asio::bind_executor(target, std::move(last)));
}

}  // namespace simnet
