#include "simnet/clock.h"

#include <algorithm>

#include "simnet/ppm.h"

namespace simnet {
Duration Clock::drifting(Time now) const {
  const __int128 passed = (now - since_).count();
  return reading_ +
         Duration(static_cast<std::int64_t>(passed * (kMillion + drift_ppm_) / kMillion));
}

Time Clock::when_steady(Duration reading) const {
  if (since_ == Time() && drift_ppm_ == 0) {  // it has shown virtual time ever since
    return Time(std::max(reading, Duration()));
  }
  const __int128 ahead = static_cast<__int128>(reading.count()) - reading_.count();
  const __int128 rate = kMillion + drift_ppm_;
  const __int128 wait = drift_ppm_ == 0 ? ahead : (ahead * kMillion + rate - 1) / rate;
  const __int128 instant = since_.time_since_epoch().count() + wait;
  return instant >= Time::max().time_since_epoch().count()
             ? Time::max()
             : Time(Duration(static_cast<std::int64_t>(std::max<__int128>(instant, 0))));
}

Duration Clock::wall_offset(Time now) const {
  const Duration reading = frozen_at_.value_or(steady(now));
  return reading - now.time_since_epoch() + wall_jumped_;
}

void Clock::set_drift(Time now, std::int64_t ppm) {
  reading_ = steady(now);
  since_ = now;
  drift_ppm_ = std::clamp(ppm, -kLargestDrift_ppm, kLargestDrift_ppm);
}

void Clock::freeze_wall(Time now) {
  if (!frozen_at_) {
    frozen_at_ = steady(now);
  }
}

void Clock::thaw_wall(Time now) {
  if (frozen_at_) {
    wall_jumped_ -= steady(now) - *frozen_at_;
    frozen_at_.reset();
  }
}

}  // namespace simnet
