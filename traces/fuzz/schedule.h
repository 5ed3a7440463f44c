// Which runs make up a campaign, and in which order: run number k is scenario k mod S with seed
// base + k / S, S being the number of scenarios.
#pragma once

#include <cstdint>
#include <optional>

#include "traces/fuzz/task.h"

namespace fuzz {

struct ScheduleOptions {
  std::size_t scenarios = 1;
  std::uint64_t seed_base = 0;        // seeds wrap at 2^64
  std::optional<std::uint64_t> runs;  // of all shards together; none: without end
  std::uint64_t shard = 0;  // this one takes the seeds base + m with m mod shards == shard
  std::uint64_t shards = 1;
  unsigned repeat_percent = 0;  // of the runs are made twice
};

class Schedule {
 public:
  // REQUIRES: scenarios > 0, shard < shards, repeat_percent <= 100.
  explicit Schedule(const ScheduleOptions& options) : options_(options) {}

  // Nothing when all runs were handed out.
  std::optional<Task> next();

  // How many runs this shard has in all; nothing when there is no end.
  std::optional<std::uint64_t> count() const;

 private:
  const ScheduleOptions options_;
  std::uint64_t number_ = 0;
};

// Depends on these numbers only, so that every shard and every resumed campaign chooses the same.
bool chosen_for_repeat(std::size_t scenario, std::uint64_t seed, unsigned percent);

}  // namespace fuzz
