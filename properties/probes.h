// What was reached in a universe: the probes of the system (system/probe/probe.h), and the
// happenings that the world and the nemesis count anyway, under names of the same form.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "faults/fault.h"
#include "faults/input.h"
#include "simnet/world.h"
#include "system/probe/probe.h"

namespace properties {

// By name, also those with 0.
using ProbeCounts = std::map<std::string, std::uint64_t>;

ProbeCounts probe_counts(const probe::Counts& system, simnet::World& world,
                         const std::map<faults::Kind, std::uint64_t>& struck);
// Every name of this program, with 0.
ProbeCounts no_probes();
void add(ProbeCounts& sum, const ProbeCounts& more);
std::vector<std::string> never_reached(const ProbeCounts& counts);

// How often a sweep of a scenario must reach which probe.
struct ProbeQuota {
  std::uint64_t seeds = 0;  // so often in so many seeds; in proportion in another number
  ProbeCounts at_least;
};

// That of `scenario` in a file of quotas (probes.json). Errors: faults::InputError naming the
// field; also for a probe that this program does not have.
ProbeQuota probe_quota(const faults::Json& json, const std::string& where,
                       const std::string& scenario);

struct MissedProbe {
  std::string name;
  std::uint64_t reached = 0;
  std::uint64_t at_least = 0;
};

std::vector<MissedProbe> missed(const ProbeQuota& quota, const ProbeCounts& sum,
                                std::uint64_t seeds);

}  // namespace properties
