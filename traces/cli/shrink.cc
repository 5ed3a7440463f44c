// `drawproof shrink`: makes the recipe of a failing trace small, and writes the trace of that.
#include "traces/cli/shrink.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

#include "properties/workload.h"
#include "traces/cli/command.h"
#include "traces/cli/exit_code.h"
#include "traces/cli/interrupt.h"
#include "traces/cli/progress.h"
#include "traces/cli/run_apart.h"
#include "traces/cli/run_options.h"
#include "traces/cli/trace_of.h"
#include "traces/fuzz/duration.h"
#include "traces/shrink.h"
#include "traces/writer.h"

namespace cli {
namespace {

using traces::Json;
using traces::Outcome;
using traces::RecipeSize;
using traces::Trace;
using ull = unsigned long long;

// A recipe that takes so much longer than the first run hangs.
constexpr double kPatience = 20;
constexpr double kPatienceLeast_s = 10;
constexpr unsigned kFirstRun_s = 600;

// The failure that a smaller recipe must have too.
bool same_failure(const traces::Verdict& a, const traces::Verdict& b) {
  return a.outcome == b.outcome &&
         (a.outcome == Outcome::aborted ? a.message == b.message : a.property == b.property);
}

std::string told(const traces::Verdict& verdict) {
  char at[32];
  std::snprintf(at, sizeof at, " at %.3f s: ", static_cast<double>(verdict.at_us) / 1e6);
  std::string text = (verdict.property.empty() ? std::string(traces::to_string(verdict.outcome))
                                               : verdict.property) +
                     at + verdict.message;
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return text;
}

// Of a trace the part that is a recipe.
Json recipe_json(Trace trace) {
  if (trace.workload.is_null()) {
    const RunOptions run = recipe_of(trace, "trace", "");
    trace.workload = properties::to_json(run.workload_for(trace.seed));
  }
  trace.checkpoints.clear();
  return to_json(trace);
}

class Shrinking {
 public:
  Shrinking(const ShrinkCommand& command, Trace trace)
      : budget_s_(static_cast<double>(fuzz::parse_duration(command.budget, "--budget")) / 1e6),
        runs_max_(command.runs_max == 0 ? SIZE_MAX : command.runs_max),
        jobs_(command.jobs == 0 ? std::max(1U, std::thread::hardware_concurrency()) : command.jobs),
        line_(false),
        original_(std::move(trace)) {}

  void check_it_fails() {
    const Json recipe = recipe_json(original_);
    const std::optional<Trace> first = begin(recipe, kFirstRun_s)->wait();
    limit_s_ = static_cast<unsigned>(std::max(kPatienceLeast_s, kPatience * line_.elapsed_s()));
    reproduces_ = first && same_failure(first->verdict, original_.verdict);
    if (reproduces_) {
      original_.verdict = first->verdict;
      same_.push_back(recipe);
    }
  }
  bool reproduces() const { return reproduces_; }
  const Trace& original() const { return original_; }
  double elapsed_s() const { return line_.elapsed_s(); }

  traces::Shrunk shrink() {
    traces::ShrinkOptions options;
    options.start = [this](const Json& recipe) -> std::unique_ptr<traces::Attempt> {
      return std::make_unique<Try>(*this, recipe);
    };
    options.jobs = jobs_;
    options.stop = [this] { return interrupted() || line_.elapsed_s() > budget_s_; };
    options.runs_max = runs_max_;
    options.grace_may_go = original_.verdict.outcome == Outcome::safety_violated;
    traces::Shrunk result = traces::shrink(same_.front(), original_.verdict.at_us, options);
    line_.clear();
    return result;
  }

  // The run of the smallest recipe that also fails so when it is not stopped early. With the time
  // to come to rest that there was, should it fail so then: a program without the fault holds then.
  std::optional<Trace> whole_run() {
    const Json grace = recipe_json(original_).at("scenario").at("grace_s");
    for (; !same_.empty(); same_.pop_back()) {
      Json graceful = same_.back();
      graceful.at("scenario").at("grace_s") = grace;
      for (const Json& recipe : {graceful, same_.back()}) {
        std::optional<Trace> whole =
            RunApart(parse(recipe), {.heeds_interrupts = false, .limit_s = kFirstRun_s}).wait();
        if (whole && whole->verdict.whole && same_failure(whole->verdict, original_.verdict)) {
          whole->note = original_.note;
          return whole;
        }
      }
    }
    return std::nullopt;
  }
  const Json& smallest() const { return same_.back(); }

 private:
  static Trace parse(const Json& recipe) {
    return traces::trace_from_json(recipe, "recipe", read_scenario);
  }

  class Try final : public traces::Attempt {
   public:
    Try(Shrinking& shrinking, const Json& recipe) : shrinking_(shrinking), recipe_(recipe) {
      try {
        run_ = shrinking.begin(recipe, shrinking.limit_s_);
      } catch (const faults::InputError&) {
      }
    }
    traces::Tried wait() override {
      return run_ ? shrinking_.judge(recipe_, run_->wait()) : traces::Tried{false, false, 0};
    }

   private:
    Shrinking& shrinking_;
    const Json recipe_;
    std::unique_ptr<RunApart> run_;
  };

  std::unique_ptr<RunApart> begin(const Json& recipe, unsigned limit_s) const {
    const bool safety = original_.verdict.outcome == Outcome::safety_violated;
    return std::make_unique<RunApart>(parse(recipe),
                                      ApartOptions{.stop_when_unsafe = safety, .limit_s = limit_s});
  }

  traces::Tried judge(const Json& recipe, const std::optional<Trace>& result) {
    ++runs_;
    const bool same = result && same_failure(result->verdict, original_.verdict) && !interrupted();
    if (same) {
      same_.push_back(recipe);
    }
    const RecipeSize size = traces::size_of(same_.back());
    line_.show(static_cast<std::uint64_t>(line_.elapsed_s() * 1000),
               static_cast<std::uint64_t>(budget_s_ * 1000),
               std::to_string(runs_) + " runs: " + std::to_string(size.faults) + " faults, " +
                   std::to_string(size.intents) + " intents");
    return {same, true, same ? result->verdict.at_us : 0};
  }

  const double budget_s_;
  const std::size_t runs_max_;
  const std::size_t jobs_;
  ProgressLine line_;
  Trace original_;
  bool reproduces_ = false;
  unsigned limit_s_ = kFirstRun_s;
  std::vector<Json> same_;  // every recipe that failed so, each smaller than the one before
  std::size_t runs_ = 0;
};

void print_row(std::FILE* out, const char* what, std::size_t before, std::size_t after) {
  std::fprintf(out, "%-14s %8zu %8zu\n", what, before, after);
}

void print_sizes(std::FILE* out, const RecipeSize& before, const RecipeSize& after) {
  std::fprintf(out, "               %8s %8s\n", "before", "after");
  print_row(out, "Faults", before.faults, after.faults);
  print_row(out, "Users", before.users, after.users);
  print_row(out, "Intents", before.intents, after.intents);
  print_row(out, "Tape", before.tape, after.tape);
  print_row(out, "Virtual s", static_cast<std::size_t>(before.duration_s),
            static_cast<std::size_t>(after.duration_s));
  print_row(out, "For sale", static_cast<std::size_t>(before.capacity),
            static_cast<std::size_t>(after.capacity));
}

void check_fails(const Trace& trace, const std::string& file) {
  const Outcome outcome = trace.verdict.outcome;
  if (outcome == Outcome::holds || outcome == Outcome::interrupted) {
    throw faults::InputError(file + ": verdict.outcome: expected a failure to shrink, got \"" +
                             std::string(traces::to_string(outcome)) + "\"");
  }
}

}  // namespace

std::string small_file(const std::string& file) {
  const std::filesystem::path path(file);
  return (path.parent_path() / (path.stem().string() + ".small.json")).string();
}

int shrink_file(const ShrinkCommand& command) {
  const std::string out = command.out.empty() ? small_file(command.file) : command.out;
  const Trace trace = traces::read_trace_file(command.file, read_scenario);
  check_fails(trace, command.file);
  traces::check_can_save(out, command.force, "--out");
  Shrinking shrinking(command, trace);
  shrinking.check_it_fails();
  if (!shrinking.reproduces()) {
    if (interrupted()) {
      return kInterrupted;
    }
    std::fprintf(stderr,
                 "drawproof: %s: this program does not fail as the trace says (%s); see replay\n",
                 command.file.c_str(), told(trace.verdict).c_str());
    return kNonDeterminism;
  }
  std::fprintf(command.report, "Failure        %s\n", told(shrinking.original().verdict).c_str());
  const RecipeSize before = traces::size_of(shrinking.smallest());
  const traces::Shrunk shrunk = shrinking.shrink();
  const std::optional<Trace> small = shrinking.whole_run();
  if (!small) {
    throw std::runtime_error("no recipe fails so when it is run to its end");
  }
  print_sizes(command.report, before, traces::size_of(to_json(*small)));
  if (small->seed != trace.seed) {
    std::fprintf(command.report, "Seed           %llu, was %llu\n", static_cast<ull>(small->seed),
                 static_cast<ull>(trace.seed));
  }
  std::fprintf(command.report, "Runs           %zu in %.1f s, %zu recipes came up again%s\n",
               shrunk.runs, shrinking.elapsed_s(), shrunk.known,
               shrunk.whole ? "; nothing more can go" : "; stopped");
  traces::save(*small, out, command.force, "--out");
  std::fprintf(command.report, "Failure        %s\n", told(small->verdict).c_str());
  std::fprintf(command.report, "Trace          %s\n", out.c_str());
  std::fprintf(command.report, "Run it         %s replay %s\n", quoted(command.program).c_str(),
               quoted(out).c_str());
  return kHolds;
}

void add_shrink(CLI::App& program, const std::string& called_as, Action& action) {
  auto command = std::make_shared<ShrinkCommand>();
  command->program = called_as;
  CLI::App* shrink = program.add_subcommand(
      "shrink",
      "Make a failing trace small: fewer faults, users and intents, shorter and milder ones, as\n"
      "long as the same property is violated. Exit code 4 when the trace does not fail here");
  shrink->add_option("TRACE", command->file, "A file written by run --save-trace")->required();
  shrink->add_option("-o,--out", command->out,
                     "The file for the small trace; default: TRACE with .small.json");
  shrink
      ->add_option("--budget", command->budget,
                   "Wall time, for instance 60s or 5m; the best so far is kept, as with Ctrl-C")
      ->capture_default_str();
  shrink->add_option("--runs", command->runs_max, "No more runs than that; default: no limit");
  shrink->add_option("--jobs", command->jobs, "Runs at once; default: one per processor")
      ->check(CLI::Range(1, 1024));
  shrink->add_flag("--force", command->force, "The small trace may replace a file that exists");
  shrink->callback([command, &action] {
    action = [command] {
      catch_interrupts();
      return shrink_file(*command);
    };
  });
}

}  // namespace cli
