#include <cstdio>
#include <exception>

#include "faults/input.h"
#include "simnet/keep_memory.h"
#include "traces/cli/command.h"
#include "traces/cli/exit_code.h"
#include "traces/cli/version.h"

int main(int argc, char** argv) {
  simnet::keep_freed_memory();
  CLI::App program(
      "drawproof runs a complete online lottery inside a deterministic simulation, breaks it on\n"
      "purpose, and checks that it never oversells and never double-charges.\n\n"
      "Exit codes: 0 everything holds, 1 a safety property was violated, 2 bad usage or input,\n"
      "3 a liveness property was violated, 4 two runs that should be one part, 5 the system under\n"
      "test aborted, 6 internal error (check: undecided), 7 a sweep missed its quota of rare\n"
      "situations, 130 interrupted.");
  program.name("drawproof");
  program.set_version_flag("--version", std::string("drawproof ") + cli::version());
  program.require_subcommand(1);
  cli::Action action;
  const std::string called_as = argc > 0 ? argv[0] : "drawproof";
  cli::add_run(program, called_as, action);
  cli::add_replay(program, called_as, action);
  cli::add_shrink(program, called_as, action);
  cli::add_view(program, called_as, action);
  cli::add_export(program, called_as, action);
  cli::add_diff(program, called_as, action);
  cli::add_bugs(program, action);
  cli::add_check(program, action);
  cli::add_fuzz(program, called_as, action);
  cli::add_campaign(program, called_as, action);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      program.exit(error);  // --help, --version
      return cli::kHolds;
    }
    std::fprintf(stderr, "drawproof: %s (see --help)\n", error.what());
    return cli::kUsage;
  }
  try {
    return action();
  } catch (const faults::InputError& error) {
    std::fprintf(stderr, "drawproof: %s\n", error.what());
    return cli::kUsage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "drawproof: internal error: %s\n", error.what());
    return cli::kInternalError;
  }
}
