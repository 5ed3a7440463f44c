// The simulated side of each comparison: Asio's coroutines (awaitable), and actors.
#pragma once

#include <cstddef>

#include "simnet/world.h"

namespace bench {

double sleeps_per_second(std::size_t sleepers);
double actor_sleeps_per_second(std::size_t sleepers);
double datagrams_per_second(std::size_t hosts);
double actor_datagrams_per_second(std::size_t hosts);
double stream_messages_per_second(std::size_t hosts);
double universes_per_second();

// How many packets a world that was just made sends per second.
double messages_per_second(simnet::World& world);

}  // namespace bench
