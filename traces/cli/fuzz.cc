// `drawproof fuzz`: a campaign over seeds, each run in a process of its own.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "traces/cli/campaign_report.h"
#include "traces/cli/command.h"
#include "traces/cli/exit_code.h"
#include "traces/cli/fuzz_options.h"
#include "traces/cli/interrupt.h"
#include "traces/cli/progress.h"
#include "traces/cli/shrink.h"
#include "traces/cli/trace_of.h"
#include "traces/cli/universe_subject.h"
#include "traces/cli/version.h"
#include "traces/writer.h"

namespace cli {
namespace {

using fuzz::FailedRun;
using fuzz::Totals;
using ull = unsigned long long;

constexpr std::uint64_t kToldPerFinding =
    5;  // runs that are told one by one; then they are counted

std::int64_t monotonic_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::int64_t wall_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class Teller {
 public:
  explicit Teller(const FuzzOptions& options)
      : options_(options), out_(options.json ? stderr : stdout), line_(options.json) {}

  void header() const {
    std::string names;
    for (const RunOptions& scenario : options_.scenarios) {
      names += (names.empty() ? "" : ", ") + scenario.scenario_name;
    }
    std::fprintf(out_, "drawproof %s (%s)  fuzz  %s  seed base %llu  %zu jobs  %s\n",
                 version().c_str(), commit().c_str(), names.c_str(),
                 static_cast<ull>(options_.fuzzer.schedule.seed_base), options_.fuzzer.pool.jobs,
                 options_.db.c_str());
    std::fflush(out_);
  }

  void failed(const FailedRun& run) {
    if (run.recorded.nth > kToldPerFinding) {
      return;
    }
    line_.clear();
    const std::string& property = run.failure.cause.property;
    std::string message = run.failure.message.substr(0, 300);
    std::ranges::replace(message, '\n', ' ');
    const std::string kind(to_string(run.failure.cause.kind));
    std::fprintf(out_, "%s seed %llu: %s%s%s: %s\n  %s\n", scenario_name(run).c_str(),
                 static_cast<ull>(run.task.seed), kind.c_str(), property.empty() ? "" : " ",
                 property.c_str(), message.c_str(), reproduce_line(run).c_str());
    if (run.recorded.nth == kToldPerFinding) {
      std::fprintf(out_, "  more runs like this one are counted and not told\n");
    }
    std::fflush(out_);
  }

  // The one place where a finding's trace is made.
  std::string keep_trace(const FailedRun& run, const std::string& text,
                         const std::string& replaced) {
    const fuzz::Cause& cause = run.failure.cause;
    const std::string what =
        cause.property.empty() ? std::string(to_string(cause.kind)) : cause.property;
    const RunOptions& scenario = options_.scenarios[run.task.scenario];
    // A scenario may be a file; its name without folder and ending names the folder.
    const auto folder = std::filesystem::path(options_.findings) /
                        std::filesystem::path(scenario.scenario_name).stem();
    const std::string file = (folder / trace_file_name(what, run.task.seed)).string();
    try {
      std::error_code error;
      std::filesystem::create_directories(folder, error);
      traces::save_text(
          text.empty() ? trace_of_dead(scenario, run.task.seed, run.failure.message) : text, file,
          true, "--findings");
      if (!replaced.empty() && replaced != file) {
        std::filesystem::remove(replaced, error);
      }
    } catch (const faults::InputError& error) {
      line_.clear();
      std::fprintf(stderr, "drawproof: %s\n", error.what());
      return {};
    }
    if (run.recorded.nth <= kToldPerFinding) {
      std::fprintf(out_, "  trace: %s\n", file.c_str());
      std::fflush(out_);
    }
    return file;
  }

  void progress(const Totals& totals, std::int64_t elapsed_us) {
    const double rate =
        static_cast<double>(totals.runs) * 1e6 / static_cast<double>(elapsed_us + 1);
    char text[160];
    std::snprintf(text, sizeof text, "%llu runs  %.1f runs/s  %llu faults  %zu findings",
                  static_cast<ull>(totals.runs), rate, static_cast<ull>(totals.faults),
                  totals.findings.size());
    const std::string probes =
        totals.probes.empty() ? "" : "  " + std::to_string(totals.probes.size()) + " probes";
    const auto runs = fuzz::Schedule(options_.fuzzer.schedule).count();
    if (runs) {
      line_.show(totals.runs + totals.skipped, *runs, text + probes);
    } else {
      line_.show(static_cast<std::uint64_t>(elapsed_us),
                 static_cast<std::uint64_t>(options_.fuzzer.time_us), text + probes);
    }
  }

  void summary(const Totals& totals, const fuzz::Overview& overview, std::int64_t elapsed_us,
               bool cut_short) {
    line_.clear();
    std::fprintf(out_, "\nRuns           %llu in %.1f s, %.1f runs/s, %.0f events/s%s\n",
                 static_cast<ull>(totals.runs), static_cast<double>(elapsed_us) / 1e6,
                 static_cast<double>(totals.runs) * 1e6 / static_cast<double>(elapsed_us + 1),
                 static_cast<double>(totals.events) * 1e6 / static_cast<double>(elapsed_us + 1),
                 cut_short ? "; interrupted" : "");
    if (totals.skipped > 0) {
      std::fprintf(out_, "Before         %llu were done already\n",
                   static_cast<ull>(totals.skipped));
    }
    std::fprintf(
        out_, "Made twice     %llu\nFaults         %llu\nFailures       %llu\nFindings       %zu\n",
        static_cast<ull>(totals.repeated), static_cast<ull>(totals.faults),
        static_cast<ull>(totals.failed), overview.findings.size());
    print_findings(out_, options_.program, overview.findings);
    std::fprintf(out_, "All of it      drawproof campaign show %s\n", options_.db.c_str());
    std::fflush(out_);
  }

 private:
  const std::string& scenario_name(const FailedRun& run) const {
    return options_.scenarios[run.task.scenario].scenario_name;
  }
  std::string reproduce_line(const FailedRun& run) const {
    return reproduce(options_.program, scenario_name(run), run.task.seed, run.failure.cause.kind);
  }

  const FuzzOptions& options_;
  std::FILE* const out_;
  ProgressLine line_;
};

void write_reports(const FuzzOptions& options, const fuzz::Overview& overview) {
  const fuzz::ReportContext context = report_context(options.program);
  if (!options.junit.empty()) {
    traces::save_text(junit(overview, context), options.junit, true, "--junit");
  }
  if (!options.sarif.empty()) {
    const std::string text =
        sarif(overview, context).dump(2, ' ', false, faults::Json::error_handler_t::replace);
    traces::save_text(text + "\n", options.sarif, true, "--sarif");
  }
  if (options.annotations) {
    std::fputs(annotations(overview, context).c_str(), options.json ? stderr : stdout);
  }
}

int worst_of(const std::map<std::int64_t, fuzz::Kind>& findings) {
  int code = kHolds;
  for (const auto& [id, kind] : findings) {
    code = worse(exit_code(kind), code);
  }
  return code;
}

// Those that fail by themselves inside a run. A small trace that is there already stays.
void shrink_findings(const FuzzOptions& options, const fuzz::Overview& overview) {
  if (options.shrink == "0") {
    return;
  }
  for (const fuzz::FindingView& finding : overview.findings) {
    const fuzz::Kind kind = finding.cause.kind;
    const bool fit = kind == fuzz::Kind::safety_violated || kind == fuzz::Kind::liveness_violated ||
                     kind == fuzz::Kind::aborted;
    if (interrupted() || !fit || finding.trace.empty() ||
        std::filesystem::exists(small_file(finding.trace))) {
      continue;
    }
    ShrinkCommand command;
    command.program = options.program;
    command.file = finding.trace;
    command.budget = options.shrink;
    command.jobs = options.fuzzer.pool.jobs;
    command.report = options.json ? stderr : stdout;
    std::fprintf(command.report, "\nShrinking      %s\n", finding.trace.c_str());
    try {
      shrink_file(command);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "drawproof: %s: %s\n", finding.trace.c_str(), error.what());
    }
  }
}

int run_fuzz(FuzzOptions& options) {
  std::unique_ptr<fuzz::CampaignFile> file;
  if (options.resume) {
    file = std::make_unique<fuzz::CampaignFile>(options.db, fuzz::Access::write);
    const auto newest = fuzz::newest_campaign(file->database());
    if (!newest) {
      throw faults::InputError("--resume: " + options.db + " has no campaign");
    }
    options.continue_with(*newest);
  }
  options.check();
  if (!file) {
    file = std::make_unique<fuzz::CampaignFile>(options.db, fuzz::Access::create);
  }
  options.make_folder();
  fuzz::Campaign campaign(*file, options.identity(), wall_s());
  Teller teller(options);
  teller.header();
  catch_interrupts();
  const fuzz::Surroundings around{
      monotonic_us, interrupted, [&](const FailedRun& run) { teller.failed(run); },
      [&](const FailedRun& run, const std::string& trace, const std::string& replaced) {
        return teller.keep_trace(run, trace, replaced);
      },
      [&](const Totals& totals, std::int64_t elapsed_us) { teller.progress(totals, elapsed_us); }};
  const std::int64_t started_us = monotonic_us();
  fuzz::Fuzzer fuzzer(options.fuzzer, universe_subject(options.scenarios, options.program),
                      campaign, around);
  std::string trouble;
  try {
    fuzzer.run();
  } catch (const faults::InputError& error) {
    trouble = error.what();  // the database failed; what was found until then is worth more
  }
  const Totals& totals = fuzzer.totals();
  const int code = worst_of(totals.findings);
  if (!trouble.empty()) {
    std::fprintf(stderr, "drawproof: %s\n", trouble.c_str());
    return code == kHolds ? static_cast<int>(kUsage) : code;
  }
  std::set<std::int64_t> ids;
  for (const auto& [id, kind] : totals.findings) {
    ids.insert(id);
  }
  const fuzz::Overview overview = fuzz::overview(file->database(), &ids);
  teller.summary(totals, overview, monotonic_us() - started_us, interrupted());
  if (options.json) {
    std::printf("%s\n", overview_json(options.program, overview)
                            .dump(2, ' ', false, faults::Json::error_handler_t::replace)
                            .c_str());
  }
  write_reports(options, overview);
  shrink_findings(options, overview);
  return code == kHolds && interrupted() ? static_cast<int>(kInterrupted) : code;
}

void add_options(CLI::App& fuzz, FuzzOptions& options) {
  auto* time = fuzz.add_option("--time", options.time,
                               "Start runs for so long: 90s, 10m, 1h30m (default 10m)");
  fuzz.add_option("--runs", options.runs, "Make so many runs, all shards together")->excludes(time);
  fuzz.add_option("--jobs", options.jobs, "Processes at once; default: one per processor");
  fuzz.add_option("--scenario", options.scenario_names,
                  "Scenarios, which take turns on each seed; default: all shipped ones");
  fuzz.add_option("--seed-base", options.seed_base,
                  "The first seed. Default: in CI from the commit, elsewhere a new one");
  fuzz.add_option("--findings", options.findings, "The folder for traces of findings")
      ->capture_default_str();
  fuzz.add_option("--db", options.db,
                  "The campaign's database; the same with the same seed base\n"
                  "goes on where it stopped")
      ->capture_default_str();
  fuzz.add_flag("--resume", options.resume,
                "Go on with the newest campaign in the database: its seed base, scenarios, shard");
  fuzz.add_option("--shard", options.shard, "i/n: only the i-th of n parts, i from 0");
  fuzz.add_option("--repeat", options.repeat,
                  "Percent of the runs that are made twice, in two unlike processes, and compared")
      ->capture_default_str();
  fuzz.add_option("--shrink", options.shrink,
                  "Make each finding's trace small at the end, for so long; 0: do not")
      ->capture_default_str();
  fuzz.add_option("--hang-after", options.hang_after, "A run that takes longer is a finding")
      ->capture_default_str();
  fuzz.add_option("--junit", options.junit, "Write the outcome to this file as JUnit XML");
  fuzz.add_option("--sarif", options.sarif, "Write the findings to this file as SARIF 2.1.0");
  fuzz.add_flag("--annotations", options.annotations,
                "Print the findings as annotations of GitHub Actions");
  fuzz.add_flag("--json", options.json,
                "Print the outcome as JSON on standard output, everything else on standard error");
}

}  // namespace

void add_fuzz(CLI::App& program, const std::string& called_as, Action& action) {
  auto options = std::make_shared<FuzzOptions>();
  options->program = called_as;
  CLI::App* fuzz = program.add_subcommand(
      "fuzz",
      "Run seeds until the time is up, each in a process of its own, and keep what goes wrong:\n"
      "violations, aborts, crashes, hangs, runs that differ when they are made again");
  add_options(*fuzz, *options);
  fuzz->callback([options, &action] { action = [options] { return run_fuzz(*options); }; });
  // What a campaign starts for second runs; not for people.
  CLI::App* worker = program.add_subcommand(kWorkerCommand, "")->group("");
  worker->callback([&action] { action = []() -> int { serve_universe(); }; });
}

}  // namespace cli
