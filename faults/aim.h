// Faults that are aimed: at whoever leads a group of hosts, wherever that is when they
// strike. The plan says whom (the group), when, and what; the world says who leads.
//
// They take turns, so that as many as are due in a row meet as many leaders in a row: a fault
// that is due waits for a leader that no other is about to strike or has struck, and strikes
// `after_ms` later. When it strikes the last one ends, if it has not yet, so that those who are
// left can go on electing. One who leads on although it was struck may be struck again when that is
// over.
//
// Limits: who leads is told from outside (simnet knows nothing of leaders), and may be told of
// one that was outvoted meanwhile; what is struck then is a former leader.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "faults/fault.h"

namespace faults {

// The fault on named hosts that an aimed one becomes when it strikes `leader` at `now_ms`.
// REQUIRES: the kind is aimed, and `leader` is one of its hosts.
Fault aimed_at(const Fault& fault, const std::string& leader, std::int64_t now_ms);

// Who is struck next. Faults are known by their index in the plan.
class Aim {
 public:
  struct Target {
    std::size_t fault = 0;
    std::string leader;
  };

  // The fault is due. What strikes now, if anything does.
  std::optional<Target> due(std::size_t index, const Fault& fault);
  // `host` came to lead. Likewise.
  std::optional<Target> leads(const std::string& host);
  // That fault is over. Likewise.
  std::optional<Target> ended(std::size_t index);

 private:
  struct Waiting {
    std::size_t index = 0;
    std::vector<std::string> hosts;
  };

  std::optional<Target> match();

  std::vector<Waiting> waiting_;          // in the order in which they became due
  std::string leader_;                    // the latest; empty: there was none yet
  std::optional<std::size_t> on_leader_;  // whose turn it is with that leader
};

}  // namespace faults
