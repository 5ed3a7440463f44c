// Many seeds, one summary.
#pragma once

#include "traces/cli/run_options.h"

namespace cli {

// REQUIRES: options.range. Prints each failing seed at once with the line that
// reproduces it. Returns the exit code of the worst run.
int run_sweep(const RunOptions& options);

}  // namespace cli
