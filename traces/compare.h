// Holds a second run of a recipe against what its trace says of the first. Digests change
// with the code, so two versions of the program may differ for good reasons.
#pragma once

#include <string>
#include <vector>

#include "traces/trace.h"

namespace traces {

// What a run of the recipe gave this time.
struct Rerun {
  Verdict verdict;
  std::vector<Checkpoint> checkpoints;  // all, not thinned; the last is the end of the run
  simnet::Time end;
  bool whole = true;  // false: it was stopped before its end, and its verdict is none
};

struct Comparison {
  bool same = true;
  std::size_t checkpoints = 0;  // found equal
  // One sentence: how far the runs are the same, or between which two checkpoints they part,
  // or what is different about their verdicts.
  std::string text;
};

Comparison compare(const Trace& trace, const Rerun& rerun);

}  // namespace traces
