// A whole campaign over subjects that are no universes.
#include "traces/fuzz/fuzzer.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "tests/fuzz/support.h"

namespace fuzz_test {
namespace {

using fuzz::Access;
using fuzz::FailedRun;
using fuzz::Result;
using fuzz::Task;

Result mixed(const Task& task) {
  Result result = holding(task.seed);
  if (task.seed % 7 == 3) {
    result = violating(task.seed, "charged " + std::to_string(task.seed) + " times");
  }
  if (task.seed == 12) {
    std::abort();
  }
  if (task.seed == 14) {
    result.digest += task.second ? 1 : 0;
    result.checkpoints.back().value = result.digest;
  }
  result.faults["crash"] = task.scenario + 1;
  return result;
}

struct Log {
  std::vector<FailedRun> failed;
  std::map<std::string, std::string> traces;
};

struct Setting {
  fuzz::FuzzerOptions options;
  fuzz::Identity who = identity();
  std::function<Result(const Task&)> run = mixed;
  std::function<bool()> interrupted = [] { return false; };
};

fuzz::Totals run(const std::string& path, const Setting& setting, Log& log) {
  fuzz::CampaignFile file(path, Access::create);
  fuzz::Campaign campaign(file, setting.who, 0);
  const fuzz::Surroundings around{
      now_us, setting.interrupted, [&](const FailedRun& failed) { log.failed.push_back(failed); },
      [&](const FailedRun& failed, const std::string& trace, const std::string& replaced) {
        log.traces.erase(replaced);
        const std::string name = std::to_string(failed.task.seed) + ".json";
        log.traces[name] = trace;
        return name;
      },
      [](const fuzz::Totals&, std::int64_t) {}};
  fuzz::Fuzzer fuzzer(setting.options, {setting.run, {}, {}}, campaign, around);
  fuzzer.run();
  return fuzzer.totals();
}

Setting thirty() {
  Setting setting;
  setting.options.schedule.runs = 30;
  setting.options.schedule.repeat_percent = 100;
  setting.options.pool.jobs = 3;
  return setting;
}

TEST(Fuzzer, EveryRunIsInTheBooksAndEveryBugIsOneFinding) {
  const Folder folder;
  Log log;
  const fuzz::Totals totals = run(folder.file("c.db"), thirty(), log);
  EXPECT_EQ(totals.runs, 30u);
  EXPECT_EQ(totals.repeated, 29u);
  EXPECT_EQ(totals.findings.size(), 3u);
  const fuzz::Overview all = overview_of(folder.file("c.db"));
  ASSERT_EQ(all.findings.size(), 3u);  // by kind
  EXPECT_EQ(all.findings[0].cause.kind, fuzz::Kind::crashed);
  EXPECT_EQ(all.findings[0].smallest.seed, 12u);
  EXPECT_EQ(all.findings[1].cause.kind, fuzz::Kind::non_determinism);
  EXPECT_EQ(all.findings[1].smallest.seed, 14u);
  EXPECT_NE(all.findings[1].message.find("different at the checkpoint of event 1014"),
            std::string::npos);
  EXPECT_EQ(all.findings[2].cause.kind, fuzz::Kind::safety_violated);
  EXPECT_EQ(all.findings[2].count, 4u);  // 3, 10, 17, 24
  EXPECT_EQ(all.findings[2].smallest.seed, 3u);
  EXPECT_EQ(log.traces.at("3.json"), "the trace of seed 3");
  EXPECT_EQ(log.traces.size(), 3u);
  EXPECT_EQ(all.scenarios.at("quick").verdicts.at("crashed"), 1u);
  EXPECT_EQ(all.scenarios.at("quick").repeated, 29u);
}

TEST(Fuzzer, GoesOnWhereItStopped) {
  const Folder folder;
  const std::string path = folder.file("c.db");
  Log log;
  Setting setting = thirty();
  setting.options.schedule.runs = 13;
  run(path, setting, log);
  setting.options.schedule.runs = 30;
  const fuzz::Totals totals = run(path, setting, log);
  EXPECT_EQ(totals.skipped, 13u);
  EXPECT_EQ(totals.runs, 17u);
  EXPECT_EQ(totals.findings.size(), 3u) << "also those of the first part";
  EXPECT_EQ(log.failed.size(), 6u);
}

TEST(Fuzzer, StopsWhenInterruptedOrWhenTimeIsUp) {
  const Folder folder;
  Log log;
  Setting setting = thirty();
  setting.options.schedule.runs.reset();
  int asked = 0;
  setting.interrupted = [&] { return ++asked > 20; };
  EXPECT_GT(run(folder.file("a.db"), setting, log).runs, 0u);
  setting.interrupted = [] { return false; };
  setting.options.time_us = 300'000;
  const std::int64_t before = now_us();
  EXPECT_GT(run(folder.file("b.db"), setting, log).runs, 0u);
  EXPECT_LT(now_us() - before, 20'000'000);
}

TEST(Fuzzer, ShardsTogetherFindWhatOneFinds) {
  const Folder folder;
  Log log;
  Setting setting = thirty();
  setting.who.scenarios.push_back({"storm", "{}"});
  setting.options.schedule.scenarios = 2;
  run(folder.file("whole.db"), setting, log);
  setting.options.schedule.shards = setting.who.shards = 2;
  std::uint64_t runs = 0;
  for (const std::uint64_t shard : {0u, 1u}) {
    setting.options.schedule.shard = setting.who.shard = shard;
    runs += run(folder.file("part" + std::to_string(shard) + ".db"), setting, log).runs;
  }
  EXPECT_EQ(runs, overview_of(folder.file("whole.db")).scenarios.at("quick").runs * 2);
}

// Parent and workers: when the parent is killed, its workers go too.
TEST(Fuzzer, WorkersDieWithTheirParent) {
  const Folder folder;
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    Setting setting = thirty();
    setting.run = [](const Task&) -> Result {
      for (;;) {
        pause();
      }
    };
    fuzz::Pool pool({setting.run, {}, {}}, {2, 60'000'000}, now_us);
    pool.start({});
    pool.start({});
    const char ready = 1;
    _exit(write(ends[1], &ready, 1) == 1 && pause() == -1 ? 0 : 1);
  }
  close(ends[1]);
  char ready = 0;
  ASSERT_EQ(read(ends[0], &ready, 1), 1);
  const std::string children =
      "/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children";
  std::vector<pid_t> workers;
  if (std::FILE* file = std::fopen(children.c_str(), "r")) {
    for (int pid = 0; std::fscanf(file, "%d", &pid) == 1;) {
      workers.push_back(pid);
    }
    std::fclose(file);
  }
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
  close(ends[0]);
  ASSERT_EQ(workers.size(), 2u);
  const std::int64_t deadline = now_us() + 10'000'000;
  const auto alive = [](pid_t pid) {
    std::string state;
    if (std::FILE* file = std::fopen(("/proc/" + std::to_string(pid) + "/stat").c_str(), "r")) {
      char letter = 'X';
      if (std::fscanf(file, "%*d %*s %c", &letter) == 1 && letter != 'Z' && letter != 'X') {
        state = letter;
      }
      std::fclose(file);
    }
    return !state.empty();
  };
  for (const pid_t worker : workers) {
    while (alive(worker) && now_us() < deadline) {
      usleep(10'000);
    }
    EXPECT_FALSE(alive(worker));
  }
}

}  // namespace
}  // namespace fuzz_test
