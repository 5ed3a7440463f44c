// The clocks of one host: a steady one that may run fast or slow, and a wall clock that
// also jumps and stands still. Readings are a function of virtual time; whatever
// changes the rate keeps the reading of that instant.
//
// Limits: a wait keeps the instant at which it was due when it began, whatever the
// rate does meanwhile; the steady clock neither jumps nor stands still.
#pragma once

#include <cstdint>
#include <optional>

#include "simnet/time.h"

namespace simnet {

class Clock {
 public:
  static constexpr std::int64_t kLargestDrift_ppm = 500'000;

  // Since the start of the machine.
  Duration steady(Time now) const {
    return drift_ppm_ == 0 ? reading_ + (now - since_) : drifting(now);
  }
  // The first instant at which the steady clock shows `reading`; Time::max() if that is
  // beyond what can be told.
  Time when_steady(Duration reading) const;
  // Relative to an ideal wall clock.
  Duration wall_offset(Time now) const;

  void jump_wall(Duration by) { wall_jumped_ += by; }
  // 1,000 ppm: a second lasts 999 ms of virtual time. Clamped to +-kLargestDrift_ppm.
  void set_drift(Time now, std::int64_t ppm);
  std::int64_t drift_ppm() const { return drift_ppm_; }
  // The wall clock stands still; afterwards it goes on from where it stood.
  void freeze_wall(Time now);
  void thaw_wall(Time now);

 private:
  Duration drifting(Time now) const;

  std::int64_t drift_ppm_ = 0;
  Time since_{};        // of the present rate
  Duration reading_{};  // of the steady clock then
  Duration wall_jumped_{};
  std::optional<Duration> frozen_at_;  // the reading of the steady clock
};

}  // namespace simnet
