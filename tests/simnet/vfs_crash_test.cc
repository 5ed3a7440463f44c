// SQLite on the simulated disk keeps its promise when the power goes at any call: an
// acknowledged transaction is there, no transaction is there by half. A disk that lies
// and a database told not to sync must break it, or the check proves nothing.

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "simnet/random.h"
#include "simnet/vfs.h"

namespace simnet {
namespace {

constexpr int kTransactions = 12;
constexpr std::uint64_t kDrawsPerCut = 4;

const char* const kFull =
    "PRAGMA page_size=1024; PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=TRUNCATE;"
    "PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;";
const char* const kOff =
    "PRAGMA page_size=1024; PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=TRUNCATE;"
    "PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY;";
const char* const kSchema =
    "BEGIN; CREATE TABLE left_count(n); CREATE TABLE right_count(n);"
    "CREATE TABLE log(i INTEGER PRIMARY KEY, txn, filling);"
    "INSERT INTO left_count VALUES(0); INSERT INTO right_count VALUES(0); COMMIT;";

Draw draw_of(std::uint64_t seed) {
  return [key = StreamKey(seed)](std::string_view purpose, std::uint64_t a, std::uint64_t b) {
    return key.child(purpose).child(a).at(b);
  };
}

class Connection {
 public:
  Connection() {
    sqlite3_open_v2("/h/books.db", &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  }
  ~Connection() { sqlite3_close(handle_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool run(const std::string& sql) {
    return sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
  }
  // The first column of the first row; "error" if there is none.
  std::string text(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    std::string out = "error";
    if (sqlite3_prepare_v2(handle_, sql, -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
      const auto* value = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
      out = value != nullptr ? value : "NULL";
    }
    sqlite3_finalize(statement);
    return out;
  }

 private:
  sqlite3* handle_ = nullptr;
};

// Transaction `number` raises two counters on different pages, adds three rows, and
// from the fifth on rewrites old rows and deletes some, so free pages appear.
bool transact(Connection& db, int number) {
  const std::string n = std::to_string(number);
  std::string sql = "BEGIN IMMEDIATE; UPDATE left_count SET n=" + n + ";";
  for (int row = 0; row < 3; ++row) {
    sql += "INSERT INTO log(txn, filling) VALUES(" + n + ", hex(zeroblob(200)));";
  }
  if (number >= 5) {
    sql += "UPDATE log SET filling=hex(zeroblob(50)) WHERE txn=" + std::to_string(number - 4) + ";";
    sql += "DELETE FROM log WHERE txn=" + std::to_string(number - 3) + ";";
  }
  return db.run(sql + "UPDATE right_count SET n=" + n + "; COMMIT;") || (db.run("ROLLBACK"), false);
}

// How many rows of `log` there are after `done` transactions.
int rows_after(int done) { return 3 * done - 3 * std::max(0, done - 4); }

struct Progress {
  bool schema = false;  // acknowledged
  int acknowledged = 0;
};

Progress run_workload(const char* pragmas) {
  Progress progress;
  Connection db;
  if (!db.run(pragmas) || !db.run(kSchema)) {
    return progress;
  }
  progress.schema = true;
  while (progress.acknowledged < kTransactions && transact(db, progress.acknowledged + 1)) {
    ++progress.acknowledged;
  }
  return progress;
}

// Empty if the database keeps its promise, else what is wrong.
std::string verdict(const Progress& progress) {
  Connection db;
  const std::string integrity = db.text("PRAGMA integrity_check");
  if (integrity != "ok") {
    return "integrity: " + integrity;
  }
  if (!progress.schema && db.text("SELECT count(*) FROM sqlite_schema") == "0") {
    return "";
  }
  const std::string left = db.text("SELECT n FROM left_count");
  if (left == "error") {
    return "the schema is gone";
  }
  const int done = std::atoi(left.c_str());
  if (std::to_string(done) != left) {
    return "a count that is no number: " + left;
  }
  if (db.text("SELECT n FROM right_count") != left ||
      db.text("SELECT count(*) FROM log") != std::to_string(rows_after(done))) {
    return "half a transaction";
  }
  if (done < progress.acknowledged) {
    return "lost " + std::to_string(progress.acknowledged - done) + " acknowledged transactions";
  }
  return done > progress.acknowledged + 1 ? "a transaction nobody sent" : "";
}

struct Tally {
  std::uint64_t cuts = 0;
  std::uint64_t broken = 0;
  std::string first;
  SectorFates sectors;
  bool completed = false;
};

// Cuts the power at each call in turn until the workload gets by without.
Tally cut_everywhere(const char* pragmas, const DiskFaults& faults) {
  Tally tally;
  for (std::uint64_t call = 1; !tally.completed; ++call) {
    for (std::uint64_t seed = 0; seed < kDrawsPerCut; ++seed) {
      Vfs vfs("vfs-crash");
      Disk disk;
      vfs.add_disk("h", disk);
      disk.set_faults(faults);
      disk.cut_power_after(call);
      const Progress progress = run_workload(pragmas);
      tally.completed = !disk.power_was_cut();
      disk.disarm_power_cut();
      disk.set_faults({});
      disk.power_loss(draw_of(call * 1000 + seed));
      disk.power_on();
      const std::string wrong = verdict(progress);
      ++tally.cuts;
      if (!wrong.empty() && tally.broken++ == 0) {
        tally.first =
            "call " + std::to_string(call) + ", draw " + std::to_string(seed) + ": " + wrong;
      }
      tally.sectors.kept += disk.stats().sectors.kept;
      tally.sectors.dropped += disk.stats().sectors.dropped;
      tally.sectors.torn += disk.stats().sectors.torn;
    }
  }
  return tally;
}

TEST(VfsCrash, NothingAcknowledgedIsLostAtAnyCut) {
  const Tally tally = cut_everywhere(kFull, {});
  EXPECT_EQ(tally.broken, 0U) << tally.first;
  // The workload has some 30 calls for each transaction, and the cuts hit unsynced
  // sectors in each way.
  EXPECT_GT(tally.cuts, kTransactions * 10 * kDrawsPerCut);
  EXPECT_GT(tally.sectors.kept, 100U);
  EXPECT_GT(tally.sectors.dropped, 100U);
  EXPECT_GT(tally.sectors.torn, 100U);
}

TEST(VfsCrash, ALyingSyncIsCaught) {
  DiskFaults faults;
  faults.lying_sync = true;
  const Tally tally = cut_everywhere(kFull, faults);
  EXPECT_GT(tally.broken * 2, tally.cuts) << "of " << tally.cuts;
}

TEST(VfsCrash, SynchronousOffIsCaught) {
  const Tally tally = cut_everywhere(kOff, {});
  EXPECT_GT(tally.broken * 2, tally.cuts) << "of " << tally.cuts;
}

// The page cache survives the process: even synchronous=OFF loses nothing.
TEST(VfsCrash, AProcessCrashLosesNothing) {
  for (int crash_after = 0; crash_after <= kTransactions; ++crash_after) {
    Vfs vfs("vfs-crash");
    Disk disk;
    vfs.add_disk("h", disk);
    {
      Connection db;
      ASSERT_TRUE(db.run(kOff) && db.run(kSchema));
      for (int number = 1; number <= crash_after; ++number) {
        ASSERT_TRUE(transact(db, number));
      }
      ASSERT_TRUE(db.run("BEGIN; UPDATE left_count SET n=-1"));
      disk.process_crash();
      EXPECT_FALSE(db.run("UPDATE right_count SET n=-1; COMMIT"));
    }
    EXPECT_EQ(verdict({true, crash_after}), "") << crash_after;
  }
}

// An I/O error at any call fails at most the transactions that meet it.
TEST(VfsCrash, OneIoErrorAnywhereLosesNothing) {
  bool reached = true;
  std::uint64_t failed = 0;
  for (std::uint64_t call = 0; reached; ++call) {
    Vfs vfs("vfs-crash");
    Disk disk;
    vfs.add_disk("h", disk);
    DiskFaults faults;
    faults.io_error = {.spare = call, .fail = 1};
    disk.set_faults(faults);
    const Progress progress = run_workload(kFull);
    reached = disk.stats().injected_errors != 0;
    disk.set_faults({});
    failed += progress.acknowledged < kTransactions ? 1U : 0U;
    EXPECT_EQ(verdict(progress), "") << "before the power loss, error at call " << call;
    disk.power_loss(draw_of(call));
    disk.power_on();
    EXPECT_EQ(verdict(progress), "") << "error at call " << call;
  }
  EXPECT_GT(failed, 50U);
}

std::string bytes_after_cut(std::uint64_t call, std::uint64_t seed) {
  Vfs vfs("vfs-crash");
  Disk disk;
  vfs.add_disk("h", disk);
  disk.cut_power_after(call);
  run_workload(kFull);
  disk.power_loss(draw_of(seed));
  std::string all;
  for (const std::string& name : disk.files()) {
    const auto bytes = disk.image(name)->durable();
    all += name + ":";
    all.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  return all;
}

TEST(VfsCrash, TheSameDrawsGiveTheSameBytes) {
  int different = 0;
  for (std::uint64_t call = 20; call < 200; call += 3) {
    EXPECT_EQ(bytes_after_cut(call, 1), bytes_after_cut(call, 1)) << "cut at " << call;
    different += bytes_after_cut(call, 1) != bytes_after_cut(call, 2) ? 1 : 0;
  }
  EXPECT_GT(different, 10);
}

}  // namespace
}  // namespace simnet
