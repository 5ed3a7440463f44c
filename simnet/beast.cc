// Boost.Beast compiled once for simulated programs, all but its generator of random
// numbers. Beast draws the masks and nonces of a WebSocket from one that is seeded by
// std::random_device once per process, so no two runs would send the same bytes. Here
// they come from the host whose task is running.
//
// Who uses Beast compiles with BOOST_BEAST_SEPARATE_COMPILATION, which target asio demands of all:
// code compiled without it brings Beast's own generator and error categories along.
#include <stdexcept>

#include "simnet/host.h"
#include "simnet/world.h"

// What Beast keeps in this file is defined below.
#define BOOST_BEAST_WEBSOCKET_DETAIL_PRNG_IPP
#include <boost/beast/src.hpp>
#include <boost/beast/websocket/detail/prng.hpp>

namespace boost::beast::websocket::detail {
namespace {

std::uint32_t draw() {
  simnet::World* world = simnet::World::current();
  const simnet::Host* running = world != nullptr ? world->running_host() : nullptr;
  if (running == nullptr) {
    throw std::logic_error("simnet: a WebSocket is used outside of a simulated host");
  }
  return static_cast<std::uint32_t>(world->host(running->id()).random("Beast's WebSockets"));
}

}  // namespace

// A seed has no say: the world's does.
std::uint32_t const* prng_seed(std::seed_seq*) {
  static constexpr std::uint32_t kNone[8] = {};
  return kNone;
}

generator make_prng(bool) { return &draw; }

}  // namespace boost::beast::websocket::detail
