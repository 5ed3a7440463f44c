// A universe as what a campaign runs (traces/fuzz knows none).
#pragma once

#include <string>
#include <vector>

#include "traces/cli/run_options.h"
#include "traces/fuzz/worker.h"

namespace cli {

// `scenarios`: what a task's index means; they outlive the subject. Second runs are made by this
// program, started anew with the command that serves them.
fuzz::Subject universe_subject(const std::vector<RunOptions>& scenarios,
                               const std::string& program);

// The command, for processes that a campaign starts: one request on standard input.
inline constexpr const char* kWorkerCommand = "fuzz-worker";
[[noreturn]] void serve_universe();

// The trace of a run whose process never answered: everything but what came of it.
std::string trace_of_dead(const RunOptions& options, std::uint64_t seed,
                          const std::string& message);

}  // namespace cli
