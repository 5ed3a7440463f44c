#include "traces/cli/universe_subject.h"

#include <algorithm>

#include "properties/universe.h"
#include "traces/cli/trace_of.h"
#include "traces/cli/version.h"
#include "traces/writer.h"

namespace cli {
namespace {

using properties::Report;

fuzz::Counts faults_of(const Report& report) {
  fuzz::Counts counts;
  for (const auto& [kind, count] : report.faults) {
    counts[std::string(faults::to_string(kind))] = count;
  }
  return counts;
}

fuzz::Result result_of(const RunOptions& options, std::uint64_t seed, const Report& report,
                       bool compared) {
  const traces::Verdict verdict = verdict_of(report);
  fuzz::Result result;
  result.outcome = verdict.outcome;
  result.property = verdict.property;
  result.message = verdict.message;
  result.digest = report.digest;
  result.events = report.events;
  result.virtual_us = traces::microseconds(report.end);
  result.faults = faults_of(report);
  for (const auto& [name, count] : report.probes) {
    if (count != 0) {
      result.probes[name] = count;
    }
  }
  if (verdict.outcome == traces::Outcome::aborted) {
    result.place = std::ranges::min_element(verdict.aborts, {}, &traces::Abort::at_us)->host;
  }
  if (compared) {
    result.checkpoints = checkpoints_of(report);
  }
  if (compared || verdict.outcome != traces::Outcome::holds) {
    result.trace = traces::to_text(trace_of(options, seed, report));
  }
  return result;
}

fuzz::Result run_universe(const RunOptions& options, std::uint64_t seed, bool compared) {
  properties::Universe universe(options.scenario, seed, options.plan_for(seed),
                                options.workload_for(seed));
  return result_of(options, seed, universe.run({}), compared);
}

}  // namespace

fuzz::Subject universe_subject(const std::vector<RunOptions>& scenarios,
                               const std::string& program) {
  fuzz::Subject subject;
  subject.run = [&scenarios](const fuzz::Task& task) {
    return run_universe(scenarios[task.scenario], task.seed, task.compared);
  };
  subject.program = {program, kWorkerCommand};
  subject.request = [&scenarios](const fuzz::Task& task) {
    const faults::Json request = {
        {"scenario", properties::to_json(scenarios[task.scenario].scenario)}, {"seed", task.seed}};
    return request.dump(-1, ' ', false, faults::Json::error_handler_t::replace);
  };
  return subject;
}

void serve_universe() {
  fuzz::serve([](const std::string& text) {
    const faults::Json request = faults::parse_json(text, "request");
    faults::Fields fields(request, "request");
    RunOptions options;
    options.scenario = properties::scenario_from_json(fields.object("scenario"), "request");
    const std::uint64_t seed = fields.natural("seed");
    fields.finish();
    return run_universe(options, seed, true);
  });
}

std::string trace_of_dead(const RunOptions& options, std::uint64_t seed,
                          const std::string& message) {
  traces::Trace trace;
  trace.made_by = {version(), commit()};
  trace.scenario = properties::to_json(options.scenario);
  trace.seed = seed;
  trace.plan = options.plan_for(seed);
  trace.verdict.outcome = traces::Outcome::aborted;
  trace.verdict.message = traces::legible(message);
  trace.verdict.whole = false;
  return traces::to_text(trace);
}

}  // namespace cli
