// How a run is told to a person and to a program.
#pragma once

#include <string>
#include <vector>

#include "properties/universe.h"
#include "traces/cli/run_options.h"

namespace cli {

struct RunFigures {
  double wall_s = 0;
  std::string divergence;  // of the repeat check; empty: none found
  bool repeated = false;
  std::vector<std::string> notes;  // lines in front of the verdict
};

void print_header(const RunOptions& options);
void print_report(const RunOptions& options, const properties::Report& report,
                  const RunFigures& figures);
void print_json(const RunOptions& options, const properties::Report& report,
                const RunFigures& figures);

}  // namespace cli
