// Every way in which the process of a run can end is told apart, and none ends the others.
#include "traces/fuzz/pool.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include "tests/fuzz/support.h"
#include "traces/fuzz/finding.h"

namespace fuzz_test {
namespace {

using fuzz::Ending;
using fuzz::How;
using fuzz::Kind;
using fuzz::Result;
using fuzz::Task;

enum What : std::uint64_t {
  kAnswer,
  kAbort,
  kNull,
  kExit,
  kThrow,
  kHang,
  kTalk,
  kLarge,
  kOverflow,
  kKilled,
  kNone
};

volatile int* volatile nowhere = nullptr;

int endless(int depth) {
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  return depth < 0 ? 0 : endless(depth + 1) + frame[0];
}

Result behave(const Task& task) {
  switch (task.seed) {
    case kAbort:
      std::cerr << "something is off by 17\n";
      std::abort();
    case kNull:
      *nowhere = 1;
      break;
    case kExit:
      std::_Exit(42);
    case kThrow:
      throw std::runtime_error("no such account 4711");
    case kHang:
      for (;;) {
        pause();
      }
    case kTalk:
      std::cout << "first line\n" << std::string(1 << 20, 'x') << "\nlast line" << std::endl;
      break;
    case kLarge: {
      Result result = holding(task.seed);
      result.trace = std::string(5 << 20, 't');
      return result;
    }
    case kOverflow:
      std::cerr << endless(0);
      break;
    case kKilled:
      raise(SIGKILL);
  }
  return holding(task.seed);
}

// All of them, with so many at once.
std::vector<Ending> endings_of(std::vector<Task> tasks, std::size_t jobs,
                               std::int64_t hang_after_us = 60'000'000) {
  fuzz::Pool pool({behave, {}, {}}, {jobs, hang_after_us}, now_us);
  std::vector<Ending> endings;
  while (!tasks.empty() || pool.running() > 0) {
    while (!tasks.empty() && !pool.full()) {
      pool.start(tasks.back());
      tasks.pop_back();
    }
    for (Ending& ending : pool.wait(50)) {
      endings.push_back(std::move(ending));
    }
  }
  return endings;
}

Ending ending_of(What what, std::int64_t hang_after_us = 60'000'000) {
  Task task;
  task.seed = what;
  std::vector<Ending> endings = endings_of({task}, 1, hang_after_us);
  EXPECT_EQ(endings.size(), 1u);
  EXPECT_EQ(endings[0].task, task);
  return endings[0];
}

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

TEST(Pool, AnAnswerComesBackWhole) {
  const Ending ending = ending_of(kAnswer);
  EXPECT_EQ(ending.how, How::answered);
  ASSERT_TRUE(ending.result);
  EXPECT_EQ(to_text(*ending.result), to_text(holding(kAnswer)));
  EXPECT_FALSE(failure_of(ending));
}

TEST(Pool, ALargeAnswerComesBackWhole) {
  const Ending ending = ending_of(kLarge);
  ASSERT_TRUE(ending.result);
  EXPECT_EQ(ending.result->trace.size(), std::size_t{5 << 20});
}

TEST(Pool, AnAbortIsACrashWithItsLine) {
  const Ending ending = ending_of(kAbort);
  EXPECT_EQ(ending.how, How::signalled);
  EXPECT_EQ(ending.number, SIGABRT);
  const auto failure = failure_of(ending);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->cause.kind, Kind::crashed);
  EXPECT_EQ(failure->cause.shape, "crashed by signal 6 (SIGABRT): something is off by #");
  EXPECT_EQ(failure->message, "crashed by signal 6 (SIGABRT): something is off by 17");
  EXPECT_NE(failure->diagnostics.find("something is off by 17"), std::string::npos);
}

TEST(Pool, ANullPointerIsACrashWithItsPlace) {
  const Ending ending = ending_of(kNull);
  const auto failure = failure_of(ending);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->cause.kind, Kind::crashed);
  if (!kSanitized) {
    EXPECT_EQ(ending.how, How::signalled);
    EXPECT_EQ(ending.number, SIGSEGV);
    EXPECT_TRUE(failure->cause.place.starts_with("+0x")) << ending.diagnostics;
    EXPECT_EQ(failure->message, "crashed by signal 11 (SIGSEGV) at " + failure->cause.place);
    EXPECT_EQ(failure->cause, failure_of(ending_of(kNull))->cause);
    EXPECT_NE(failure->cause.place, failure_of(ending_of(kAbort))->cause.place);
  }
}

TEST(Pool, AnOverflownStackIsACrashToo) {
  const auto failure = failure_of(ending_of(kOverflow));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->cause.kind, Kind::crashed);
  EXPECT_NE(failure->cause.place, "");
}

TEST(Pool, AnExitWithoutAnAnswerIsACrash) {
  const Ending ending = ending_of(kExit);
  EXPECT_EQ(ending.how, How::exited);
  EXPECT_EQ(failure_of(ending)->cause.shape, "ended with exit code 42 without a result");
}

TEST(Pool, AnExceptionIsACrashThatSaysWhat) {
  const Ending ending = ending_of(kThrow);
  EXPECT_EQ(ending.how, How::signalled);
  const std::string shape = failure_of(ending)->cause.shape;
  EXPECT_NE(shape.find("no such account #"), std::string::npos) << shape;
}

TEST(Pool, AKilledWorkerIsACrash) {
  EXPECT_EQ(failure_of(ending_of(kKilled))->cause.shape, "crashed by signal 9 (SIGKILL)");
}

TEST(Pool, AHangIsEnded) {
  const std::int64_t before = now_us();
  const Ending ending = ending_of(kHang, 300'000);
  EXPECT_EQ(ending.how, How::hung);
  EXPECT_EQ(failure_of(ending)->cause.kind, Kind::hung);
  EXPECT_GE(ending.wall_us, 300'000);
  EXPECT_LT(now_us() - before, 30'000'000);
}

TEST(Pool, MuchOutputNeitherBlocksNorStays) {
  const Ending ending = ending_of(kTalk);
  ASSERT_TRUE(ending.result);
  EXPECT_TRUE(ending.diagnostics.starts_with("first line\n"));
  EXPECT_TRUE(ending.diagnostics.ends_with("\nlast line\n"));
  EXPECT_LE(ending.diagnostics.size(), fuzz::Output::kStart_bytes + fuzz::Output::kEnd_bytes + 100);
  EXPECT_NE(ending.diagnostics.find("bytes left out"), std::string::npos);
}

TEST(Pool, OneThatDiesTakesNoOtherWithIt) {
  std::vector<Task> tasks;
  for (int i = 0; i < 60; ++i) {
    Task task;
    task.seed = i % 5 == 0 ? std::uint64_t{kExit} : i % 5 == 1 ? std::uint64_t{kAbort} : 100u + i;
    tasks.push_back(task);
  }
  std::map<How, int> count;
  for (const Ending& ending : endings_of(tasks, 4)) {
    ++count[ending.how];
    if (ending.result) {
      EXPECT_EQ(ending.result->digest, holding(ending.task.seed).digest);
    }
  }
  EXPECT_EQ(count[How::answered], 36);
  EXPECT_EQ(count[How::exited], 12);
  EXPECT_EQ(count[How::signalled], 12);
}

// Nothing of the parent's stays open in a worker, and nothing of a worker's in the parent.
TEST(Pool, DescriptorsAreNeitherInheritedNorLost) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit few{64, limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  const int held = dup(STDERR_FILENO);
  const auto count_open = [](const Task&) {
    Result result;
    for (int file = 0; file < 64; ++file) {
      result.events += fcntl(file, F_GETFD) >= 0 ? 1 : 0;
    }
    return result;
  };
  fuzz::Pool pool({count_open, {}, {}}, {1, 60'000'000}, now_us);
  for (int i = 0; i < 100; ++i) {
    pool.start({});
    std::vector<Ending> endings;
    while (endings.empty()) {
      endings = pool.wait(1000);
    }
    ASSERT_TRUE(endings[0].result) << endings[0].diagnostics;
    EXPECT_EQ(endings[0].result->events, 4u);
  }
  close(held);
  setrlimit(RLIMIT_NOFILE, &limit);
}

TEST(Pool, StoppingKillsWhatRuns) {
  fuzz::Pool pool({behave, {}, {}}, {2, 60'000'000}, now_us);
  Task task;
  task.seed = kHang;
  pool.start(task);
  pool.start(task);
  EXPECT_TRUE(pool.full());
  EXPECT_TRUE(pool.wait(50).empty());
  pool.stop();
  EXPECT_EQ(pool.running(), 0u);
}

// How often the next of 400 blocks lies below the one before.
Result descents(const Task&) {
  std::vector<std::unique_ptr<std::string>> blocks;
  Result result;
  for (int i = 0; i < 400; ++i) {
    blocks.push_back(std::make_unique<std::string>("a text that is on the heap by itself"));
    const bool below = i > 0 && std::less<>()(blocks[i].get(), blocks[i - 1].get());
    result.events += below ? 1 : 0;
  }
  return result;
}

TEST(Pool, ASecondRunHasItsHeapInDisorder) {
  if (kSanitized) {
    GTEST_SKIP() << "another allocator";
  }
  fuzz::Pool pool({descents, {}, {}}, {1, 60'000'000}, now_us);
  std::vector<std::uint64_t> counts;
  for (const bool second : {false, true}) {
    Task task;
    task.second = second;
    pool.start(task);
    std::vector<Ending> endings;
    while (endings.empty()) {
      endings = pool.wait(1000);
    }
    counts.push_back(endings[0].result->events);
  }
  EXPECT_LT(counts[0], 100u);
  EXPECT_GT(counts[1], 120u);
}

}  // namespace
}  // namespace fuzz_test
