// The same workloads as worlds.cc, by actors.
#include <array>
#include <memory>
#include <string>

#include "simnet/net.h"
#include "simnet/spawn.h"
#include "simnet/world.h"
#include "tests/bench/loops.h"
#include "tests/bench/stopwatch.h"
#include "tests/bench/worlds.h"

namespace bench {
namespace {

namespace net = simnet::net;
using namespace std::chrono_literals;
using net::ip::udp;
using simnet::actor;
using simnet::Host;
using simnet::World;

constexpr std::uint16_t kPort = 7;
constexpr std::size_t kMessage_bytes = 64;

actor<> sleep_for_ever(std::uint64_t state) {
  for (;;) {
    co_await simnet::sleep_for(std::chrono::nanoseconds(nap(state)));
  }
}

actor<> echo_datagrams(Host* host) {
  udp::socket socket(host->executor(), udp::endpoint(udp::v4(), kPort));
  std::array<char, kMessage_bytes> message{};
  udp::endpoint sender;
  for (;;) {
    co_await socket.async_receive_from(net::buffer(message), sender, net::deferred);
    ++message[0];
    socket.send_to(net::buffer(message), sender);
  }
}

actor<> send_datagrams(Host* host, net::ip::address_v4 peer) {
  udp::socket socket(host->executor(), udp::endpoint(udp::v4(), kPort + 1));
  std::array<char, kMessage_bytes> message{};
  udp::endpoint sender;
  for (;;) {
    socket.send_to(net::buffer(message), udp::endpoint(peer, kPort));
    co_await socket.async_receive_from(net::buffer(message), sender, net::deferred);
  }
}

}  // namespace

double actor_sleeps_per_second(std::size_t sleepers) {
  World world(1);
  Host& host = world.add_host({"sleepy", "here"});
  host.set_program([sleepers](Host& self) -> std::shared_ptr<void> {
    for (std::size_t i = 0; i < sleepers; ++i) {
      simnet::spawn(self, sleep_for_ever(88172645463325252ULL + i));
    }
    return nullptr;
  });
  host.boot();
  world.run_until(world.now() + 2us);
  return rate_of([&world] { world.step(); });
}

double actor_datagrams_per_second(std::size_t hosts) {
  World world(1);
  for (std::size_t i = 0; i < hosts; ++i) {
    Host& host = world.add_host({"h" + std::to_string(i), "here"});
    const auto next = static_cast<simnet::HostId>((i + 1) % hosts + 1);
    host.set_program([next](Host& self) -> std::shared_ptr<void> {
      simnet::spawn(self, echo_datagrams(&self));
      simnet::spawn(self, send_datagrams(&self, simnet::address_of(next)));
      return nullptr;
    });
    host.boot();
  }
  return messages_per_second(world);
}

}  // namespace bench
