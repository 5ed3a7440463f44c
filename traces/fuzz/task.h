// One run that a campaign wants, and what came of it. Plain data: it crosses a pipe from the
// process that ran it to the one that keeps the books.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "traces/trace.h"

namespace fuzz {

using Json = faults::Json;
using Counts = std::map<std::string, std::uint64_t>;

struct Task {
  std::size_t scenario = 0;  // index in the campaign's list
  std::uint64_t seed = 0;
  bool compared = false;  // a second run is or was made: checkpoints and trace are wanted
  bool second = false;    // this is that second run
  bool operator==(const Task&) const = default;
};

struct Result {
  traces::Outcome outcome = traces::Outcome::holds;
  std::string property;  // the violated one that makes the outcome, "S3"; else empty
  std::string place;     // of an abort: the host
  std::string message;   // of the violation or abort
  std::uint64_t digest = 0;
  std::uint64_t events = 0;
  std::int64_t virtual_us = 0;
  Counts faults;                                // that struck, by kind
  Counts probes;                                // rare situations that were reached, by name
  std::vector<traces::Checkpoint> checkpoints;  // of a compared run, the last at its end
  std::string trace;                            // its text; empty: it holds and is not compared
};

// Whatever is no UTF-8 in a text is replaced.
std::string to_text(const Result& result);

// Nothing when the text is not one that to_text wrote.
std::optional<Result> result_from_text(const std::string& text);

}  // namespace fuzz
