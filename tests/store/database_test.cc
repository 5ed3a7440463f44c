#include "system/store/database.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>

namespace {

class DatabaseTest : public ::testing::Test {
 protected:
  DatabaseTest() { database.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT)"); }
  std::int64_t rows() {
    store::Query query = database.query("SELECT count(*) FROM t");
    query.step();
    return query.integer(0);
  }
  store::Database database{env::DatabaseFile{":memory:", ""}};
};

TEST_F(DatabaseTest, BindsAndReadsBack) {
  using namespace std::string_literals;
  const std::string odd = "a\0b'\xff"s;
  EXPECT_EQ(database.run("INSERT INTO t VALUES (?1, ?2)", 7, odd), 1);
  store::Query query = database.query("SELECT id, name FROM t WHERE name = ?1", odd);
  ASSERT_TRUE(query.step());
  EXPECT_EQ(query.integer(0), 7);
  EXPECT_EQ(query.text(1), odd);
  EXPECT_FALSE(query.step());
}

TEST_F(DatabaseTest, AnEmptyTextIsNotNull) {
  database.run("INSERT INTO t VALUES (1, ?1)", std::string_view());
  EXPECT_EQ(database.run("UPDATE t SET id = 2 WHERE name = ?1", std::string()), 1);
}

TEST_F(DatabaseTest, RunCountsChangedRows) {
  database.run("INSERT INTO t VALUES (1, 'a'), (2, 'a'), (3, 'b')");
  EXPECT_EQ(database.run("UPDATE t SET name = 'c' WHERE name = ?1", "a"), 2);
  EXPECT_EQ(database.run("DELETE FROM t WHERE id = ?1", 99), 0);
}

TEST_F(DatabaseTest, AStatementIsUsableAgainAfterItsQueryEnds) {
  database.run("INSERT INTO t VALUES (1, 'a'), (2, 'b')");
  for (int round = 0; round < 3; ++round) {
    store::Query query = database.query("SELECT id FROM t ORDER BY id");
    ASSERT_TRUE(query.step());
    EXPECT_EQ(query.integer(0), 1);
  }
}

TEST_F(DatabaseTest, ErrorsCarryTheExtendedCodeAndLeaveTheStatementUsable) {
  database.run("INSERT INTO t VALUES (?1, 'a')", 1);
  try {
    database.run("INSERT INTO t VALUES (?1, 'a')", 1);
    FAIL();
  } catch (const store::Error& error) {
    EXPECT_EQ(error.code(), SQLITE_CONSTRAINT_PRIMARYKEY);
  }
  EXPECT_EQ(database.run("INSERT INTO t VALUES (?1, 'a')", 2), 1);
}

TEST_F(DatabaseTest, MistakesInSqlAreErrors) {
  EXPECT_THROW(database.run("NONSENSE"), store::Error);
  EXPECT_THROW(database.execute("SELECT nothing"), store::Error);
  EXPECT_THROW(database.run("SELECT ?1", 1, 2), store::Error);  // more values than places
}

TEST_F(DatabaseTest, TransactionsRollBackUnlessCommitted) {
  {
    store::Transaction transaction(database);
    database.run("INSERT INTO t VALUES (1, 'a')");
  }
  EXPECT_EQ(rows(), 0);
  {
    store::Transaction transaction(database);
    database.run("INSERT INTO t VALUES (1, 'a')");
    transaction.commit();
  }
  EXPECT_EQ(rows(), 1);
}

TEST_F(DatabaseTest, ATransactionThatFailsCanBeFollowedByAnother) {
  EXPECT_THROW(
      {
        store::Transaction transaction(database);
        database.run("INSERT OR ROLLBACK INTO t VALUES (1, 'a'), (1, 'b')");
      },
      store::Error);
  store::Transaction transaction(database);
  transaction.commit();
  EXPECT_EQ(rows(), 0);
}

TEST(DatabaseFileTest, KeepsItsContentAndSettings) {
  const std::string path =
      ::testing::TempDir() + "database_test-" + std::to_string(getpid()) + ".db";
  std::remove(path.c_str());
  {
    store::Database database(env::DatabaseFile{path, ""});
    database.execute("CREATE TABLE t(x); INSERT INTO t VALUES (5)");
    store::Query page = database.query("PRAGMA page_size");
    ASSERT_TRUE(page.step());
    EXPECT_EQ(page.integer(0), 1024);
    store::Query mode = database.query("PRAGMA journal_mode");
    ASSERT_TRUE(mode.step());
    EXPECT_EQ(mode.text(0), "truncate");
    store::Query sync = database.query("PRAGMA synchronous");
    ASSERT_TRUE(sync.step());
    EXPECT_EQ(sync.integer(0), 2);
  }
  store::Database again(env::DatabaseFile{path, ""});
  {
    store::Query query = again.query("SELECT x FROM t");
    ASSERT_TRUE(query.step());
    EXPECT_EQ(query.integer(0), 5);
  }
  std::remove(path.c_str());
}

TEST(DatabaseFileTest, WhatCannotBeOpenedIsAnError) {
  EXPECT_THROW(store::Database(env::DatabaseFile{"/no/such/folder/x.db", ""}), store::Error);
  EXPECT_THROW(store::Database(env::DatabaseFile{":memory:", "no-such-vfs"}), store::Error);
}

}  // namespace
