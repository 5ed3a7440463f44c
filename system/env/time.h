// Time as a service sees it: a steady clock for intervals and a wall clock for
// dates. Neither can be read here; only Env hands out readings, so that inside
// the simulation both follow from the seed.
#pragma once

#include <chrono>
#include <cstdint>

namespace env {

using Duration = std::chrono::nanoseconds;

// Never goes back; its zero is the start of the machine. Not comparable between hosts.
struct SteadyClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<SteadyClock>;
  static constexpr bool is_steady = true;
};

// The host's idea of UTC; may be wrong, may jump both ways.
struct WallClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<WallClock>;
  static constexpr bool is_steady = false;
};

using Instant = SteadyClock::time_point;
using WallTime = WallClock::time_point;

// Microseconds since the Unix epoch.
inline std::int64_t to_unix_us(WallTime t) {
  return std::chrono::duration_cast<std::chrono::microseconds>(t.time_since_epoch()).count();
}

}  // namespace env
