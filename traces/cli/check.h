// What `drawproof check` was asked for.
#pragma once

#include <string>

#include "properties/linearizability/check.h"

namespace cli {

struct CheckOptions {
  std::string file;  // "-": standard input
  std::string model;
  std::string format = "auto";  // jsonl, edn, auto
  bool key_independent = false;
  std::string initial;  // JSON or EDN; empty: not given
  bool allow_negative = false;
  std::string configurations = "1048576";
  bool json = false;
};

// Reads the file and checks it. Errors: faults::InputError that names file, line and field.
linearizability::CheckReport check_history(const CheckOptions& options);

// By the verdict: 0, 1, or 6 when it is undecided.
int exit_code(const linearizability::CheckReport& report);

void print_text(const CheckOptions& options, const linearizability::CheckReport& report);
void print_json(const CheckOptions& options, const linearizability::CheckReport& report);

}  // namespace cli
