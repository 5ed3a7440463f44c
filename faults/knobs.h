// What a host has only one of, and several faults may be turning at once: the rate of
// its clock, the cost of its tasks, the faults of its disk. It is set anew from all
// that are under way whenever one begins or ends, on top of what it was before the first.
//
// Drifts, costs and rates add up; a disk is as slow as the slowest fault makes it and stalls
// as long as the longest; a wall clock stands while any fault wants it to.
//
// Limits: what somebody else sets while a fault is under way is lost when it ends.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "faults/fault.h"
#include "simnet/host.h"

namespace faults {

// Of one host, in the order of the plan; a host that a fault names twice counts once.
using UnderWay = std::vector<const Fault*>;

class Knobs {
 public:
  // Whether faults of this kind act by knobs.
  static bool turns(Kind kind);

  // A fault of `kind` has begun or ended on the host; `under_way` has all that last,
  // of every kind.
  void turn(simnet::Host& host, Kind kind, const UnderWay& under_way);

 private:
  struct Before {
    std::int64_t drift_ppm = 0;
    simnet::Duration task_cost{};
  };

  void turn_clock(simnet::Host& host, Kind kind, const UnderWay& under_way);
  void turn_disk(simnet::Host& host, Kind kind, const UnderWay& under_way);
  const Before& before(const simnet::Host& host);

  std::map<simnet::HostId, Before> before_;
  std::map<simnet::HostId, simnet::DiskFaults> disks_before_;
  std::set<simnet::HostId> damaged_;  // by write faults: it outlasts them
};

}  // namespace faults
