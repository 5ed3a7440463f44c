// What `drawproof run` was asked for, checked.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "faults/plan.h"
#include "properties/probes.h"
#include "properties/scenario.h"
#include "properties/workload.h"
#include "simnet/tape.h"

namespace cli {

struct SeedRange {
  std::uint64_t first = 1;
  std::uint64_t last = 1;
  std::uint64_t count() const { return last - first + 1; }
};

struct RunOptions {
  std::string program = "drawproof";  // as it was called
  std::string seed_text = "1";
  std::string seeds;  // "A..B"; empty: one seed
  std::string scenario_name = "deadline_rush";
  std::string plan_file;
  std::string workload_file;
  bool no_faults = false;
  bool json = false;
  bool repeat_check = false;
  bool print_plan = false;
  bool print_workload = false;
  std::string digests_file;
  std::string quota_file;
  bool stop_at_first = false;
  std::vector<std::string> stop_on;  // ids of properties
  std::string save_trace;            // a file; empty: none
  std::string save_traces;           // a folder, for the failing seeds of a sweep; empty: none
  bool force = false;                // traces may replace files

  // Of a run that a trace describes.
  std::string trace_file;
  std::vector<simnet::Tape::Entry> tape;

  // Set by check().
  std::uint64_t seed = 1;
  properties::Scenario scenario;
  std::optional<faults::Plan> plan;
  std::optional<properties::Workload> workload;
  std::optional<SeedRange> range;
  std::optional<properties::ProbeQuota> quota;  // of the scenario

  // Reads the files. Errors: faults::InputError.
  void check();
  faults::Plan plan_for(std::uint64_t run_seed) const;
  properties::Workload workload_for(std::uint64_t run_seed) const;
  // The command line that runs this seed again.
  std::string reproduce(std::uint64_t run_seed) const;
};

// As a POSIX shell reads one word.
std::string quoted(const std::string& text);

// "A..B" with A <= B. Errors: faults::InputError naming `option`.
SeedRange parse_range(const std::string& text, const std::string& option);

}  // namespace cli
