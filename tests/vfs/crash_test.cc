// What a crash of the process alone leaves behind, and that crashes repeat.

#include <gtest/gtest.h>

#include "tests/vfs/crash_lab.h"

namespace vfs_tests {
namespace {

constexpr int kCrashTransactions = 12;

// The page cache survives the process: even synchronous=OFF loses nothing.
TEST(Crash, AProcessCrashLosesNothing) {
  for (const char* mode : {"TRUNCATE", "DELETE", "PERSIST", "WAL"}) {
    for (const Shape shape : {Shape::small, Shape::spilling, Shape::shrinking}) {
      LabSetup setup;
      setup.journal_mode = mode;
      setup.synchronous = "OFF";
      setup.locking_mode = "NORMAL";
      const Books books(shape, 3, kCrashTransactions, setup.savepoints());
      for (int crash_after = 0; crash_after <= kCrashTransactions; ++crash_after) {
        Lab lab(setup, 1);
        Session session(books, Lab::kPath, setup.pragmas());
        const Progress progress = session.run(1, crash_after);
        lab.disk().process_crash();
        EXPECT_TRUE(crash_after == kCrashTransactions || !session.transact(crash_after + 1));
        EXPECT_EQ(judge(books, Lab::kPath, progress).detail, "") << mode << " " << crash_after;
      }
    }
  }
}

// A connection that outlives its process still holds the shared memory of a log. It is
// not that of the next process.
TEST(Crash, SharedMemoryEndsWithTheProcess) {
  LabSetup setup;
  setup.journal_mode = "WAL";
  setup.locking_mode = "NORMAL";
  Lab lab(setup, 1);
  Connection before(Lab::kPath);
  ASSERT_EQ(before.run("PRAGMA journal_mode=WAL; CREATE TABLE t(x); BEGIN IMMEDIATE;"
                       "INSERT INTO t VALUES(1)"),
            SQLITE_OK);
  lab.disk().process_crash();
  Connection after(Lab::kPath);
  EXPECT_EQ(after.run("INSERT INTO t VALUES(2)"), SQLITE_OK) << "the writer's lock is gone";
  EXPECT_NE(before.run("INSERT INTO t VALUES(3); COMMIT"), SQLITE_OK);
  EXPECT_EQ(after.text("SELECT x FROM t"), "2");
  EXPECT_EQ(after.text("PRAGMA integrity_check"), "ok");
}

std::string bytes_after_cut(const LabSetup& setup, std::uint64_t call, std::uint64_t seed) {
  const Books books(Shape::spilling, 4, kCrashTransactions);
  Lab lab(setup, seed);
  lab.disk().cut_power_after(call);
  lab.run(books);
  lab.lose_power(seed);
  std::string all;
  for (const std::string& name : lab.disk().files()) {
    const auto bytes = lab.disk().image(name)->durable();
    all += name + ":";
    all.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  return all;
}

TEST(Crash, TheSameDrawsGiveTheSameBytes) {
  LabSetup setup;
  int different = 0;
  for (std::uint64_t call = 20; call < 200; call += 9) {
    setup.faults.torn_write_ppm = call % 2 == 0 ? 10'000 : 0;
    EXPECT_EQ(bytes_after_cut(setup, call, 1), bytes_after_cut(setup, call, 1)) << call;
    different += bytes_after_cut(setup, call, 1) != bytes_after_cut(setup, call, 2) ? 1 : 0;
  }
  EXPECT_GT(different, 5);
}

}  // namespace
}  // namespace vfs_tests
