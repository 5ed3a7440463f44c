// `drawproof diff`: two traces side by side, and where their runs part.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include "properties/universe.h"
#include "traces/cli/command.h"
#include "traces/cli/exit_code.h"
#include "traces/cli/interrupt.h"
#include "traces/cli/progress.h"
#include "traces/cli/run_options.h"
#include "traces/cli/trace_of.h"
#include "traces/compare.h"
#include "traces/recipe_difference.h"

namespace cli {
namespace {

struct DiffOptions {
  std::string program;
  std::string first;
  std::string second;
  bool no_run = false;
};

// Some of it is a file's own text, which must not steer a terminal.
void print_row(const char* label, std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; }, '?');
  std::printf("%-15s%s\n", label, text.c_str());
}

std::string described(const std::string& file, const traces::Trace& trace) {
  const traces::Verdict& verdict = trace.verdict;
  char at[48];
  std::snprintf(at, sizeof at, " at %.6f s, digest ", static_cast<double>(verdict.at_us) / 1e6);
  std::string text = file + "  made by " + trace.made_by.version + " (" + trace.made_by.commit +
                     ")\n               " + std::string(traces::to_string(verdict.outcome)) +
                     (verdict.property.empty() ? "" : " " + verdict.property) + at +
                     traces::hex(verdict.digest);
  return verdict.message.empty() ? text : text + "\n               " + verdict.message;
}

struct Rerun {
  simnet::Recording recording;
  std::vector<std::string> host_names;
};

// Null when it was interrupted.
std::optional<Rerun> run_again(const RunOptions& recipe, const char* what) {
  properties::Universe universe(recipe.scenario, recipe.seed, *recipe.plan,
                                recipe.workload_for(recipe.seed));
  universe.replay(recipe.tape);
  universe.record();
  ProgressLine line(false);
  const properties::Report report = universe.run([&](const properties::Progress& progress) {
    line.show(static_cast<std::uint64_t>(progress.now.time_since_epoch().count()),
              static_cast<std::uint64_t>(progress.expected_end.time_since_epoch().count()),
              std::string(what) + ", " + std::to_string(progress.events) + " events");
    return !interrupted();
  });
  line.clear();
  if (report.verdict == properties::Verdict::interrupted) {
    return std::nullopt;
  }
  return Rerun{universe.recording(), universe.host_names()};
}

// Returns the exit code.
int print_parting(const DiffOptions& options, const traces::Trace& a, const traces::Trace& b) {
  const auto first = run_again(recipe_of(a, options.first, options.program), "A");
  const auto second =
      first ? run_again(recipe_of(b, options.second, options.program), "B") : std::nullopt;
  if (!second) {
    return kInterrupted;
  }
  const auto& names =
      first->host_names.size() > second->host_names.size() ? first->host_names : second->host_names;
  const auto found = compare(first->recording, second->recording, names);
  print_row("Run again", found ? found->report : "both are the same, event by event");
  return kHolds;
}

// Whether one recipe gave two runs when the traces were made.
bool are_one_recipe_and_two_runs(const std::vector<std::string>& recipes, const traces::Trace& a,
                                 const traces::Trace& b) {
  return recipes.empty() && a.verdict.whole && b.verdict.whole && a.verdict != b.verdict;
}

int run_diff(const DiffOptions& options) {
  const traces::Trace a = traces::read_trace_file(options.first, read_scenario);
  const traces::Trace b = traces::read_trace_file(options.second, read_scenario);
  print_row("A", described(options.first, a));
  print_row("B", described(options.second, b));
  const std::vector<std::string> recipes = traces::recipe_difference(a, b);
  print_row("Recipe", recipes.empty() ? "the same" : "- only in A, + only in B, A | B");
  for (const std::string& line : recipes) {
    print_row("", line);
  }
  const auto compared = traces::compare(
      a, {b.verdict, b.checkpoints, simnet::Time(std::chrono::microseconds(b.verdict.at_us)),
          b.verdict.whole});
  print_row("Checkpoints", compared.text);
  const int code = options.no_run ? static_cast<int>(kHolds) : print_parting(options, a, b);
  return code == kHolds && are_one_recipe_and_two_runs(recipes, a, b)
             ? static_cast<int>(kNonDeterminism)
             : code;
}

}  // namespace

void add_diff(CLI::App& program, const std::string& called_as, Action& action) {
  auto options = std::make_shared<DiffOptions>();
  options->program = called_as;
  CLI::App* diff = program.add_subcommand(
      "diff",
      "Compare two traces: their recipes, verdicts and checkpoints; then run both again and\n"
      "say at which event they part. Exit code 4 when one recipe gave two runs");
  diff->add_option("A", options->first, "A file written by run --save-trace")->required();
  diff->add_option("B", options->second, "Another one")->required();
  diff->add_flag("--no-run", options->no_run, "Compare the files only");
  diff->callback([options, &action] {
    action = [options] {
      catch_interrupts();
      return run_diff(*options);
    };
  });
}

}  // namespace cli
