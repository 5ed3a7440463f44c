#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "properties/universe.h"
#include "traces/cli/command.h"
#include "traces/cli/exit_code.h"
#include "traces/cli/interrupt.h"
#include "traces/cli/progress.h"
#include "traces/cli/report.h"
#include "traces/cli/run_options.h"
#include "traces/cli/sweep.h"
#include "traces/cli/trace_of.h"
#include "traces/writer.h"

namespace cli {
namespace {

using properties::Progress;
using properties::Report;

std::string detail(const Progress& progress, double elapsed_s) {
  char text[128];
  const double rate = elapsed_s > 0 ? static_cast<double>(progress.events) / elapsed_s : 0;
  std::snprintf(text, sizeof text, "virtual %.0f s  %llu events  %.0f events/s",
                std::chrono::duration<double>(progress.now.time_since_epoch()).count(),
                static_cast<unsigned long long>(progress.events), rate);
  return text;
}

// A run and, for the repeat check, all that happened in it.
struct Run {
  Report report;
  simnet::Recording recording;
  std::vector<std::string> host_names;
};

Run run_once(const RunOptions& options) {
  ProgressLine line(options.json);
  properties::Universe universe(options.scenario, options.seed, options.plan_for(options.seed),
                                options.workload_for(options.seed));
  if (options.repeat_check) {
    universe.record();
  }
  const auto total_s =
      static_cast<std::uint64_t>(options.scenario.duration_s + options.scenario.grace_s / 4);
  Report report = universe.run([&](const Progress& progress) {
    const auto done_s = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(progress.now.time_since_epoch()).count());
    line.show(done_s, total_s, detail(progress, line.elapsed_s()));
    return !interrupted();
  });
  return {std::move(report), universe.recording(), universe.host_names()};
}

// The first event at which two runs of one seed part, with both sides; or empty.
std::string divergence(const Run& a, const Run& b) {
  if (const auto found = compare(a.recording, b.recording, a.host_names)) {
    return found->report;
  }
  return a.report.digest == b.report.digest ? "" : "same events, different digests";
}

// Returns why it could not; the report is worth more than the trace and comes first.
std::string save_trace(const RunOptions& options, const Report& report, RunFigures& figures) {
  if (options.save_trace.empty()) {
    return {};
  }
  try {
    traces::save(trace_of(options, options.seed, report), options.save_trace, options.force,
                 "--save-trace");
  } catch (const faults::InputError& error) {
    return error.what();
  }
  figures.notes.push_back("Trace          " + options.save_trace);
  return {};
}

int ending(const RunOptions& options, const Report& report, const RunFigures& figures) {
  const int code = exit_code(report.verdict);
  if (!figures.divergence.empty()) {
    return worse(code, kNonDeterminism);
  }
  const bool cut_short = options.repeat_check && !figures.repeated;
  return code == kHolds && cut_short ? static_cast<int>(kInterrupted) : code;
}

int run_single(const RunOptions& options) {
  if (!options.json) {
    print_header(options);
  }
  ProgressLine clock(true);
  const Run run = run_once(options);
  const Report& report = run.report;
  RunFigures figures;
  figures.wall_s = clock.elapsed_s();
  if (options.repeat_check && report.verdict != properties::Verdict::interrupted) {
    const Run again = run_once(options);
    figures.repeated = again.report.verdict != properties::Verdict::interrupted;
    figures.divergence = figures.repeated ? divergence(run, again) : std::string();
  }
  const std::string not_saved = save_trace(options, report, figures);
  if (options.json) {
    print_json(options, report, figures);
  } else {
    print_report(options, report, figures);
  }
  const int code = ending(options, report, figures);
  if (!not_saved.empty()) {
    std::fprintf(stderr, "drawproof: %s\n", not_saved.c_str());
  }
  return code == kHolds && !not_saved.empty() ? static_cast<int>(kUsage) : code;
}

}  // namespace

void add_run(CLI::App& program, const std::string& called_as, Action& action) {
  auto options = std::make_shared<RunOptions>();
  options->program = called_as;
  CLI::App* run = program.add_subcommand(
      "run", "Run the lottery in one universe (or a range of seeds) and judge every property");
  auto* seed =
      run->add_option("--seed", options->seed_text, "The universe's seed")->capture_default_str();
  auto* seeds = run->add_option("--seeds", options->seeds,
                                "Sweep: every seed from A to B, written A..B, with one summary");
  seed->excludes(seeds);
  run->add_option("--scenario", options->scenario_name,
                  "A shipped scenario (quick, storm, elections, deadline_rush) or a JSON file")
      ->capture_default_str();
  run->add_option("--plan", options->plan_file,
                  "A JSON file of faults instead of those the seed draws");
  run->add_option("--workload", options->workload_file,
                  "A JSON file of what the users do instead of what the seed draws");
  run->add_flag("--no-faults", options->no_faults, "Nothing is broken on purpose");
  run->add_flag("--repeat-check", options->repeat_check,
                "Run each seed twice and compare the digests");
  run->add_flag("--json", options->json, "Print the report as JSON on standard output");
  auto* print_plan = run->add_flag("--print-plan", options->print_plan,
                                   "Print the plan that would be run, as JSON for --plan, and stop")
                         ->excludes(seeds);
  run->add_flag("--print-workload", options->print_workload,
                "Print what the users would do, as JSON for --workload, and stop")
      ->excludes(seeds)
      ->excludes(print_plan);
  run->add_option("--digests", options->digests_file,
                  "Sweep: write a line 'seed digest' per run to this file")
      ->needs(seeds);
  run->add_option("--quota", options->quota_file,
                  "Sweep: fail unless each probe is reached as often as this JSON file says "
                  "(properties/probes.json)")
      ->needs(seeds)
      ->excludes("--plan")
      ->excludes("--no-faults");
  run->add_flag("--stop-at-first", options->stop_at_first,
                "Sweep: stop at the first seed that violates anything")
      ->needs(seeds);
  run->add_option("--stop-on", options->stop_on,
                  "Sweep: stop at the first seed that violates one of these properties")
      ->needs(seeds);
  auto* trace = run->add_option("--save-trace", options->save_trace,
                                "Write the run as a trace to this file, for `replay`")
                    ->excludes(seeds);
  auto* traces = run->add_option("--save-traces", options->save_traces,
                                 "Sweep: write a trace of each failing seed into this folder")
                     ->needs(seeds);
  run->add_flag("--force", options->force, "Traces may replace files that exist");
  trace->excludes(traces);
  run->callback([options, &action] {
    action = [options] {
      options->check();
      catch_interrupts();
      if (options->print_plan || options->print_workload) {
        const std::uint64_t of = options->seed;
        std::printf("%s\n", (options->print_plan ? to_json(options->plan_for(of))
                                                 : to_json(options->workload_for(of)))
                                .dump(2)
                                .c_str());
        return static_cast<int>(kHolds);
      }
      return options->range ? run_sweep(*options) : run_single(*options);
    };
  });
}

}  // namespace cli
