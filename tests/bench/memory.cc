#include <malloc.h>

#include <memory>
#include <string>

#include "simnet/net.h"
#include "simnet/spawn.h"
#include "simnet/world.h"
#include "tests/bench/loops.h"
#include "tests/bench/websocket.h"

namespace bench {
namespace {

namespace net = simnet::net;
using namespace std::chrono_literals;
using net::ip::tcp;

double used_bytes() {
  const struct mallinfo2 now = mallinfo2();
  return static_cast<double>(now.uordblks + now.hblkhd);
}

net::awaitable<void> sleep_long() {
  net::steady_timer timer(co_await net::this_coro::executor, 24h);
  co_await timer.async_wait(net::use_awaitable);
}

net::awaitable<void> hold(tcp::socket socket) {
  char byte = 0;
  co_await socket.async_read_some(net::buffer(&byte, 1), net::use_awaitable);
}

net::awaitable<void> accept_all(simnet::Host* host) {
  tcp::acceptor acceptor(host->executor(), tcp::endpoint(tcp::v4(), 80));
  for (;;) {
    tcp::socket socket = co_await acceptor.async_accept(net::use_awaitable);
    net::co_spawn(host->executor(), hold(std::move(socket)), net::detached);
  }
}

net::awaitable<void> connect_and_hold(simnet::Host* host, net::ip::address_v4 server) {
  tcp::socket socket(host->executor());
  co_await socket.async_connect(tcp::endpoint(server, 80), net::use_awaitable);
  co_await hold(std::move(socket));
}

simnet::Host& add(simnet::World& world, const std::string& name, simnet::Host::Program program) {
  simnet::Host& host = world.add_host({name, "here"});
  host.set_program(std::move(program));
  host.boot();
  return host;
}

}  // namespace

namespace {

// `start(host)`: one more sleeper.
template <class Start>
double bytes_per(Start start) {
  constexpr int kSleepers = 100'000;
  simnet::World world(1);
  simnet::Host& host = add(world, "h", [](simnet::Host&) { return nullptr; });
  world.run_until(simnet::Time(1ms));
  const double before = used_bytes();
  for (int i = 0; i < kSleepers; ++i) {
    start(host);
    world.run_until(world.now() + 1us);
  }
  world.run_until(simnet::Time(1s));
  return (used_bytes() - before) / kSleepers;
}

simnet::actor<> act_long() { co_await simnet::sleep_for(24h); }

}  // namespace

double bytes_per_sleeper() {
  return bytes_per(
      [](simnet::Host& host) { net::co_spawn(host.executor(), sleep_long(), net::detached); });
}

double bytes_per_sleeping_actor() {
  return bytes_per([](simnet::Host& host) { simnet::spawn(host, act_long()); });
}

double bytes_per_connection() {
  constexpr int kPairs = 20'000;
  simnet::World world(1);
  simnet::Host& server = add(world, "server", [](simnet::Host& host) -> std::shared_ptr<void> {
    net::co_spawn(host.executor(), accept_all(&host), net::detached);
    return nullptr;
  });
  simnet::Host& client = add(world, "client", [](simnet::Host&) { return nullptr; });
  world.run_until(simnet::Time(1ms));
  const double before = used_bytes();
  for (int i = 0; i < kPairs; ++i) {
    net::co_spawn(client.executor(), connect_and_hold(&client, server.address()), net::detached);
    world.run_until(world.now() + 100us);
  }
  world.run_until(simnet::Time(10s));
  return (used_bytes() - before) / kPairs;
}

double bytes_per_host() {
  constexpr int kHosts = 10'000;
  simnet::World world(1);
  const double before = used_bytes();
  for (int i = 0; i < kHosts; ++i) {
    add(world, "h" + std::to_string(i), [](simnet::Host&) { return nullptr; });
  }
  world.run_until(simnet::Time(1s));
  return (used_bytes() - before) / kHosts;
}

}  // namespace bench
