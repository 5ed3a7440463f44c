// `drawproof bugs`: runs each planted bug's program over a range of seeds until
// one of the properties that must catch it is violated; a bug that needs a fault
// must also survive without faults, which shows that the faults do the work. One that
// no property sees must be found by a campaign, as a crash or as non-determinism.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "faults/input.h"
#include "traces/cli/command.h"
#include "traces/cli/exit_code.h"
#include "traces/cli/interrupt.h"
#include "traces/cli/progress.h"
#include "traces/cli/run_options.h"

extern char** environ;

namespace cli {
namespace {

struct Bug {
  std::string id;
  std::string name;
  std::vector<std::string> caught_by;
  bool needs_fault = false;
  bool fast = false;  // few seeds kill it: CI runs it
  std::string scenario;
  std::int64_t seeds = 0;  // of the scenario, from 1: it must be caught within these
};

struct BugsOptions {
  std::string catalogue = "properties/bugs.json";
  std::string programs;
  std::string scenario;  // empty: each bug's own
  std::string seeds;     // likewise
  std::string fault_free_seeds = "1..200";
  std::string filter;
  bool fast = false;
};

struct Outcome {
  faults::Json summary;
  double wall_s = 0;
};

// For the database and the traces of a campaign; removed with the object.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "drawproof-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
      throw std::runtime_error(pattern + " cannot be made");
    }
    path_ = pattern;
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const char* name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::vector<Bug> read_catalogue(const BugsOptions& options) {
  const faults::Json json = faults::read_json_file(options.catalogue);
  faults::Fields fields(json, options.catalogue);
  fields.integer("version", 1, 1);
  const faults::Json& list = fields.array("bugs");
  fields.finish();
  std::vector<Bug> bugs;
  for (std::size_t i = 0; i < list.size(); ++i) {
    faults::Fields entry(list[i], options.catalogue + ": bugs[" + std::to_string(i) + "]");
    Bug bug;
    bug.id = entry.text("id");
    bug.name = entry.text("name");
    bug.caught_by = entry.texts("caught_by");
    bug.needs_fault = entry.boolean("needs_fault");
    bug.fast = entry.boolean("fast");
    bug.scenario = entry.text("scenario");
    bug.seeds = entry.integer("seeds", 1, 1'000'000);
    for (const char* told : {"file", "search", "replace", "fault", "source"}) {
      entry.text(told);  // what properties/bugs.cmake and people read
    }
    entry.finish();
    const bool named =
        options.filter.empty() || options.filter == bug.id || options.filter == bug.name;
    if (named && (bug.fast || !options.fast)) {
      bugs.push_back(std::move(bug));
    }
  }
  if (bugs.empty()) {
    throw faults::InputError("--filter: no " + std::string(options.fast ? "fast " : "") +
                             "planted bug is called \"" + options.filter + "\"");
  }
  return bugs;
}

// Runs a program and returns what it printed. Errors: InputError when it cannot start.
std::string output_of(const std::vector<std::string>& command) {
  int ends[2];
  if (pipe(ends) != 0) {
    throw std::runtime_error("pipe failed");
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", 1, 0);
  std::vector<char*> argv;
  for (const std::string& word : command) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    throw faults::InputError("--programs: " + command.front() +
                             " cannot be started; build the target `bugs` first");
  }
  std::string output;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) > 0;) {
    output.append(buffer, static_cast<std::size_t>(got));
  }
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return output;
}

std::string scenario_of(const BugsOptions& options, const Bug& bug) {
  return options.scenario.empty() ? bug.scenario : options.scenario;
}

std::string program_of(const BugsOptions& options, const Bug& bug) {
  return (std::filesystem::path(options.programs) / ("drawproof-" + bug.id)).string();
}

std::string seeds_of(const BugsOptions& options, const Bug& bug) {
  return options.seeds.empty() ? "1.." + std::to_string(bug.seeds) : options.seeds;
}

Outcome outcome_of(const std::vector<std::string>& command) {
  const ProgressLine clock(true);
  Outcome outcome;
  outcome.summary = faults::Json::parse(output_of(command), nullptr, false);
  outcome.wall_s = clock.elapsed_s();
  if (outcome.summary.is_discarded()) {
    throw std::runtime_error(command.front() + " printed no report");
  }
  return outcome;
}

Outcome sweep(const BugsOptions& options, const Bug& bug, bool faults) {
  std::vector<std::string> command{program_of(options, bug),
                                   "run",
                                   "--scenario",
                                   scenario_of(options, bug),
                                   "--json",
                                   "--seeds",
                                   faults ? seeds_of(options, bug) : options.fault_free_seeds};
  if (faults) {
    command.push_back("--stop-on");
    command.insert(command.end(), bug.caught_by.begin(), bug.caught_by.end());
  } else {
    command.insert(command.end(), {"--no-faults", "--stop-at-first"});
  }
  return outcome_of(command);
}

// Every run twice: what no property sees. The summary gets what that of a sweep has.
Outcome campaign(const BugsOptions& options, const Bug& bug) {
  const Folder folder;
  const SeedRange seeds = parse_range(seeds_of(options, bug), "--seeds");
  Outcome outcome =
      outcome_of({program_of(options, bug), "fuzz", "--scenario", scenario_of(options, bug),
                  "--seed-base", std::to_string(seeds.first), "--runs",
                  std::to_string(seeds.count()), "--jobs", "1", "--repeat", "100", "--json", "--db",
                  folder.file("campaign.db"), "--findings", folder.file("findings")});
  outcome.summary["runs"] = outcome.summary.at("total").at("runs");
  outcome.summary["interrupted"] = outcome.summary["runs"] < seeds.count();
  return outcome;
}

struct Kill {
  std::string property;
  std::uint64_t seeds = 0;
};

// What a bug is caught by that no property sees, as the catalogue calls it: the exit code.
std::optional<int> code_of(const Bug& bug) {
  return bug.caught_by.front() == "determinism" ? std::optional<int>(kNonDeterminism)
         : bug.caught_by.front() == "abort"     ? std::optional<int>(kAborted)
                                                : std::nullopt;
}

Kill find_kill_of_campaign(const Bug& bug, const faults::Json& summary) {
  for (const auto& finding : summary.at("findings")) {
    if (finding.at("exit_code") == *code_of(bug)) {
      return {bug.caught_by.front(), summary.at("runs").get<std::uint64_t>()};
    }
  }
  return {};
}

Kill find_kill(const Bug& bug, const faults::Json& summary) {
  if (code_of(bug)) {
    return find_kill_of_campaign(bug, summary);
  }
  for (const auto& property : summary.at("properties")) {
    for (const std::string& expected : bug.caught_by) {
      if (property.at("id") == expected && property.at("seeds_violated") > 0) {
        return {expected, summary.at("runs").get<std::uint64_t>()};
      }
    }
  }
  return {};
}

bool cut_short(const Outcome& outcome) {
  return interrupted() || outcome.summary.at("interrupted") == true;
}

// Whether the bug behaves as it should; nothing when the user interrupted.
std::optional<bool> try_bug(const BugsOptions& options, const Bug& bug) {
  const Outcome with_faults = code_of(bug) ? campaign(options, bug) : sweep(options, bug, true);
  if (cut_short(with_faults)) {
    return std::nullopt;
  }
  const Kill kill = find_kill(bug, with_faults.summary);
  const char* survival = "not asked";
  bool survived = true;
  if (bug.needs_fault) {
    const Outcome without = sweep(options, bug, false);
    if (cut_short(without)) {
      return std::nullopt;
    }
    survived = without.summary.at("failed") == 0;
    survival = survived ? "survives" : "DIES";
  }
  const bool killed = !kill.property.empty();
  std::printf("%-5s %-29s %-13s %-9s %6llu %8.1f  %-11s %s\n", bug.id.c_str(), bug.name.c_str(),
              scenario_of(options, bug).c_str(), killed ? "killed" : "SURVIVED",
              static_cast<unsigned long long>(
                  killed ? kill.seeds : with_faults.summary.at("runs").get<std::uint64_t>()),
              with_faults.wall_s, killed ? kill.property.c_str() : "-", survival);
  std::fflush(stdout);
  return killed && survived;
}

int run_bugs(const BugsOptions& options) {
  if (!options.seeds.empty()) {
    parse_range(options.seeds, "--seeds");
  }
  parse_range(options.fault_free_seeds, "--fault-free-seeds");
  const std::vector<Bug> bugs = read_catalogue(options);
  std::printf("%-5s %-29s %-13s %-9s %6s %8s  %-11s %s\n", "bug", "name", "scenario", "outcome",
              "seeds", "seconds", "by", "without faults");
  std::size_t good = 0;
  for (const Bug& bug : bugs) {
    const std::optional<bool> behaves = try_bug(options, bug);
    if (!behaves) {
      std::printf("interrupted; %zu bugs tried so far behaved as they should\n", good);
      return kInterrupted;
    }
    good += *behaves ? 1 : 0;
  }
  std::printf("%zu of %zu planted bugs behave as they should\n", good, bugs.size());
  return good == bugs.size() ? kHolds : kSafetyViolated;
}

}  // namespace

void add_bugs(CLI::App& program, Action& action) {
  auto options = std::make_shared<BugsOptions>();
  CLI::App* bugs = program.add_subcommand(
      "bugs",
      "Run the planted bugs: each must be caught, and those that need a fault must\n"
      "survive without faults. Exit code 1 when one does not behave so");
  bugs->add_option("--catalogue", options->catalogue, "The list of planted bugs")
      ->capture_default_str();
  bugs->add_option("--programs", options->programs,
                   "The folder of the mutated programs (target `bugs`); default: bugs/ beside\n"
                   "this program");
  bugs->add_option("--scenario", options->scenario,
                   "The scenario to run; default: the one the catalogue names for each bug");
  bugs->add_option("--seeds", options->seeds,
                   "The seeds within which a bug must be caught; default: as many as the\n"
                   "catalogue says for each, from 1");
  bugs->add_option("--fault-free-seeds", options->fault_free_seeds,
                   "The seeds a bug that needs a fault must survive without faults")
      ->capture_default_str();
  bugs->add_option("--filter", options->filter, "Only the bug with this id or name");
  bugs->add_flag("--fast", options->fast, "Only those that few seeds kill: what CI runs");
  bugs->callback([options, &action] {
    action = [options] {
      catch_interrupts();
      if (options->programs.empty()) {
        std::error_code error;
        const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
        options->programs = (self.parent_path() / "bugs").string();
      }
      return run_bugs(*options);
    };
  });
}

}  // namespace cli
