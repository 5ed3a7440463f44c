// Making a trace small, for the command `shrink` and for campaigns.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace cli {

struct ShrinkCommand {
  std::string program;
  std::string file;
  std::string out;  // empty: beside `file`
  std::string budget = "60s";
  std::uint64_t runs_max = 0;  // 0: as many as there is time for
  std::size_t jobs = 0;        // processes at once; 0: one per processor
  bool force = false;
  std::FILE* report = stdout;  // sizes, and what the smaller run says
};

// "DIR/NAME.small.json" for "DIR/NAME.json".
std::string small_file(const std::string& file);

// Returns the exit code. REQUIRES: no universe was ever made in this process; catch_interrupts()
// was called. Errors: faults::InputError.
int shrink_file(const ShrinkCommand& command);

}  // namespace cli
