#include "traces/fuzz/schedule.h"

#include <string>

#include "simnet/digest.h"

namespace fuzz {

bool chosen_for_repeat(std::size_t scenario, std::uint64_t seed, unsigned percent) {
  const std::string text = std::to_string(seed) + "/" + std::to_string(scenario);
  return simnet::hash_bytes(text) % 100 < percent;
}

std::optional<Task> Schedule::next() {
  const std::uint64_t scenarios = options_.scenarios;
  for (;; ++number_) {
    if (options_.runs && number_ >= *options_.runs) {
      return std::nullopt;
    }
    const std::uint64_t seed_number = number_ / scenarios;
    if (seed_number % options_.shards != options_.shard) {
      continue;
    }
    Task task;
    task.scenario = number_ % scenarios;
    task.seed = options_.seed_base + seed_number;
    task.compared = chosen_for_repeat(task.scenario, task.seed, options_.repeat_percent);
    ++number_;
    return task;
  }
}

std::optional<std::uint64_t> Schedule::count() const {
  if (!options_.runs) {
    return std::nullopt;
  }
  const std::uint64_t scenarios = options_.scenarios;
  const std::uint64_t whole_seeds = *options_.runs / scenarios;  // with every scenario
  const std::uint64_t seeds =
      whole_seeds / options_.shards + (whole_seeds % options_.shards > options_.shard ? 1 : 0);
  const bool last_is_ours = whole_seeds % options_.shards == options_.shard;
  return seeds * scenarios + (last_is_ours ? *options_.runs % scenarios : 0);
}

}  // namespace fuzz
