// `drawproof replay`: runs the recipe of a trace again, tells what happens, and compares.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include "properties/universe.h"
#include "traces/cli/breakpoint.h"
#include "traces/cli/colour.h"
#include "traces/cli/command.h"
#include "traces/cli/event_log.h"
#include "traces/cli/exit_code.h"
#include "traces/cli/interrupt.h"
#include "traces/cli/progress.h"
#include "traces/cli/report.h"
#include "traces/cli/run_options.h"
#include "traces/cli/seconds.h"
#include "traces/cli/trace_of.h"
#include "traces/cli/version.h"
#include "traces/compare.h"
#include "traces/writer.h"

namespace cli {
namespace {

struct ReplayOptions {
  std::string program;
  std::string file;
  std::string from;   // virtual seconds; empty: the start
  std::string until;  // likewise; empty: the end
  std::string follow;
  std::string color = "auto";
  std::string break_at;
  bool verify = false;
  bool quiet = false;
  bool json = false;
};

struct Replayed {
  properties::Report report;
  std::size_t unmatched = 0;  // of the choices given
  bool stopped = false;       // where --until or --break said
  std::string met;            // the event of --break; empty: it did not come
};

EventLogOptions log_options(const ReplayOptions& options) {
  EventLogOptions log;
  log.from = parse_seconds(options.from, "--from", {});
  log.until = parse_seconds(options.until, "--until", simnet::Time::max());
  log.json = options.json;
  log.colour = wants_colour(options.color);
  log.followed = Followed(options.follow);
  if (log.until < log.from) {
    throw faults::InputError("--until: expected no less than --from (" + options.from +
                             "), got \"" + options.until + "\"");
  }
  return log;
}

Replayed run_recipe(const RunOptions& run, const EventLogOptions& what, bool quiet,
                    const std::optional<BreakAt>& break_at) {
  EventLog log(what);
  properties::Watcher* const listener = quiet ? nullptr : &log;
  std::optional<Breakpoint> breakpoint;
  if (break_at) {
    breakpoint.emplace(*break_at, listener);
  }
  properties::Universe universe(run.scenario, run.seed, *run.plan, run.workload_for(run.seed));
  universe.replay(run.tape);
  if (breakpoint || listener != nullptr) {
    universe.watch(breakpoint ? *breakpoint : *listener);
  }
  ProgressLine line(run.json || !quiet);
  Replayed result;
  result.report = universe.run([&](const properties::Progress& progress) {
    line.show(static_cast<std::uint64_t>(progress.now.time_since_epoch().count()),
              static_cast<std::uint64_t>(progress.expected_end.time_since_epoch().count()),
              std::to_string(progress.events) + " events");
    result.stopped = progress.now >= what.until || (breakpoint && breakpoint->stopped());
    return !result.stopped && !interrupted();
  });
  result.unmatched = universe.unmatched();
  result.met = breakpoint ? breakpoint->met() : "";
  return result;
}

traces::Comparison comparison(const traces::Trace& trace, const Replayed& replayed) {
  const properties::Report& report = replayed.report;
  traces::Comparison result = traces::compare(
      trace, {verdict_of(report), checkpoints_of(report), report.end, report.whole});
  if (!result.same && trace.made_by.commit != commit()) {
    result.text += "; the trace was made by " + trace.made_by.version + " (" +
                   trace.made_by.commit + "), this is " + version() + " (" + commit() +
                   "), and digests change with the code";
  }
  return result;
}

std::string told(const traces::Verdict& verdict) {
  std::string text(traces::to_string(verdict.outcome));
  if (!verdict.message.empty()) {
    char at[32];
    std::snprintf(at, sizeof at, " at %.3f s: ", static_cast<double>(verdict.at_us) / 1e6);
    text += (verdict.property.empty() ? "" : " " + verdict.property) + at + verdict.message;
  }
  return text;
}

std::string tape_note(std::size_t given, std::size_t unmatched) {
  return std::to_string(given) + " choices given, " + std::to_string(unmatched) + " of them (" +
         std::to_string(unmatched * 100 / given) + " %) never came up";
}

std::string break_note(const ReplayOptions& options, const Replayed& replayed) {
  if (replayed.met.empty()) {
    return options.break_at + " never came";
  }
  return replayed.met + "; under a debugger the program stops there: gdb --args " +
         options.program + " replay " + options.file + " --break " + options.break_at;
}

// A line of the report. Some of it is the file's own text, which must not steer a terminal.
void add_note(RunFigures& figures, const char* label, const std::string& text) {
  std::string line(label);
  line.resize(15, ' ');
  line += text;
  std::ranges::replace_if(
      line, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  figures.notes.push_back(std::move(line));
}

void print_end_json(const RunOptions& run, const Replayed& replayed,
                    const traces::Comparison* compared) {
  faults::Json json = {{"type", "end"},
                       {"at_us", traces::microseconds(replayed.report.end)},
                       {"verdict", traces::to_json(verdict_of(replayed.report))},
                       {"tape", run.tape.size()},
                       {"tape_unmatched", replayed.unmatched}};
  if (compared != nullptr) {
    json["same"] = compared->same;
    json["comparison"] = compared->text;
  }
  print_line(json);
}

int run_replay(const ReplayOptions& options) {
  const EventLogOptions what = log_options(options);
  std::optional<BreakAt> break_at;
  if (!options.break_at.empty()) {
    break_at = parse_break(options.break_at);
  }
  const traces::Trace trace = traces::read_trace_file(options.file, read_scenario);
  RunOptions run = recipe_of(trace, options.file, options.program);
  run.json = options.json;
  if (!options.json) {
    print_header(run);
  }
  const ProgressLine clock(true);
  const Replayed replayed = run_recipe(run, what, options.quiet, break_at);
  RunFigures figures;
  figures.wall_s = clock.elapsed_s();
  if (!trace.note.empty()) {
    add_note(figures, "Note", trace.note);
  }
  add_note(figures, "Recorded", told(trace.verdict));
  if (!run.tape.empty()) {
    add_note(figures, "Tape", tape_note(run.tape.size(), replayed.unmatched));
  }
  if (!options.break_at.empty()) {
    add_note(figures, "Break", break_note(options, replayed));
  }
  std::optional<traces::Comparison> compared;
  if (options.verify) {
    compared = comparison(trace, replayed);
    add_note(figures, "Verify", (compared->same ? "" : "DIFFERENT: ") + compared->text);
  }
  if (options.json) {
    print_end_json(run, replayed, compared ? &*compared : nullptr);
  } else {
    std::printf("%s", options.quiet ? "" : "\n");
    print_report(run, replayed.report, figures);
  }
  if (compared && !compared->same) {
    return kNonDeterminism;
  }
  const int code = exit_code(replayed.report.verdict);
  return code == kInterrupted && replayed.stopped ? static_cast<int>(kHolds) : code;
}

}  // namespace

void add_replay(CLI::App& program, const std::string& called_as, Action& action) {
  auto options = std::make_shared<ReplayOptions>();
  options->program = called_as;
  CLI::App* replay = program.add_subcommand(
      "replay",
      "Run a trace again: a line per event of the services and per fault, then the report.\n"
      "The exit code is that of the run; with --verify 4 when it is not the run of the trace");
  replay->add_option("TRACE", options->file, "A file written by run --save-trace")->required();
  replay->add_flag("--verify", options->verify,
                   "Compare checkpoints and verdict: say \"same\", or where the runs part");
  replay->add_option("--from", options->from, "Tell what happens from this virtual second on");
  replay->add_option("--until", options->until,
                     "Tell what happens up to this virtual second, and stop the run at the next\n"
                     "whole one");
  replay->add_option("--follow", options->follow,
                     "Tell only what is about this host, purchase, user or key");
  replay
      ->add_option("--color", options->color,
                   "auto (on a terminal, unless NO_COLOR is set), always or never")
      ->capture_default_str();
  replay->add_option("--break", options->break_at,
                     "Stop at this event: its number, or HOST:NAME[:N], HOST may be *. Under a\n"
                     "debugger raises SIGTRAP there and goes on");
  replay->add_flag("--quiet", options->quiet, "No line per event and fault");
  replay->add_flag("--json", options->json, "JSON lines: one per event and fault, one for the end");
  replay->callback([options, &action] {
    action = [options] {
      catch_interrupts();
      return run_replay(*options);
    };
  });
}

}  // namespace cli
