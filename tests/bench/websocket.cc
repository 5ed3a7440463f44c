#include "tests/bench/websocket.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include "simnet/beast.h"
#include "simnet/net.h"
#include "simnet/world.h"
#include "tests/bench/stopwatch.h"

namespace bench {
namespace {

namespace net = simnet::net;
namespace beast = boost::beast;
using namespace std::chrono_literals;
using net::ip::tcp;
using WebSocket = beast::websocket::stream<tcp::socket>;

net::awaitable<void> serve(simnet::Host* host) {
  tcp::acceptor acceptor(host->executor(), tcp::endpoint(tcp::v4(), 80));
  tcp::socket socket = co_await acceptor.async_accept(net::use_awaitable);
  WebSocket stream(std::move(socket));
  stream.binary(true);
  co_await stream.async_accept(net::use_awaitable);
  beast::flat_buffer buffer;
  for (;;) {
    co_await stream.async_read(buffer, net::use_awaitable);
    co_await stream.async_write(buffer.data(), net::use_awaitable);
    buffer.clear();
  }
}

net::awaitable<void> call(simnet::Host* host, net::ip::address_v4 server, std::uint64_t* trips) {
  tcp::socket socket(host->executor());
  co_await socket.async_connect(tcp::endpoint(server, 80), net::use_awaitable);
  WebSocket stream(std::move(socket));
  stream.binary(true);
  co_await stream.async_handshake("server", "/", net::use_awaitable);
  const std::string message(64, 'x');
  beast::flat_buffer buffer;
  for (;;) {
    co_await stream.async_write(net::buffer(message), net::use_awaitable);
    co_await stream.async_read(buffer, net::use_awaitable);
    buffer.clear();
    ++*trips;
  }
}

}  // namespace

double websocket_round_trips_per_second() {
  simnet::World world(1);
  std::uint64_t trips = 0;
  simnet::Host& server = world.add_host({"server", "here"});
  server.set_program([](simnet::Host& host) -> std::shared_ptr<void> {
    net::co_spawn(host.executor(), serve(&host), net::detached);
    return nullptr;
  });
  simnet::Host& client = world.add_host({"client", "here"});
  client.set_program([&trips, &server](simnet::Host& host) -> std::shared_ptr<void> {
    net::co_spawn(host.executor(), call(&host, server.address(), &trips), net::detached);
    return nullptr;
  });
  server.boot();
  world.at(simnet::Time(1ms), [&client] { client.boot(); });
  world.run_until(simnet::Time(100ms));
  return rate_of([&world, &trips] {
    for (const std::uint64_t before = trips; trips == before;) {
      world.step();
    }
  });
}

}  // namespace bench
