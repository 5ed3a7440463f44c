#include "traces/cli/sweep.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "faults/input.h"
#include "properties/universe.h"
#include "traces/cli/exit_code.h"
#include "traces/cli/interrupt.h"
#include "traces/cli/probe_report.h"
#include "traces/cli/progress.h"
#include "traces/cli/report.h"
#include "traces/cli/report_json.h"
#include "traces/cli/trace_of.h"
#include "traces/cli/version.h"
#include "traces/writer.h"

namespace cli {
namespace {

using properties::Report;
using properties::Verdict;
using traces::hex;
using ull = unsigned long long;

struct Tried {
  std::string id;
  std::string statement;
  std::uint64_t checks = 0;
  std::uint64_t seeds_violated = 0;
  std::uint64_t first_seed = 0;
  std::string first_what;
};

struct Summary {
  std::uint64_t runs = 0;
  std::uint64_t failed = 0;
  std::uint64_t diverged = 0;
  std::uint64_t events = 0;
  std::vector<Tried> properties;
  std::map<std::string, std::uint64_t> purchases;
  std::map<std::string, std::uint64_t> faults;
  properties::ProbeCounts probes;
  std::optional<std::vector<properties::MissedProbe>> missed;  // null: no quota was judged
  int worst = kHolds;
  bool interrupted = false;
  double wall_s = 0;
};

Report run_seed(const RunOptions& options, std::uint64_t seed) {
  properties::Universe universe(options.scenario, seed, options.plan_for(seed),
                                options.workload_for(seed));
  return universe.run([](const properties::Progress&) { return !interrupted(); });
}

void add_properties(Summary& summary, const Report& report, std::uint64_t seed) {
  summary.properties.resize(report.properties.size());
  for (std::size_t i = 0; i < report.properties.size(); ++i) {
    const auto& result = report.properties[i];
    Tried& tried = summary.properties[i];
    tried.id = result.id;
    tried.statement = result.statement;
    tried.checks += result.checks;
    if (!result.violations.empty() && tried.seeds_violated++ == 0) {
      tried.first_seed = seed;
      tried.first_what = result.violations.front().what;
    }
  }
}

void tell_failure(const RunOptions& options, const Report& report, std::uint64_t seed) {
  std::FILE* out = options.json ? stderr : stdout;
  std::fprintf(out, "seed %llu: %s\n", static_cast<ull>(seed),
               std::string(verdict_word(report.verdict)).c_str());
  for (const auto& property : report.properties) {
    if (!property.violations.empty()) {
      std::fprintf(out, "  %s: %s\n", property.id.c_str(),
                   property.violations.front().what.c_str());
    }
  }
  for (const auto& stop : report.fail_stops) {
    std::fprintf(out, "  stopped itself on %s: %s\n", stop.host.c_str(), stop.what.c_str());
  }
  for (const auto& abort : report.aborts) {
    std::fprintf(out, "  abort on %s: %s\n", abort.host.c_str(), abort.what.c_str());
  }
  std::fprintf(out, "  %s\n", options.reproduce(seed).c_str());
  std::fflush(out);
}

// DIR/S3-seed-17.json. A trace that is there already is not worth the end of a sweep.
void keep_trace(const RunOptions& options, const Report& report, std::uint64_t seed) {
  if (options.save_traces.empty()) {
    return;
  }
  const traces::Trace trace = trace_of(options, seed, report);
  const std::string kind = trace.verdict.property.empty()
                               ? std::string(traces::to_string(trace.verdict.outcome))
                               : trace.verdict.property;
  const std::string file =
      (std::filesystem::path(options.save_traces) / trace_file_name(kind, seed)).string();
  std::FILE* out = options.json ? stderr : stdout;
  try {
    traces::save(trace, file, options.force, "--save-traces");
    std::fprintf(out, "  trace: %s\n", file.c_str());
  } catch (const faults::InputError& error) {
    std::fprintf(stderr, "drawproof: %s\n", error.what());
  }
  std::fflush(out);
}

bool must_stop(const RunOptions& options, const Report& report) {
  if (options.stop_at_first && report.verdict != Verdict::holds) {
    return true;
  }
  return std::any_of(report.properties.begin(), report.properties.end(), [&](const auto& result) {
    return !result.violations.empty() && std::find(options.stop_on.begin(), options.stop_on.end(),
                                                   result.id) != options.stop_on.end();
  });
}

// False when the second run differs.
bool repeats(const RunOptions& options, const Report& report, std::uint64_t seed) {
  const Report again = run_seed(options, seed);
  if (again.verdict == Verdict::interrupted || again.digest == report.digest) {
    return true;
  }
  std::fprintf(options.json ? stderr : stdout,
               "seed %llu: NOT DETERMINISTIC, digests %s and %s\n  %s --repeat-check\n",
               static_cast<ull>(seed), hex(report.digest).c_str(), hex(again.digest).c_str(),
               options.reproduce(seed).c_str());
  return false;
}

void add_run(Summary& summary, const Report& report, std::uint64_t seed) {
  ++summary.runs;
  summary.events += report.events;
  add_properties(summary, report, seed);
  for (const auto& [state, count] : report.tally.purchases_by_state) {
    summary.purchases[state] += static_cast<std::uint64_t>(count);
  }
  for (const auto& [kind, count] : report.faults) {
    summary.faults[std::string(faults::to_string(kind))] += count;
  }
  properties::add(summary.probes, report.probes);
}

void print_counts(const char* title, const std::map<std::string, std::uint64_t>& counts) {
  std::printf("%-14s", title);
  for (const auto& [name, count] : counts) {
    std::printf(" %s %llu ", name.c_str(), static_cast<ull>(count));
  }
  std::printf("\n");
}

void print_summary(const RunOptions& options, const Summary& summary) {
  std::printf("\nRuns           %llu of %llu, %llu failed%s%s\n", static_cast<ull>(summary.runs),
              static_cast<ull>(options.range->count()), static_cast<ull>(summary.failed),
              options.repeat_check ? (summary.diverged == 0 ? ", each repeated with the same digest"
                                                            : ", NOT all repeatable")
                                   : "",
              summary.interrupted ? ", interrupted" : "");
  std::printf(
      "Time           %.1f s, %.1f runs/s, %.0f events/s\n", summary.wall_s,
      static_cast<double>(summary.runs) * (options.repeat_check ? 2 : 1) / summary.wall_s,
      static_cast<double>(summary.events) * (options.repeat_check ? 2 : 1) / summary.wall_s);
  print_counts("Purchases", summary.purchases);
  print_counts("Faults", summary.faults);
  print_probes(summary.probes);
  if (summary.missed) {
    print_quota(*summary.missed);
  }
  std::printf("\n");
  for (const Tried& tried : summary.properties) {
    std::printf("  %-4s %-9s %10llu checks  %s\n", tried.id.c_str(),
                tried.seeds_violated > 0 ? "VIOLATED"
                : tried.checks > 0       ? "holds"
                                         : "unchecked",
                static_cast<ull>(tried.checks), tried.statement.c_str());
    if (tried.seeds_violated > 0) {
      std::printf("       in %llu seeds, first in seed %llu: %s\n",
                  static_cast<ull>(tried.seeds_violated), static_cast<ull>(tried.first_seed),
                  tried.first_what.c_str());
    }
  }
}

void print_summary_json(const RunOptions& options, const Summary& summary) {
  faults::Json json;
  json["version"] = 1;
  json["program"] = version();
  json["commit"] = commit();
  json["scenario"] = options.scenario.name;
  json["runs"] = summary.runs;
  json["failed"] = summary.failed;
  json["diverged"] = summary.diverged;
  json["interrupted"] = summary.interrupted;
  json["wall_s"] = summary.wall_s;
  json["purchases"] = summary.purchases;
  json["faults"] = summary.faults;
  json["probes"] = summary.probes;
  if (summary.missed) {
    json["quota_missed"] = quota_json(*summary.missed);
  }
  json["properties"] = faults::Json::array();
  for (const Tried& tried : summary.properties) {
    json["properties"].push_back({{"id", tried.id},
                                  {"checks", tried.checks},
                                  {"seeds_violated", tried.seeds_violated},
                                  {"first_seed", tried.first_seed},
                                  {"first_what", tried.first_what}});
  }
  std::printf("%s\n", json.dump(2, ' ', false, faults::Json::error_handler_t::replace).c_str());
}

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

int run_sweep(const RunOptions& options) {
  std::unique_ptr<std::FILE, Closer> digests;
  if (!options.digests_file.empty()) {
    digests.reset(std::fopen(options.digests_file.c_str(), "w"));
    if (!digests) {
      throw faults::InputError("--digests: " + options.digests_file + " cannot be written");
    }
  }
  if (!options.json) {
    std::printf("drawproof %s (%s)  scenario %s  seeds %llu..%llu%s\n", version().c_str(),
                commit().c_str(), options.scenario.name.c_str(),
                static_cast<ull>(options.range->first), static_cast<ull>(options.range->last),
                options.no_faults ? "  no faults" : "");
    std::fflush(stdout);
  }
  Summary summary;
  ProgressLine line(options.json);
  for (std::uint64_t i = 0; i < options.range->count(); ++i) {
    const std::uint64_t seed = options.range->first + i;
    const Report report = run_seed(options, seed);
    summary.interrupted = report.verdict == Verdict::interrupted;
    if (summary.interrupted) {
      break;
    }
    add_run(summary, report, seed);
    if (digests) {
      std::fprintf(digests.get(), "%llu %s\n", static_cast<ull>(seed), hex(report.digest).c_str());
    }
    int code = exit_code(report.verdict);
    if (report.verdict != Verdict::holds) {
      line.clear();
      tell_failure(options, report, seed);
      keep_trace(options, report, seed);
    }
    if (options.repeat_check && !repeats(options, report, seed)) {
      ++summary.diverged;
      code = worse(code, kNonDeterminism);
    }
    summary.failed += code == kHolds ? 0 : 1;
    summary.worst = worse(code, summary.worst);
    line.show(i + 1, options.range->count(),
              std::to_string(i + 1) + " runs, " + std::to_string(summary.failed) + " failed");
    if (must_stop(options, report) || interrupted()) {
      break;
    }
  }
  line.clear();
  if (digests && (std::ferror(digests.get()) != 0 || std::fclose(digests.release()) != 0)) {
    throw faults::InputError("--digests: " + options.digests_file +
                             " could not be written to its end");
  }
  summary.interrupted |= interrupted();
  summary.wall_s = std::max(1e-9, line.elapsed_s());
  summary.missed = missed_quota(options, summary.probes, summary.runs);
  if (options.json) {
    print_summary_json(options, summary);
  } else {
    print_summary(options, summary);
  }
  if (summary.worst != kHolds) {
    return summary.worst;
  }
  const bool missed = summary.missed && !summary.missed->empty();
  return summary.interrupted ? kInterrupted : missed ? kQuotaMissed : kHolds;
}

}  // namespace cli
