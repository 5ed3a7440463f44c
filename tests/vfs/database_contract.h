// What a database does on a VFS, from SQL downwards: its life in each journal mode, two
// connections in each other's way, recovery. The same Place as in contract.h.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/vfs/connection.h"
#include "tests/vfs/raw_file.h"

namespace vfs_tests {

inline constexpr std::array<const char*, 5> kJournalModes = {"DELETE", "TRUNCATE", "PERSIST",
                                                             "MEMORY", "WAL"};

template <class Place>
class DatabaseContract : public ::testing::Test {
 protected:
  std::string path(const std::string& file) const { return place_.path(file); }
  static std::string mode_pragma(const std::string& mode) {
    return "PRAGMA journal_mode=" + mode + ";";
  }
  // -1: there is none.
  sqlite3_int64 size_of(const std::string& file) {
    RawFile raw(place_.vfs());
    return raw.open(path(file), SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB) == SQLITE_OK
               ? raw.size()
               : -1;
  }
  void copy(const std::string& from, const std::string& to) {
    RawFile source(place_.vfs());
    RawFile target(place_.vfs());
    const int existing = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
    const int fresh = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB;
    ASSERT_EQ(source.open(path(from), existing), SQLITE_OK);
    ASSERT_EQ(target.open(path(to), fresh), SQLITE_OK);
    ASSERT_EQ(target.write(source.content(), 0), SQLITE_OK);
  }
  // Enough rows to leave the cache of a few pages again and again.
  static std::string insert_rows(int count) {
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<" +
           std::to_string(count) + ") INSERT INTO t SELECT hex(zeroblob(200)) FROM n;";
  }

  Place place_;
};
TYPED_TEST_SUITE_P(DatabaseContract);

TYPED_TEST_P(DatabaseContract, AWholeLifeInEachJournalMode) {
  for (const std::string mode : kJournalModes) {
    for (const std::string locking : {"NORMAL", "EXCLUSIVE"}) {
      SCOPED_TRACE(mode + " " + locking);
      const std::string file = mode + "-" + locking + ".db";
      {
        Connection db(this->path(file), this->place_.vfs());
        ASSERT_EQ(db.run("PRAGMA locking_mode=" + locking + ";" + this->mode_pragma(mode)),
                  SQLITE_OK);
        ASSERT_EQ(db.run("PRAGMA synchronous=FULL; PRAGMA cache_size=5; CREATE TABLE t(x);"
                         "CREATE INDEX i ON t(x);" +
                         this->insert_rows(300)),
                  SQLITE_OK);
        ASSERT_EQ(db.run("BEGIN; DELETE FROM t WHERE rowid % 2; SAVEPOINT s; DELETE FROM t;"
                         "ROLLBACK TO s; COMMIT; BEGIN; UPDATE t SET x=1; ROLLBACK;"
                         "UPDATE t SET x=rowid;"),
                  SQLITE_OK);
        EXPECT_EQ(db.text("SELECT sum(x) FROM t"), "22650");
        db.run("PRAGMA wal_checkpoint(TRUNCATE);");
        const sqlite3_int64 before = this->size_of(file);
        ASSERT_EQ(db.run("DELETE FROM t WHERE rowid > 10; VACUUM;"), SQLITE_OK);
        db.run("PRAGMA wal_checkpoint(TRUNCATE);");
        EXPECT_LT(this->size_of(file), before);
      }
      Connection db(this->path(file), this->place_.vfs());
      EXPECT_EQ(db.text("PRAGMA integrity_check"), "ok");
      EXPECT_EQ(db.text("SELECT sum(x) FROM t"), "30");
      EXPECT_EQ(db.text("PRAGMA journal_mode"), mode == "WAL" ? "wal" : "delete");
    }
  }
}

TYPED_TEST_P(DatabaseContract, WhatEachModeLeavesOfItsJournal) {
  for (const std::string mode : kJournalModes) {
    SCOPED_TRACE(mode);
    Connection db(this->path(mode), this->place_.vfs());
    ASSERT_EQ(db.run(this->mode_pragma(mode) + "CREATE TABLE t(x); INSERT INTO t VALUES(1);"),
              SQLITE_OK);
    const sqlite3_int64 journal = this->size_of(mode + "-journal");
    if (mode == "TRUNCATE") {
      EXPECT_EQ(journal, 0);
    } else if (mode == "PERSIST") {
      EXPECT_GT(journal, 512);
    } else {
      EXPECT_EQ(journal, -1);
    }
    EXPECT_EQ(this->size_of(mode + "-wal") > 0, mode == "WAL");
  }
  EXPECT_EQ(this->size_of("WAL-wal"), -1) << "the last connection removes it";
}

TYPED_TEST_P(DatabaseContract, TwoConnectionsWithARollbackJournal) {
  for (const std::string mode : {"DELETE", "TRUNCATE", "PERSIST", "MEMORY"}) {
    SCOPED_TRACE(mode);
    Connection a(this->path(mode), this->place_.vfs());
    Connection b(this->path(mode), this->place_.vfs());
    ASSERT_EQ(b.run(this->mode_pragma(mode)), SQLITE_OK);
    ASSERT_EQ(a.run(this->mode_pragma(mode) + "CREATE TABLE t(x); BEGIN IMMEDIATE;"
                                              "INSERT INTO t VALUES(1)"),
              SQLITE_OK);
    EXPECT_EQ(b.run("BEGIN IMMEDIATE"), SQLITE_BUSY);
    EXPECT_EQ(b.text("SELECT count(*) FROM t"), "0") << "readers see the old state";
    ASSERT_EQ(b.run("BEGIN; SELECT * FROM t"), SQLITE_OK);
    EXPECT_EQ(a.run("COMMIT"), SQLITE_BUSY) << "a reader is there";
    ASSERT_EQ(b.run("END"), SQLITE_OK);
    EXPECT_EQ(a.run("COMMIT"), SQLITE_OK);
    EXPECT_EQ(b.text("SELECT count(*) FROM t"), "1");
    ASSERT_EQ(b.run("INSERT INTO t VALUES(2)"), SQLITE_OK);
    EXPECT_EQ(a.text("SELECT count(*) FROM t"), "2") << "a noticed the change";
    ASSERT_EQ(a.run("PRAGMA locking_mode=EXCLUSIVE; INSERT INTO t VALUES (3)"), SQLITE_OK);
    EXPECT_EQ(b.run("SELECT * FROM t"), SQLITE_BUSY);
  }
}

// https://www.sqlite.org/wal.html, sections 2.1 and 2.2.
TYPED_TEST_P(DatabaseContract, TwoConnectionsWithAWriteAheadLog) {
  Connection a(this->path("w"), this->place_.vfs());
  Connection b(this->path("w"), this->place_.vfs());
  ASSERT_EQ(a.text("PRAGMA journal_mode=WAL"), "wal");
  ASSERT_EQ(a.run("CREATE TABLE t(x); INSERT INTO t VALUES(1)"), SQLITE_OK);
  ASSERT_EQ(b.text("BEGIN; SELECT count(*) FROM t"), "1");
  EXPECT_EQ(a.run("INSERT INTO t VALUES(2)"), SQLITE_OK) << "a reader is in nobody's way";
  EXPECT_EQ(b.text("SELECT count(*) FROM t"), "1") << "its snapshot";
  EXPECT_EQ(a.text("PRAGMA wal_checkpoint(RESTART)").substr(0, 1), "1") << "held up by the reader";
  EXPECT_EQ(b.run("INSERT INTO t VALUES(3)"), SQLITE_BUSY) << "its snapshot is old";
  ASSERT_EQ(b.run("END; BEGIN IMMEDIATE; INSERT INTO t VALUES(3)"), SQLITE_OK);
  EXPECT_EQ(a.run("INSERT INTO t VALUES(4)"), SQLITE_BUSY) << "one writer";
  EXPECT_EQ(a.text("SELECT count(*) FROM t"), "2");
  ASSERT_EQ(b.run("COMMIT"), SQLITE_OK);
  EXPECT_EQ(a.text("PRAGMA wal_checkpoint(TRUNCATE)").substr(0, 1), "0");
  EXPECT_EQ(this->size_of("w-wal"), 0);
  EXPECT_EQ(b.text("SELECT sum(x) FROM t"), "6");
}

TYPED_TEST_P(DatabaseContract, AHotJournalIsRolledBack) {
  {
    Connection db(this->path("a.db"), this->place_.vfs());
    ASSERT_EQ(db.run("CREATE TABLE t(x);" + this->insert_rows(100)), SQLITE_OK);
    ASSERT_EQ(db.run("PRAGMA cache_size=3; BEGIN; UPDATE t SET x='spilled' || x;"), SQLITE_OK);
    ASSERT_GT(this->size_of("a.db-journal"), 0);
    this->copy("a.db", "b.db");
    this->copy("a.db-journal", "b.db-journal");
    this->copy("a.db", "c.db");
    Connection other(this->path("a.db"), this->place_.vfs());
    EXPECT_EQ(other.run("SELECT * FROM t"), SQLITE_BUSY) << "its writer lives";
  }
  Connection db(this->path("b.db"), this->place_.vfs());
  EXPECT_EQ(db.text("SELECT count(*) FROM t WHERE x LIKE 'spilled%'"), "0");
  EXPECT_EQ(db.text("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(this->size_of("b.db-journal"), -1);
  Connection without(this->path("c.db"), this->place_.vfs());
  EXPECT_NE(without.text("SELECT count(*) FROM t WHERE x LIKE 'spilled%'"), "0")
      << "the journal was needed";
}

TYPED_TEST_P(DatabaseContract, AWriteAheadLogIsRecovered) {
  Connection live(this->path("a.db"), this->place_.vfs());
  ASSERT_EQ(live.run("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE t(x);" +
                     this->insert_rows(100)),
            SQLITE_OK);
  this->copy("a.db", "b.db");
  this->copy("a.db-wal", "b.db-wal");
  Connection db(this->path("b.db"), this->place_.vfs());
  EXPECT_EQ(db.text("SELECT count(*) FROM t"), "100");
  EXPECT_EQ(db.text("PRAGMA integrity_check"), "ok");
}

TYPED_TEST_P(DatabaseContract, TemporaryFiles) {
  Connection db(this->path("a.db"), this->place_.vfs());
  ASSERT_EQ(db.run("PRAGMA temp_store=FILE; PRAGMA cache_size=2; PRAGMA temp.cache_size=2;"
                   "CREATE TEMP TABLE t(x);" +
                   this->insert_rows(3000)),
            SQLITE_OK);
  EXPECT_EQ(db.text("SELECT count(*), sum(length(x)) FROM (SELECT x FROM t ORDER BY x, rowid)"),
            "30001200000");
  EXPECT_EQ(db.text("BEGIN; DELETE FROM t; ROLLBACK; SELECT count(*) FROM t"), "3000");
  EXPECT_LE(this->size_of("a.db"), 0);
}

REGISTER_TYPED_TEST_SUITE_P(DatabaseContract, AWholeLifeInEachJournalMode,
                            WhatEachModeLeavesOfItsJournal, TwoConnectionsWithARollbackJournal,
                            TwoConnectionsWithAWriteAheadLog, AHotJournalIsRolledBack,
                            AWriteAheadLogIsRecovered, TemporaryFiles);

}  // namespace vfs_tests
