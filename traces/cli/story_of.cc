#include "traces/cli/story_of.h"

#include <cstdio>

#include "properties/universe.h"
#include "traces/cli/exit_code.h"
#include "traces/cli/interrupt.h"
#include "traces/cli/progress.h"
#include "traces/cli/run_options.h"
#include "traces/cli/trace_of.h"
#include "traces/cli/version.h"
#include "traces/compare.h"
#include "traces/story/collector.h"
#include "traces/writer.h"

namespace cli {
namespace {

story::Recipe told(const RunOptions& run, const traces::Trace& trace,
                   const properties::Report& report) {
  story::Recipe recipe;
  recipe.scenario = run.scenario.name;
  recipe.about = run.scenario.about;
  recipe.seed = run.seed;
  recipe.version = version();
  recipe.commit = commit();
  recipe.trace_commit = trace.made_by.commit;
  recipe.digest = traces::hex(report.digest);
  recipe.outcome = traces::to_string(outcome_of(report.verdict));
  recipe.note = trace.note;
  recipe.reproduce = run.reproduce(run.seed);
  recipe.faults = trace.plan.faults.size();
  return recipe;
}

}  // namespace

std::optional<Retold> story_of(const std::string& trace_file, const std::string& called_as) {
  const traces::Trace trace = traces::read_trace_file(trace_file, read_scenario);
  const RunOptions run = recipe_of(trace, trace_file, called_as);
  properties::Universe universe(run.scenario, run.seed, *run.plan, run.workload_for(run.seed));
  universe.replay(run.tape);
  story::Collector collector(universe);
  properties::Report report;
  {
    ProgressLine line(false);
    report = universe.run([&](const properties::Progress& progress) {
      line.show(static_cast<std::uint64_t>(progress.now.time_since_epoch().count()),
                static_cast<std::uint64_t>(progress.expected_end.time_since_epoch().count()),
                std::to_string(progress.events) + " events");
      return !interrupted();
    });
  }
  if (!report.whole) {
    return std::nullopt;
  }
  const traces::Comparison compared = traces::compare(
      trace, {verdict_of(report), checkpoints_of(report), report.end, report.whole});
  Retold retold{collector.finish(report, told(run, trace, report)), {}};
  retold.warning = compared.same ? std::string() : compared.text;
  return retold;
}

int deliver(const Retold& retold, const std::string& text, const std::string& path, bool replace) {
  traces::save_text(text, path, replace, "--output");
  if (!retold.warning.empty()) {
    std::fprintf(stderr, "drawproof: this is not the run of the trace: %s\n",
                 retold.warning.c_str());
  }
  std::printf("%s: %zu events, %zu messages, %zu violations, %zu bytes\n", path.c_str(),
              retold.story.events.size(), retold.story.messages.size(),
              retold.story.violations.size(), text.size());
  return kHolds;
}

}  // namespace cli
