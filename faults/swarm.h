// Draws a plan from a seed. Swarm testing: each run leaves some kinds of fault out
// altogether, because the absence of one often is what lets another do harm
// (Groce et al., "Swarm Testing", ISSTA 2012). Each kind and each fault draws from
// its own stream.
#pragma once

#include <string>
#include <vector>

#include "faults/plan.h"
#include "simnet/random.h"

namespace faults {

// A service that can be made to misbehave by a setting.
struct SettingTarget {
  std::string host;
  std::string name;
  std::int64_t low = 0;
  std::int64_t high = 0;
};

// Who may be struck. Everything listed must be survivable.
struct SwarmTargets {
  std::vector<std::string> servers;  // may crash, lose power, pause, be cut off
  std::vector<std::string> durable;  // those of the servers whose disk matters
  std::vector<std::string> clients;  // may crash, lose power and be cut off
  std::vector<SettingTarget> settings;
};

struct SwarmOptions {
  std::int64_t duration_ms = 0;        // every fault ends by then
  std::int64_t faults_per_kind = 4;    // at most, of each kind that is on
  std::int64_t kind_off_percent = 50;  // how often a kind stays out of a run
};

Plan draw_plan(simnet::StreamKey randomness, const SwarmTargets& targets,
               const SwarmOptions& options);

}  // namespace faults
