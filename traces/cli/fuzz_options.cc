#include "traces/cli/fuzz_options.h"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "properties/shipped_scenarios.h"
#include "simnet/digest.h"
#include "traces/cli/version.h"
#include "traces/fuzz/duration.h"
#include "traces/writer.h"

namespace cli {
namespace {

std::uint64_t natural(const std::string& text, const std::string& option, std::uint64_t low,
                      std::uint64_t high, int base = 10) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size() || number < low || number > high) {
    throw faults::InputError(option + ": expected an integer from " + std::to_string(low) + " to " +
                             std::to_string(high) + ", got \"" + text + "\"");
  }
  return number;
}

bool in_ci() { return std::getenv("CI") != nullptr || std::getenv("GITHUB_ACTIONS") != nullptr; }

// In CI the commit decides, so that a build that is made again runs the same seeds and one of
// another commit others; elsewhere every campaign is to see new ones.
std::uint64_t default_seed_base() {
  const std::string hash = commit().substr(0, commit().find('+'));
  std::uint64_t base = 0;
  const auto [end, error] = std::from_chars(hash.data(), hash.data() + hash.size(), base, 16);
  if (in_ci() && error == std::errc() && end == hash.data() + hash.size()) {
    return base;
  }
  constexpr std::uint64_t kSpread = 1'000'000'000;  // short to type
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::string text = std::to_string(now.count());
  return simnet::hash_bytes(text) % kSpread;
}

void read_shard(const std::string& text, fuzz::ScheduleOptions& schedule) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) {
    throw faults::InputError("--shard: expected i/n with i from 0 to n - 1, got \"" + text + "\"");
  }
  constexpr std::uint64_t kShardsMax = 1'000'000;
  schedule.shards = natural(text.substr(slash + 1), "--shard: n", 1, kShardsMax);
  schedule.shard = natural(text.substr(0, slash), "--shard: i", 0, schedule.shards - 1);
}

// In pieces: it has 50 MB, and the memory would stay with this process and its forks.
std::uint64_t hash_of_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::string piece(64 << 10, '\0');
  std::uint64_t hash = 0;
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0) {
    const auto size = static_cast<std::size_t>(file.gcount());
    hash = simnet::hash_bytes(std::to_string(hash) + piece.substr(0, size));
  }
  return hash;
}

}  // namespace

std::string build_name() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error).filename().string();
  const std::string name = version() + " " + commit();
  if (self == "drawproof" && !name.ends_with('+') && commit() != "unknown") {
    return name;
  }
  return name + " " + self + " " + traces::hex(hash_of_file("/proc/self/exe"));
}

RunOptions run_options_for(const std::string& program, const std::string& scenario_name) {
  RunOptions options;
  options.program = program;
  options.scenario_name = scenario_name;
  return options;
}

void FuzzOptions::continue_with(const fuzz::Resumable& campaign) {
  if (campaign.build != build_name()) {
    throw faults::InputError("--resume: the newest campaign in " + db + " ran " + campaign.build +
                             ", this program is " + build_name());
  }
  if (scenario_names.empty()) {
    scenario_names = campaign.scenarios;
  }
  if (seed_base.empty()) {
    seed_base = std::to_string(campaign.seed_base);
  }
  if (shard.empty()) {
    shard = std::to_string(campaign.shard) + "/" + std::to_string(campaign.shards);
  }
}

void FuzzOptions::check() {
  constexpr std::uint64_t kAny = UINT64_MAX;
  fuzz::ScheduleOptions& schedule = fuzzer.schedule;
  if (!runs.empty()) {
    schedule.runs = natural(runs, "--runs", 1, kAny);
  }
  if (runs.empty() || !time.empty()) {
    fuzzer.time_us = fuzz::parse_duration(time.empty() ? kTimeDefault : time, "--time");
  }
  if (shrink != "0") {
    fuzz::parse_duration(shrink, "--shrink");
  }
  fuzzer.pool.hang_after_us = fuzz::parse_duration(hang_after, "--hang-after");
  fuzzer.pool.jobs = jobs.empty() ? std::max(1u, std::thread::hardware_concurrency())
                                  : natural(jobs, "--jobs", 1, 1024);
  schedule.repeat_percent = static_cast<unsigned>(natural(repeat, "--repeat", 0, 100));
  schedule.seed_base =
      seed_base.empty() ? default_seed_base() : natural(seed_base, "--seed-base", 0, kAny);
  if (!shard.empty()) {
    read_shard(shard, schedule);
  }
  if (scenario_names.empty()) {
    for (const auto& [name, text] : properties::shipped_scenarios()) {
      scenario_names.push_back(name);
    }
  }
  for (const std::string& name : scenario_names) {
    for (const RunOptions& before : scenarios) {
      if (before.scenario_name == name) {
        throw faults::InputError("--scenario: \"" + name + "\" is given twice");
      }
    }
    scenarios.push_back(run_options_for(program, name));
    scenarios.back().scenario = properties::load_scenario(name);
  }
  schedule.scenarios = scenarios.size();
  for (const auto& [option, file] : {std::pair{"--junit", &junit}, std::pair{"--sarif", &sarif}}) {
    if (!file->empty()) {
      traces::check_can_save(*file, true, option);
    }
  }
}

void FuzzOptions::make_folder() const {
  std::error_code error;
  std::filesystem::create_directories(findings, error);
  if (!std::filesystem::is_directory(findings, error)) {
    throw faults::InputError("--findings: " + findings +
                             " is no folder, and none can be made there");
  }
}

fuzz::Identity FuzzOptions::identity() const {
  fuzz::Identity identity;
  identity.build = build_name();
  identity.seed_base = fuzzer.schedule.seed_base;
  identity.shard = fuzzer.schedule.shard;
  identity.shards = fuzzer.schedule.shards;
  for (const RunOptions& options : scenarios) {
    identity.scenarios.push_back(
        {options.scenario_name, properties::to_json(options.scenario)
                                    .dump(-1, ' ', false, faults::Json::error_handler_t::replace)});
  }
  return identity;
}

}  // namespace cli
