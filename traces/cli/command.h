// The table of commands: each registers itself with its options and sets `action`
// when it was chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace cli {

// Returns the exit code. Errors: faults::InputError for bad input.
using Action = std::function<int()>;

// `called_as`: argv[0], for lines to copy.
void add_run(CLI::App& program, const std::string& called_as, Action& action);
void add_replay(CLI::App& program, const std::string& called_as, Action& action);
void add_shrink(CLI::App& program, const std::string& called_as, Action& action);
void add_view(CLI::App& program, const std::string& called_as, Action& action);
void add_export(CLI::App& program, const std::string& called_as, Action& action);
void add_diff(CLI::App& program, const std::string& called_as, Action& action);
void add_bugs(CLI::App& program, Action& action);
void add_check(CLI::App& program, Action& action);
void add_fuzz(CLI::App& program, const std::string& called_as, Action& action);
void add_campaign(CLI::App& program, const std::string& called_as, Action& action);

}  // namespace cli
