#include "tests/bench/worlds.h"

#include <array>
#include <memory>
#include <string>

#include "simnet/net.h"
#include "simnet/world.h"
#include "tests/bench/loops.h"
#include "tests/bench/stopwatch.h"

namespace bench {
namespace {

namespace net = simnet::net;
using namespace std::chrono_literals;
using net::ip::tcp;
using net::ip::udp;
using simnet::Host;
using simnet::World;

constexpr std::uint16_t kPort = 7;
constexpr std::size_t kMessage_bytes = 64;

net::awaitable<void> sleep_for_ever(std::uint64_t state) {
  net::steady_timer timer(co_await net::this_coro::executor);
  for (;;) {
    timer.expires_after(std::chrono::nanoseconds(nap(state)));
    co_await timer.async_wait(net::deferred);
  }
}

net::awaitable<void> echo_datagrams(Host* host) {
  udp::socket socket(host->executor(), udp::endpoint(udp::v4(), kPort));
  std::array<char, kMessage_bytes> message{};
  udp::endpoint sender;
  for (;;) {
    co_await socket.async_receive_from(net::buffer(message), sender, net::deferred);
    ++message[0];
    socket.send_to(net::buffer(message), sender);
  }
}

// `rounds` round trips, then the end.
net::awaitable<void> send_datagrams(Host* host, net::ip::address_v4 peer, std::uint64_t rounds) {
  udp::socket socket(host->executor(), udp::endpoint(udp::v4(), kPort + 1));
  std::array<char, kMessage_bytes> message{};
  udp::endpoint sender;
  for (std::uint64_t i = 0; i < rounds; ++i) {
    socket.send_to(net::buffer(message), udp::endpoint(peer, kPort));
    co_await socket.async_receive_from(net::buffer(message), sender, net::deferred);
  }
}

net::awaitable<void> echo_stream(Host* host) {
  tcp::acceptor acceptor(host->executor(), tcp::endpoint(tcp::v4(), kPort));
  tcp::socket socket = co_await acceptor.async_accept(net::deferred);
  std::array<char, kMessage_bytes> message{};
  for (;;) {
    const std::size_t size = co_await socket.async_read_some(net::buffer(message), net::deferred);
    co_await socket.async_write_some(net::buffer(message, size), net::deferred);
  }
}

net::awaitable<void> send_stream(Host* host, net::ip::address_v4 peer) {
  tcp::socket socket(host->executor());
  co_await socket.async_connect(tcp::endpoint(peer, kPort), net::deferred);
  std::array<char, kMessage_bytes> message{};
  for (;;) {
    co_await socket.async_write_some(net::buffer(message), net::deferred);
    co_await socket.async_read_some(net::buffer(message), net::deferred);
  }
}

// A ring: each host serves its predecessor and calls its successor.
enum class Protocol { datagram, stream };

void make_ring(World& world, std::size_t hosts, Protocol protocol, std::uint64_t rounds) {
  for (std::size_t i = 0; i < hosts; ++i) {
    Host& host = world.add_host({"h" + std::to_string(i), "here"});
    const auto next = static_cast<simnet::HostId>((i + 1) % hosts + 1);
    host.set_program([next, protocol, rounds](Host& self) -> std::shared_ptr<void> {
      const auto peer = simnet::address_of(next);
      if (protocol == Protocol::datagram) {
        net::co_spawn(self.executor(), echo_datagrams(&self), net::detached);
        net::co_spawn(self.executor(), send_datagrams(&self, peer, rounds), net::detached);
      } else {
        net::co_spawn(self.executor(), echo_stream(&self), net::detached);
        net::co_spawn(self.executor(), send_stream(&self, peer), net::detached);
      }
      return nullptr;
    });
    host.boot();
  }
}

double ring_messages_per_second(std::size_t hosts, Protocol protocol) {
  World world(1);
  make_ring(world, hosts, protocol, UINT64_MAX);
  return messages_per_second(world);
}

}  // namespace

double messages_per_second(World& world) {
  world.run_until(world.now() + 10ms);
  const std::uint64_t sent = world.network().statistics().sent;
  std::uint64_t steps = 0;
  const double rate = rate_of([&world, &steps] {
    world.step();
    ++steps;
  });
  const auto messages = static_cast<double>(world.network().statistics().sent - sent);
  return rate * messages / static_cast<double>(steps);
}

double sleeps_per_second(std::size_t sleepers) {
  World world(1);
  Host& host = world.add_host({"sleepy", "here"});
  host.set_program([sleepers](Host& self) -> std::shared_ptr<void> {
    for (std::size_t i = 0; i < sleepers; ++i) {
      net::co_spawn(self.executor(), sleep_for_ever(88172645463325252ULL + i), net::detached);
    }
    return nullptr;
  });
  host.boot();
  world.run_until(world.now() + 2us);
  return rate_of([&world] { world.step(); });
}

double datagrams_per_second(std::size_t hosts) {
  return ring_messages_per_second(hosts, Protocol::datagram);
}

double stream_messages_per_second(std::size_t hosts) {
  return ring_messages_per_second(hosts, Protocol::stream);
}

double universes_per_second() {
  constexpr std::uint64_t kRounds = 2;  // of each of five hosts: ten round trips
  std::uint64_t seed = 0;
  return rate_of([&seed] {
    World world(++seed);
    make_ring(world, 5, Protocol::datagram, kRounds);
    while (world.step()) {
    }
  });
}

}  // namespace bench
