// The simulated side of each comparison.
#pragma once

#include <cstddef>

namespace bench {

double sleeps_per_second(std::size_t sleepers);
double datagrams_per_second(std::size_t hosts);
double stream_messages_per_second(std::size_t hosts);
double universes_per_second();

}  // namespace bench
