#include "simnet/vfs.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>
#include <vector>

#include "simnet/random.h"

namespace simnet {
namespace {

class Connection {
 public:
  explicit Connection(const std::string& path) {
    opened_ = sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                              nullptr);
  }
  ~Connection() { sqlite3_close(handle_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int opened() const { return opened_; }
  int run(const char* sql) { return sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr); }
  std::string text(const char* sql) {
    std::string out;
    const auto collect = [](void* into, int columns, char** values, char**) {
      for (int i = 0; i < columns; ++i) {
        *static_cast<std::string*>(into) += values[i] != nullptr ? values[i] : "NULL";
      }
      return 0;
    };
    const int code = sqlite3_exec(handle_, sql, collect, &out, nullptr);
    return code == SQLITE_OK ? out : "error " + std::to_string(code);
  }

 private:
  sqlite3* handle_ = nullptr;
  int opened_ = SQLITE_ERROR;
};

Draw draw_of(std::uint64_t seed) {
  return [key = StreamKey(seed)](std::string_view purpose, std::uint64_t a, std::uint64_t b) {
    return key.child(purpose).child(a).at(b);
  };
}

class VfsTest : public ::testing::Test {
 protected:
  VfsTest() : vfs_("vfs-test") { vfs_.add_disk("h", disk_); }

  Disk disk_;
  Vfs vfs_;
};

TEST_F(VfsTest, ADatabaseLastsAcrossConnections) {
  {
    Connection db("/h/a.db");
    ASSERT_EQ(db.run("CREATE TABLE t(x); INSERT INTO t VALUES (1),(2); VACUUM;"), SQLITE_OK);
  }
  EXPECT_EQ(disk_.files(), std::vector<std::string>{"a.db"});
  EXPECT_EQ(Connection("/h/a.db").text("SELECT sum(x) FROM t"), "3");
}

TEST_F(VfsTest, UnknownHostsAndOtherPathsAreRefused) {
  for (const char* path : {"/x/a.db", "a.db", "/h", "/h/"}) {
    EXPECT_EQ(Connection(path).opened(), SQLITE_CANTOPEN) << path;
  }
  vfs_.remove_disk("h");
  EXPECT_EQ(Connection("/h/a.db").opened(), SQLITE_CANTOPEN);
}

TEST_F(VfsTest, IsTheDefaultWhileItLives) {
  {
    Vfs inner("vfs-inner");
    EXPECT_STREQ(sqlite3_vfs_find(nullptr)->zName, "vfs-inner");
    EXPECT_THROW(Vfs("vfs-inner"), std::invalid_argument);
  }
  EXPECT_STREQ(sqlite3_vfs_find(nullptr)->zName, "vfs-test");
  EXPECT_EQ(sqlite3_vfs_find("vfs-inner"), nullptr);
}

TEST(VfsLifetime, RestoresTheFormerDefaultWhenDestroyedOutOfOrder) {
  sqlite3_initialize();
  const sqlite3_vfs* original = sqlite3_vfs_find(nullptr);
  auto first = std::make_unique<Vfs>("vfs-first");
  auto second = std::make_unique<Vfs>("vfs-second");
  first.reset();
  EXPECT_STREQ(sqlite3_vfs_find(nullptr)->zName, "vfs-second");
  second.reset();
  EXPECT_EQ(sqlite3_vfs_find(nullptr), original);
}

TEST(VfsRandomness, IsTheCallbacksAndStartsAfresh) {
  const auto draw = [](std::uint64_t seed) {
    Vfs vfs("vfs-random");
    std::uint64_t counter = 0;
    if (seed != 0) {
      vfs.set_randomness([&, key = StreamKey(seed)] { return key.at(counter++); });
    }
    std::uint64_t number = 0;
    sqlite3_randomness(sizeof number, &number);
    return number;
  };
  EXPECT_EQ(draw(0), draw(0));
  EXPECT_EQ(draw(1), draw(1));
  EXPECT_NE(draw(1), draw(2));
  EXPECT_NE(draw(0), draw(1));
}

TEST_F(VfsTest, NowIsVirtual) {
  Connection db("/h/a.db");
  EXPECT_EQ(db.text("SELECT datetime('now')"), "1970-01-01 00:00:00");
  vfs_.set_clock([] { return std::int64_t{1'700'000'000'000}; });
  EXPECT_EQ(db.text("SELECT datetime('now')"), "2023-11-14 22:13:20");
}

TEST_F(VfsTest, TemporaryFilesTouchNoDisk) {
  Connection db("/h/a.db");
  ASSERT_EQ(db.run("PRAGMA temp_store=FILE; PRAGMA cache_size=2; CREATE TEMP TABLE t(x);"
                   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<5000)"
                   "INSERT INTO t SELECT hex(zeroblob(100)) FROM n;"),
            SQLITE_OK);
  EXPECT_EQ(db.text("SELECT count(*) FROM t"), "5000");
  EXPECT_EQ(disk_.stats().bytes_written, 0U);
}

TEST_F(VfsTest, LocksConflictBetweenTwoConnections) {
  Connection a("/h/a.db");
  Connection b("/h/a.db");
  ASSERT_EQ(a.run("CREATE TABLE t(x); BEGIN IMMEDIATE; INSERT INTO t VALUES (1)"), SQLITE_OK);
  EXPECT_EQ(b.run("BEGIN IMMEDIATE"), SQLITE_BUSY);
  EXPECT_EQ(b.text("SELECT count(*) FROM t"), "0");
  ASSERT_EQ(b.run("BEGIN; SELECT * FROM t"), SQLITE_OK);
  EXPECT_EQ(a.run("COMMIT"), SQLITE_BUSY) << "a reader is there";
  ASSERT_EQ(b.run("END"), SQLITE_OK);
  EXPECT_EQ(a.run("COMMIT"), SQLITE_OK);
  EXPECT_EQ(b.text("SELECT count(*) FROM t"), "1");
  ASSERT_EQ(a.run("PRAGMA locking_mode=EXCLUSIVE; INSERT INTO t VALUES (2)"), SQLITE_OK);
  EXPECT_EQ(b.run("SELECT * FROM t"), SQLITE_BUSY);
}

TEST_F(VfsTest, AFullDiskIsReportedAsSuch) {
  Connection db("/h/a.db");
  ASSERT_EQ(db.run("CREATE TABLE t(x)"), SQLITE_OK);
  DiskFaults faults;
  faults.no_space = {.fail = 1};
  disk_.set_faults(faults);
  EXPECT_EQ(db.run("INSERT INTO t VALUES (1)"), SQLITE_FULL);
  EXPECT_EQ(db.run("INSERT INTO t VALUES (2)"), SQLITE_OK);
  EXPECT_EQ(db.text("SELECT x FROM t"), "2");
}

std::string everything_on(const Disk& disk) {
  std::string all;
  for (const std::string& name : disk.files()) {
    for (const auto bytes : {disk.image(name)->live(), disk.image(name)->durable()}) {
      all += name + ":" + std::to_string(bytes.size()) + ":";
      all.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
  }
  return all;
}

// What the host's destructors do after a crash: SQLite would roll back and delete.
TEST_F(VfsTest, ClosingAfterACrashDoesNotAlterTheDisk) {
  for (const bool power : {false, true}) {
    for (const char* mode : {"DELETE", "TRUNCATE"}) {
      std::string before;
      {
        Connection db(power ? "/h/power.db" : "/h/crash.db");
        ASSERT_EQ(db.text((std::string("PRAGMA journal_mode=") + mode).c_str()),
                  std::string(mode) == "DELETE" ? "delete" : "truncate");
        // A small cache spills, so the database has uncommitted pages and a hot journal.
        ASSERT_EQ(db.run("PRAGMA cache_size=2; CREATE TABLE IF NOT EXISTS t(x); BEGIN;"
                         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n "
                         "WHERE i<500) INSERT INTO t SELECT hex(zeroblob(100)) FROM n;"),
                  SQLITE_OK);
        if (power) {
          disk_.power_loss(draw_of(11));
        } else {
          disk_.process_crash();
        }
        before = everything_on(disk_);
      }
      EXPECT_EQ(everything_on(disk_), before);
      disk_.power_on();
      Connection db(power ? "/h/power.db" : "/h/crash.db");
      EXPECT_EQ(db.text("PRAGMA integrity_check"), "ok");
      EXPECT_EQ(db.text("SELECT count(*) FROM t"), "0");
    }
  }
}

}  // namespace
}  // namespace simnet
