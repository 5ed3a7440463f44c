// The namespace to put in the place of boost::asio:
//
//   namespace net = boost::asio;    // the real world
//   namespace net = simnet::net;    // this one
//
// It has all of Boost.Asio, with these in simulation: ip::tcp and ip::udp with their
// sockets, acceptor and resolvers, steady_timer, and async_connect to lists of endpoints.
// Endpoints, addresses, options, buffers, errors, coroutines, composed operations and completion
// tokens are Asio's own. Objects are made with an executor of a simulated host (Host::executor(),
// or this_coro::executor inside a coroutine spawned on it), a strand of it, or its context.
//
// Limits: no local sockets, serial ports, signals, files or SSL; no system_timer; IPv4
// only; connect() and the other synchronous calls that would block do not exist or say
// would_block; io_context::run has nothing to run, World runs everything.
#pragma once

#include <boost/asio.hpp>

#include "simnet/acceptor.h"
#include "simnet/connect.h"
#include "simnet/datagram_socket.h"
#include "simnet/resolver.h"
#include "simnet/stream_socket.h"
#include "simnet/timer.h"

namespace simnet::net {

using namespace boost::asio;  // NOLINT(google-build-using-namespace)
using boost::asio::async_connect;
using simnet::async_connect;
using simnet::steady_timer;

namespace ip {

using namespace boost::asio::ip;  // NOLINT(google-build-using-namespace)

// As boost::asio::ip::tcp, which is also the type of the protocol values.
struct tcp {
  using endpoint = boost::asio::ip::tcp::endpoint;
  using socket = stream_socket;
  using acceptor = simnet::acceptor;
  using resolver = basic_resolver<boost::asio::ip::tcp>;
  using no_delay = boost::asio::ip::tcp::no_delay;
  static boost::asio::ip::tcp v4() { return boost::asio::ip::tcp::v4(); }
  static boost::asio::ip::tcp v6() { return boost::asio::ip::tcp::v6(); }
};

struct udp {
  using endpoint = boost::asio::ip::udp::endpoint;
  using socket = datagram_socket;
  using resolver = basic_resolver<boost::asio::ip::udp>;
  static boost::asio::ip::udp v4() { return boost::asio::ip::udp::v4(); }
  static boost::asio::ip::udp v6() { return boost::asio::ip::udp::v6(); }
};

}  // namespace ip
}  // namespace simnet::net
