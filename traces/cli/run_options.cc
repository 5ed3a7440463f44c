#include "traces/cli/run_options.h"

#include <charconv>
#include <filesystem>

#include "properties/oracle.h"
#include "properties/universe.h"
#include "traces/writer.h"

namespace cli {
namespace {

bool parse_number(std::string_view text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

void check_property_ids(const std::vector<std::string>& ids) {
  const properties::Oracle oracle;
  std::set<std::string> known;
  std::string listed;
  for (const auto& property : oracle.properties()) {
    known.emplace(property->id());
    listed += (listed.empty() ? "" : ", ") + std::string(property->id());
  }
  for (const std::string& id : ids) {
    if (!known.contains(id)) {
      throw faults::InputError("--stop-on: there is no property \"" + id + "\"; known: " + listed);
    }
  }
}

}  // namespace

std::string quoted(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,/:@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) {
    return text;
  }
  std::string result = "'";
  for (const char c : text) {
    result += c == '\'' ? "'\\''" : std::string(1, c);
  }
  return result + "'";
}

SeedRange parse_range(const std::string& text, const std::string& option) {
  SeedRange range;
  const std::size_t dots = text.find("..");
  const bool parsed = dots != std::string::npos &&
                      parse_number(std::string_view(text).substr(0, dots), range.first) &&
                      parse_number(std::string_view(text).substr(dots + 2), range.last);
  if (!parsed || range.first > range.last) {
    throw faults::InputError(option + ": expected A..B with A <= B, for instance 1..500, got \"" +
                             text + "\"");
  }
  if (range.count() == 0) {
    throw faults::InputError(option + ": \"" + text + "\" is more seeds than can be counted");
  }
  return range;
}

void RunOptions::check() {
  // CLI11 would wrap a negative number and clamp a large one.
  if (!parse_number(seed_text, seed)) {
    throw faults::InputError("--seed: expected an integer from 0 to 18446744073709551615, got \"" +
                             seed_text + "\"");
  }
  scenario = properties::load_scenario(scenario_name);
  if (!plan_file.empty()) {
    const std::set<std::string> regions = properties::Scenario::regions();
    plan = faults::plan_from_json(faults::read_json_file(plan_file), plan_file, scenario.hosts(),
                                  &regions);
  }
  if (!workload_file.empty()) {
    workload = properties::workload_from_json(faults::read_json_file(workload_file), workload_file,
                                              scenario);
  }
  if (no_faults && plan) {
    throw faults::InputError("--plan and --no-faults contradict each other; give one of them");
  }
  if (!seeds.empty()) {
    range = parse_range(seeds, "--seeds");
  }
  check_property_ids(stop_on);
  if (!quota_file.empty()) {
    quota = properties::probe_quota(faults::read_json_file(quota_file), quota_file, scenario.name);
  }
  if (!save_trace.empty()) {
    traces::check_can_save(save_trace, force, "--save-trace");
  }
  if (!save_traces.empty()) {
    std::error_code error;
    std::filesystem::create_directories(save_traces, error);
    if (!std::filesystem::is_directory(save_traces, error)) {
      throw faults::InputError("--save-traces: " + save_traces +
                               " is no folder, and none can be made there");
    }
  }
}

faults::Plan RunOptions::plan_for(std::uint64_t run_seed) const {
  if (no_faults) {
    return {};
  }
  return plan ? *plan : properties::draw_plan(scenario, run_seed);
}

properties::Workload RunOptions::workload_for(std::uint64_t run_seed) const {
  return workload ? *workload : properties::draw_workload(scenario, run_seed);
}

std::string RunOptions::reproduce(std::uint64_t run_seed) const {
  if (!trace_file.empty()) {
    return quoted(program) + " replay " + quoted(trace_file);
  }
  std::string line = quoted(program) + " run --scenario " + quoted(scenario_name) + " --seed " +
                     std::to_string(run_seed);
  if (no_faults) {
    line += " --no-faults";
  }
  if (!plan_file.empty()) {
    line += " --plan " + quoted(plan_file);
  }
  if (!workload_file.empty()) {
    line += " --workload " + quoted(workload_file);
  }
  return line;
}

}  // namespace cli
