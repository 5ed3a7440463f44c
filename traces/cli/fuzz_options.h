// What `drawproof fuzz` was asked for, checked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "traces/cli/run_options.h"
#include "traces/fuzz/fuzzer.h"

namespace cli {

struct FuzzOptions {
  std::string program = "drawproof";  // as it was called
  std::string time;                   // empty: kTimeDefault, unless `runs` is given
  std::string runs;
  std::string jobs;                         // empty: one per processor
  std::vector<std::string> scenario_names;  // empty: all shipped ones
  std::string seed_base;                    // empty: see README.md
  std::string findings = "findings";        // a folder for traces
  std::string db = "campaign.db";
  std::string shard;  // "i/n"; empty: 0/1
  std::string junit;
  std::string sarif;
  std::string hang_after = "60s";
  std::string repeat = "5";    // percent
  std::string shrink = "60s";  // of each finding; "0": not at all
  bool annotations = false;
  bool json = false;
  bool resume = false;

  // Set by check().
  std::vector<RunOptions> scenarios;
  fuzz::FuzzerOptions fuzzer;

  static constexpr const char* kTimeDefault = "10m";

  // Takes over what --resume leaves open. Errors: faults::InputError when that campaign ran other
  // code.
  void continue_with(const fuzz::Resumable& campaign);
  // Reads the scenarios. Errors: faults::InputError.
  void check();
  // For traces. Errors: faults::InputError.
  void make_folder() const;
  fuzz::Identity identity() const;
};

// Names the code that runs: version and commit; of a program that no commit describes (built with
// changes, or a planted bug's) also a hash of the program.
std::string build_name();

// The scenario for one that a database names, with what is needed for a line to copy.
RunOptions run_options_for(const std::string& program, const std::string& scenario_name);

}  // namespace cli
