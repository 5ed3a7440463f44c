// A run in a process of its own: one that aborts or hangs ends alone.
#pragma once

#include <sys/types.h>

#include <optional>

#include "traces/trace.h"

namespace cli {

struct ApartOptions {
  // Ends the run once a safety property is violated: the first that is violated stays the first.
  bool stop_when_unsafe = false;
  bool heeds_interrupts = true;  // Ctrl-C ends it early; also one that came before
  unsigned limit_s = 0;          // of wall time, then the run is ended; 0: none
};

class RunApart {
 public:
  // Begins to run the recipe in `trace`. REQUIRES: no universe was ever made in this process.
  // Errors: faults::InputError when the recipe is none, std::runtime_error when there can be no
  // process.
  RunApart(const traces::Trace& trace, const ApartOptions& options);
  ~RunApart();  // ends the process
  RunApart(const RunApart&) = delete;
  RunApart& operator=(const RunApart&) = delete;

  // Waits for the end, once: the trace of the run, with its verdict; nothing when the process ended
  // in any other way.
  std::optional<traces::Trace> wait();

 private:
  int end();  // what waitpid says

  int out_ = -1;      // the reading end of a pipe
  pid_t child_ = -1;  // below 0: none any more
};

}  // namespace cli
