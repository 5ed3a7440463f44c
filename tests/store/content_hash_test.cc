#include "system/store/content_hash.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>
#include <string>

namespace store_tests {
namespace {

using store::content_hash;
using store::Database;

std::uint64_t hash_of(const std::string& sql) {
  Database database(env::DatabaseFile{":memory:", ""});
  database.execute(sql.c_str());
  return content_hash(database);
}
std::uint64_t hash_of_value(const std::string& value) {
  return hash_of("CREATE TABLE t(x); INSERT INTO t VALUES (" + value + ")");
}

TEST(ContentHash, IsAsItEverWas) {
  EXPECT_EQ(hash_of("CREATE TABLE t(a PRIMARY KEY, b) WITHOUT ROWID;"
                    "INSERT INTO t VALUES (1, 'one'), (2.5, x'00ff'), ('k', NULL)"),
            7700531593699937367ULL);
}

TEST(ContentHash, TellsValuesApart) {
  std::set<std::uint64_t> hashes;
  const char* const values[] = {"NULL", "0",   "1",   "-1",   "1.0",     "'1'", "x'31'",
                                "''",   "x''", "1.5", "'ab'", "x'6162'", "256"};
  for (const char* value : values) {
    hashes.insert(hash_of_value(value));
  }
  EXPECT_EQ(hashes.size(), std::size(values));
  EXPECT_EQ(hash_of_value("0.0"), hash_of_value("-0.0")) << "equal to SQL";
}

TEST(ContentHash, TellsWhereAValueEnds) {
  EXPECT_NE(hash_of("CREATE TABLE t(x,y); INSERT INTO t VALUES ('ab','c')"),
            hash_of("CREATE TABLE t(x,y); INSERT INTO t VALUES ('a','bc')"));
  EXPECT_NE(hash_of("CREATE TABLE t(x); CREATE TABLE u(x); INSERT INTO t VALUES (1)"),
            hash_of("CREATE TABLE t(x); CREATE TABLE u(x); INSERT INTO u VALUES (1)"));
}

TEST(ContentHash, SeesTheSchemaAndTheVersion) {
  const std::string table = "CREATE TABLE t(x);";
  EXPECT_NE(hash_of(table), hash_of("CREATE TABLE u(x)"));
  EXPECT_NE(hash_of(table), hash_of(table + "CREATE INDEX i ON t(x)"));
  EXPECT_NE(hash_of(table), hash_of(table + "CREATE VIEW v AS SELECT x FROM t"));
  EXPECT_NE(hash_of(table), hash_of(table + "PRAGMA user_version=2"));
  EXPECT_EQ(hash_of(table + "CREATE TABLE u(x)"), hash_of("CREATE TABLE u(x);" + table));
}

TEST(ContentHash, DoesNotSeeTheOrderOfInsertions) {
  const char* const tables[] = {
      "CREATE TABLE t(a INTEGER PRIMARY KEY, b);",
      "CREATE TABLE t(a TEXT PRIMARY KEY, b);",
      "CREATE TABLE t(a, b, PRIMARY KEY(b, a)) WITHOUT ROWID;",
      "CREATE TABLE t(a, b);",
      "CREATE TABLE t(a COLLATE NOCASE, b, UNIQUE(b, a));",
  };
  for (const std::string table : tables) {
    EXPECT_EQ(hash_of(table + "INSERT INTO t VALUES (1,'x'),(2,'X'),(3,'y')"),
              hash_of(table + "INSERT INTO t VALUES (3,'y'),(9,'z'),(2,'X'),(1,'x');"
                              "DELETE FROM t WHERE a = 9"))
        << table;
  }
}

// Rows that SQL's own order does not tell apart.
TEST(ContentHash, DoesNotSeeTheOrderOfRowsThatCompareAlike) {
  const std::string keyed = "CREATE TABLE t(a TEXT COLLATE NOCASE, b, PRIMARY KEY(a, b));";
  EXPECT_EQ(hash_of(keyed + "INSERT INTO t VALUES ('a',NULL),('A',NULL),(NULL,1),(NULL,2)"),
            hash_of(keyed + "INSERT INTO t VALUES (NULL,2),('A',NULL),(NULL,1),('a',NULL)"));
  const std::string loose = "CREATE TABLE t(a, b);";
  EXPECT_EQ(hash_of(loose + "INSERT INTO t VALUES (1,'x'),(1.0,'x'),(1,'x')"),
            hash_of(loose + "INSERT INTO t VALUES (1.0,'x'),(1,'x'),(1,'x')"));
  EXPECT_NE(hash_of(loose + "INSERT INTO t VALUES (1,'x'),(1.0,'x'),(1,'x')"),
            hash_of(loose + "INSERT INTO t VALUES (1,'x'),(1.0,'x'),(1.0,'x')"));
}

TEST(ContentHash, CopesWithOddSchemas) {
  EXPECT_NO_THROW(hash_of(
      "CREATE TABLE \"a\"\"b ; --\"(\"x\"\"y\" PRIMARY KEY, \"select\", rowid) WITHOUT ROWID;"
      "INSERT INTO \"a\"\"b ; --\" VALUES (1, 2, 3);"
      "CREATE TABLE g(a INTEGER PRIMARY KEY AUTOINCREMENT, b AS (a + 1), c AS (a) STORED);"
      "INSERT INTO g DEFAULT VALUES; ANALYZE;"
      "CREATE VIRTUAL TABLE r USING rtree(id, low, high); INSERT INTO r VALUES (1, 2, 3);"));
}

// Two ways to the same rows; and no way to other rows.
RC_GTEST_PROP(ContentHash, IsAFunctionOfTheRows, ()) {
  using Rows = std::map<int, std::string>;
  const auto rows = *rc::gen::arbitrary<Rows>();
  const auto other = *rc::gen::arbitrary<Rows>();
  const auto build = [](const Rows& first, const Rows& last, int cut) {
    Database database(env::DatabaseFile{":memory:", ""});
    database.execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b); CREATE INDEX i ON t(b);");
    for (const auto& [key, text] : first) {
      database.run("INSERT INTO t VALUES (?1, ?2)", key, text);
    }
    database.run("DELETE FROM t WHERE a > ?1", cut);
    for (auto it = last.rbegin(); it != last.rend(); ++it) {
      database.run("INSERT OR REPLACE INTO t VALUES (?1, ?2)", it->first, it->second);
    }
    for (const auto& [key, text] : first) {
      if (!last.contains(key)) {
        database.run("DELETE FROM t WHERE a = ?1", key);
      }
    }
    return content_hash(database);
  };
  const int cut = *rc::gen::inRange(-50, 50);
  RC_ASSERT(build({}, rows, 0) == build(other, rows, cut));
  RC_ASSERT((build({}, rows, 0) == build({}, other, 0)) == (rows == other));
}

}  // namespace
}  // namespace store_tests
