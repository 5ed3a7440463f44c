// Probes for people: how many were reached, which were not, and which missed their quota.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "properties/probes.h"
#include "traces/cli/run_options.h"

namespace cli {

// One line: so many of so many.
void print_probes_reached(const properties::ProbeCounts& counts);
// That line and the names that were never reached.
void print_probes(const properties::ProbeCounts& counts);

// Null when no quota was asked for or the sweep ended early. Errors: faults::InputError.
std::optional<std::vector<properties::MissedProbe>> missed_quota(const RunOptions& options,
                                                                 const properties::ProbeCounts& sum,
                                                                 std::uint64_t seeds);
void print_quota(const std::vector<properties::MissedProbe>& missed);
faults::Json quota_json(const std::vector<properties::MissedProbe>& missed);

}  // namespace cli
