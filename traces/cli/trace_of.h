// A run as a trace.
#pragma once

#include <string>
#include <vector>

#include "properties/universe.h"
#include "traces/cli/run_options.h"
#include "traces/reader.h"

namespace cli {

traces::Outcome outcome_of(properties::Verdict verdict);

traces::Verdict verdict_of(const properties::Report& report);

// Those of the report, and the end of the run as the last. Of a run that was stopped early,
// only those before the stop: stopping is itself a row of events.
std::vector<traces::Checkpoint> checkpoints_of(const properties::Report& report);

traces::Trace trace_of(const RunOptions& options, std::uint64_t seed,
                       const properties::Report& report);

// What runs the trace again. Errors: faults::InputError about its scenario.
RunOptions recipe_of(const traces::Trace& trace, const std::string& file,
                     const std::string& called_as);

// What reads the scenario inside a trace.
traces::Names read_scenario(const faults::Json& json, const std::string& where);

}  // namespace cli
