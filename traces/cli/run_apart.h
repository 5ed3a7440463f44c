// A run in a process of its own: one that aborts or hangs ends alone.
#pragma once

#include <optional>

#include "traces/trace.h"

namespace cli {

struct ApartOptions {
  // Ends the run once a safety property is violated: the first that is violated stays the first.
  bool stop_when_unsafe = false;
  bool heeds_interrupts = true;  // Ctrl-C ends it early; also one that came before
  unsigned limit_s = 0;          // of wall time, then the run is ended; 0: none
};

// Runs the recipe in `trace` and returns the trace of that run, with its verdict; nothing when the
// process ended in any other way. REQUIRES: no universe was ever made in this process. Errors:
// faults::InputError when the recipe is none, std::runtime_error when there can be no process.
std::optional<traces::Trace> run_apart(const traces::Trace& trace, const ApartOptions& options);

}  // namespace cli
