#include "traces/fuzz/schedule.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <set>

namespace fuzz_test {
namespace {

using fuzz::Schedule;
using fuzz::ScheduleOptions;
using fuzz::Task;
using OneRun = std::pair<std::size_t, std::uint64_t>;

std::vector<OneRun> all_of(const ScheduleOptions& options) {
  Schedule schedule(options);
  std::vector<OneRun> runs;
  while (const auto task = schedule.next()) {
    runs.emplace_back(task->scenario, task->seed);
  }
  return runs;
}

TEST(Schedule, ScenariosTakeTurnsOnEachSeed) {
  ScheduleOptions options;
  options.scenarios = 2;
  options.seed_base = 10;
  options.runs = 5;
  EXPECT_EQ(all_of(options), (std::vector<OneRun>{{0, 10}, {1, 10}, {0, 11}, {1, 11}, {0, 12}}));
}

TEST(Schedule, WithoutANumberItHasNoEnd) {
  Schedule schedule({});
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    EXPECT_EQ(schedule.next()->seed, seed);
  }
  EXPECT_FALSE(schedule.count());
}

TEST(Schedule, SeedsWrap) {
  ScheduleOptions options;
  options.seed_base = UINT64_MAX;
  options.runs = 2;
  EXPECT_EQ(all_of(options), (std::vector<OneRun>{{0, UINT64_MAX}, {0, 0}}));
}

RC_GTEST_PROP(Schedule, ShardsShareOutWhatOneWouldDo, ()) {
  ScheduleOptions options;
  options.scenarios = *rc::gen::inRange<std::size_t>(1, 6);
  options.runs = *rc::gen::inRange<std::uint64_t>(0, 200);
  options.seed_base = *rc::gen::arbitrary<std::uint64_t>();
  const std::vector<OneRun> whole = all_of(options);
  RC_ASSERT(whole.size() == *options.runs);
  options.shards = *rc::gen::inRange<std::uint64_t>(1, 7);
  std::multiset<OneRun> together;
  for (options.shard = 0; options.shard < options.shards; ++options.shard) {
    const std::vector<OneRun> part = all_of(options);
    RC_ASSERT(part.size() == *Schedule(options).count());
    together.insert(part.begin(), part.end());
  }
  RC_ASSERT(together == std::multiset<OneRun>(whole.begin(), whole.end()));
}

TEST(Schedule, RepeatsAreChosenBySeedAndAboutAsOftenAsAsked) {
  int chosen = 0;
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    EXPECT_FALSE(fuzz::chosen_for_repeat(0, seed, 0));
    EXPECT_TRUE(fuzz::chosen_for_repeat(0, seed, 100));
    chosen += fuzz::chosen_for_repeat(0, seed, 5) ? 1 : 0;
    EXPECT_TRUE(!fuzz::chosen_for_repeat(0, seed, 5) || fuzz::chosen_for_repeat(0, seed, 6));
  }
  EXPECT_GT(chosen, 400);
  EXPECT_LT(chosen, 600);
}

}  // namespace
}  // namespace fuzz_test
