// For N = 1, 2, 3, ... until the workload gets by: the N-th disk call goes wrong. After
// each, whoever opens the database finds every acknowledged transaction and none by half,
// and can go on with it; and so again after a power loss.

#include <gtest/gtest.h>

#include <functional>

#include "tests/vfs/crash_lab.h"

namespace vfs_tests {
namespace {

constexpr int kFailTransactions = 6;
constexpr std::uint64_t kForGood = ~0ULL;

struct Mode {
  const char* journal_mode;
  const char* synchronous;
  const char* locking_mode;
};
constexpr Mode kModes[] = {
    {"TRUNCATE", "FULL", "EXCLUSIVE"}, {"TRUNCATE", "FULL", "NORMAL"},
    {"DELETE", "EXTRA", "EXCLUSIVE"},  {"PERSIST", "FULL", "EXCLUSIVE"},
    {"WAL", "FULL", "EXCLUSIVE"},      {"WAL", "FULL", "NORMAL"},
};

LabSetup setup_of(const Mode& mode) {
  LabSetup setup;
  setup.journal_mode = mode.journal_mode;
  setup.synchronous = mode.synchronous;
  setup.locking_mode = mode.locking_mode;
  return setup;
}

// What goes wrong when `spare` calls that could have gone wrong did not.
using Trouble = std::function<simnet::DiskFaults(std::uint64_t spare)>;

Trouble io_error(std::uint64_t calls) {
  return [calls](std::uint64_t spare) {
    simnet::DiskFaults faults;
    faults.io_error = {.spare = spare, .fail = calls};
    return faults;
  };
}

Trouble no_space(std::uint64_t calls) {
  return [calls](std::uint64_t spare) {
    simnet::DiskFaults faults;
    faults.no_space = {.spare = spare, .fail = calls};
    return faults;
  };
}

Trouble failed_sync(simnet::FailedSync kind) {
  return [kind](std::uint64_t spare) {
    simnet::DiskFaults faults;
    faults.sync_error = {.spare = spare, .fail = 1};
    faults.failed_sync = kind;
    return faults;
  };
}

// What happened at the n-th call.
struct Attempt {
  bool struck = false;
  bool failed = false;  // a transaction was refused at least once
};

Attempt attempt(const LabSetup& setup, const Books& books, const Trouble& trouble, std::uint64_t n,
                bool same_connection, Tally& tally) {
  LabSetup failing = setup;
  failing.faults = trouble(n - 1);
  Lab lab(failing, n);
  Progress progress;
  {
    Session session(books, Lab::kPath, setup.pragmas());
    progress = same_connection ? session.persist(1, books.size(), 2) : session.run(1, books.size());
  }
  const bool struck = lab.disk().stats().injected_errors != 0;
  const bool failed = progress.acknowledged < books.size();
  lab.disk().set_faults({});
  const std::string where = "call " + std::to_string(n);
  const Verdict first = judge(books, Lab::kPath, progress);
  tally.add(first, where);
  if (first.symptom == Symptom::none) {
    const Progress rest =
        Session(books, Lab::kPath, setup.pragmas()).run(first.state + 1, books.size());
    EXPECT_EQ(rest.acknowledged, books.size()) << where << ": the database is of no more use";
    // A commit that was refused can be seen nevertheless and go with the power: nobody was
    // told that it is durable. A later commit settles it.
    const bool settled = first.state < books.size();
    lab.lose_power(n);
    tally.add(judge(books, Lab::kPath, settled ? rest : progress), where + ", then the power");
  }
  return {struck, failed};
}

Tally everywhere(const Mode& mode, const Trouble& trouble) {
  Tally tally;
  for (const Shape shape : {Shape::small, Shape::spilling, Shape::shrinking}) {
    for (const bool same_connection : {false, true}) {
      const LabSetup setup = setup_of(mode);
      const Books books(shape, 5, kFailTransactions, setup.savepoints());
      std::uint64_t failed = 0;
      Attempt last{true, false};
      std::uint64_t n = 0;
      while (last.struck) {
        last = attempt(setup, books, trouble, ++n, same_connection, tally);
        failed += last.failed ? 1U : 0U;
      }
      EXPECT_GT(n, static_cast<std::uint64_t>(kFailTransactions)) << "hardly a call could go wrong";
      EXPECT_TRUE(same_connection || failed > 0) << "no failure was noticed";
    }
  }
  return tally;
}

void expect_sound_everywhere(const char* what, const Trouble& trouble) {
  for (const Mode& mode : kModes) {
    const Tally tally = everywhere(mode, trouble);
    std::printf("    %s, %s/%s: %s\n", what, mode.journal_mode, mode.locking_mode,
                tally.text().c_str());
    EXPECT_EQ(tally.broken(), 0U) << what << " in " << mode.journal_mode << "/" << mode.locking_mode
                                  << ": " << tally.text();
  }
}

TEST(FailEverywhere, AnIoErrorOnce) { expect_sound_everywhere("one error", io_error(1)); }

TEST(FailEverywhere, IoErrorsForGood) { expect_sound_everywhere("errors", io_error(kForGood)); }

TEST(FailEverywhere, NoSpaceOnce) { expect_sound_everywhere("no space once", no_space(1)); }

TEST(FailEverywhere, NoSpaceForGood) { expect_sound_everywhere("no space", no_space(kForGood)); }

TEST(FailEverywhere, ASyncThatFailsAndIsTriedAgain) {
  expect_sound_everywhere("failed sync", failed_sync(simnet::FailedSync::stays_dirty));
}

// Linux forgets what it could not write. A rollback journal stands it: the commit is
// refused, and the way back writes every page again. A write-ahead log does not: the next
// commit's frames follow on frames that the medium never got, so the chain ends before it
// (and where the page cache goes back to the old content, a reader finds holes).
TEST(FailEverywhere, ASyncThatFailsAndIsForgotten) {
  for (const simnet::FailedSync kind : {simnet::FailedSync::clean, simnet::FailedSync::reverted}) {
    for (const Mode& mode : kModes) {
      const Tally tally = everywhere(mode, failed_sync(kind));
      std::printf("    forgotten sync, %s/%s: %s\n", mode.journal_mode, mode.locking_mode,
                  tally.text().c_str());
      if (setup_of(mode).journal_mode == "WAL") {
        EXPECT_GT(tally.count(Symptom::lost_commit), 0U) << tally.text();
      } else {
        EXPECT_EQ(tally.broken(), 0U) << tally.text();
      }
    }
  }
}

TEST(FailEverywhere, APowerCut) {
  for (const Mode& mode : kModes) {
    for (const std::uint32_t sector_bytes : {512U, 4096U}) {
      LabSetup setup = setup_of(mode);
      setup.sector_bytes = sector_bytes;
      const Books books(Shape::small, 5, kFailTransactions, setup.savepoints());
      const std::uint64_t calls = calls_of(books, setup);
      Tally tally;
      for (std::uint64_t call = 1; call <= calls + 1; ++call) {
        cut_power(books, setup, call, call, tally);
      }
      EXPECT_EQ(tally.broken(), 0U) << mode.journal_mode << ": " << tally.text();
    }
  }
}

}  // namespace
}  // namespace vfs_tests
