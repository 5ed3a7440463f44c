#include "traces/cli/trace_of.h"

#include <algorithm>

#include "traces/cli/version.h"
#include "traces/writer.h"

namespace cli {
namespace {

using properties::Report;
using traces::legible;

void add_aborts(traces::Verdict& verdict, const std::vector<simnet::Abort>& aborts) {
  for (const simnet::Abort& abort : aborts) {
    if (verdict.aborts.size() < traces::kAbortsMax) {
      verdict.aborts.push_back(
          {traces::microseconds(abort.at), legible(abort.host), legible(abort.what)});
    }
  }
}

// Of the violations that make the outcome, the first in time.
void add_violation(traces::Verdict& verdict, const Report& report, char family) {
  const properties::Violation* first = nullptr;
  for (const auto& property : report.properties) {
    for (const auto& violation : property.violations) {
      if (property.id.front() == family && (first == nullptr || violation.at < first->at)) {
        first = &violation;
        verdict.property = property.id;
      }
    }
  }
  verdict.message = legible(first->what);
  verdict.at_us = traces::microseconds(first->at);
}

}  // namespace

traces::Outcome outcome_of(properties::Verdict verdict) {
  switch (verdict) {
    case properties::Verdict::holds:
      return traces::Outcome::holds;
    case properties::Verdict::safety_violated:
      return traces::Outcome::safety_violated;
    case properties::Verdict::liveness_violated:
      return traces::Outcome::liveness_violated;
    case properties::Verdict::aborted:
      return traces::Outcome::aborted;
    case properties::Verdict::interrupted:
      break;
  }
  return traces::Outcome::interrupted;
}

traces::Verdict verdict_of(const Report& report) {
  traces::Verdict verdict;
  verdict.outcome = outcome_of(report.verdict);
  verdict.at_us = traces::microseconds(report.end);
  verdict.whole = report.whole;
  verdict.digest = report.digest;
  add_aborts(verdict, report.aborts);
  add_aborts(verdict, report.fail_stops);
  if (verdict.outcome == traces::Outcome::safety_violated) {
    add_violation(verdict, report, 'S');
  } else if (verdict.outcome == traces::Outcome::liveness_violated) {
    add_violation(verdict, report, 'L');
  } else if (verdict.outcome == traces::Outcome::aborted) {
    const auto first = std::ranges::min_element(verdict.aborts, {}, &traces::Abort::at_us);
    verdict.message = first->what;
    verdict.at_us = first->at_us;
  }
  return verdict;
}

std::vector<traces::Checkpoint> checkpoints_of(const Report& report) {
  std::vector<traces::Checkpoint> checkpoints = report.checkpoints;
  if (!report.whole) {
    std::erase_if(checkpoints, [&](const auto& checkpoint) { return checkpoint.at >= report.end; });
  } else if (checkpoints.empty() || checkpoints.back().events < report.events) {
    checkpoints.push_back({report.events, report.end, report.digest});
  }
  return checkpoints;
}

traces::Trace trace_of(const RunOptions& options, std::uint64_t seed, const Report& report) {
  traces::Trace trace;
  trace.made_by = {version(), commit()};
  trace.scenario = properties::to_json(options.scenario);
  trace.seed = seed;
  trace.plan = options.plan_for(seed);
  trace.tape = options.tape;
  trace.checkpoints = traces::thinned(checkpoints_of(report));
  trace.verdict = verdict_of(report);
  return trace;
}

RunOptions recipe_of(const traces::Trace& trace, const std::string& file,
                     const std::string& called_as) {
  RunOptions run;
  run.program = called_as;
  run.trace_file = file;
  run.scenario = properties::scenario_from_json(trace.scenario, file + ": scenario");
  run.seed = trace.seed;
  run.plan = trace.plan;
  run.tape = trace.tape;
  return run;
}

traces::Names read_scenario(const faults::Json& json, const std::string& where) {
  return {properties::scenario_from_json(json, where).hosts(), properties::Scenario::regions()};
}

}  // namespace cli
