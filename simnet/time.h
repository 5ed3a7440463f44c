// Virtual time: nanoseconds since the universe began. It only grows, and only
// World moves it.
#pragma once

#include <chrono>
#include <cstdint>

namespace simnet {

using Duration = std::chrono::nanoseconds;

struct VirtualClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<VirtualClock>;
  static constexpr bool is_steady = true;
};
using Time = VirtualClock::time_point;

}  // namespace simnet
