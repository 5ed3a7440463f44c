// page_hash: equal histories, equal pages; and what makes them differ.
#include "system/store/page_hash.h"

#include <gtest/gtest.h>

#include <set>

#include "system/store/content_hash.h"
#include "tests/store/machine.h"

namespace store_tests {
namespace {

using store::Database;
using store::page_hash;

TEST(PageHash, FollowsFromTheHistoryAndNotFromRestartsOrSnapshots) {
  Machine machine;
  Database one(machine.file("one.db"));
  fill(one);
  {
    Database another(machine.file("another.db"));
    fill(another);
  }
  Database another(machine.file("another.db"));
  EXPECT_EQ(page_hash(one), page_hash(another));
  Database copy(machine.file("copy.db"));
  copy.replace_with(one.serialize());
  EXPECT_EQ(page_hash(one), page_hash(copy));
  one.run("INSERT INTO ticket(owner, body) VALUES ('eve', 'x')");
  EXPECT_NE(page_hash(one), page_hash(copy));
  copy.run("INSERT INTO ticket(owner, body) VALUES ('eve', 'x')");
  EXPECT_EQ(page_hash(one), page_hash(copy));
}

TEST(PageHash, TellsWhereContentLies) {
  Machine machine;
  Database one(machine.file("one.db"));
  Database another(machine.file("another.db"));
  for (Database* database : {&one, &another}) {
    database->execute("CREATE TABLE t(k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID");
  }
  const std::string text(400, 'x');
  for (int i = 0; i < 100; ++i) {
    one.run("INSERT INTO t VALUES (?1, ?2)", 100 + i, text);
    another.run("INSERT INTO t VALUES (?1, ?2)", 199 - i, text);
  }
  EXPECT_EQ(store::content_hash(one), store::content_hash(another));
  EXPECT_NE(page_hash(one), page_hash(another));
}

TEST(PageHash, SeesEachPage) {
  Machine machine;
  Database database(machine.file());
  fill(database, 2000);
  std::set<std::uint64_t> hashes{page_hash(database)};
  for (int i = 1; i <= 2000; i += 100) {
    database.run("UPDATE ticket SET owner = 'eve' WHERE id = ?1", i);
    hashes.insert(page_hash(database));
  }
  EXPECT_GT(hashes.size(), 13u) << "a third of the rows is gone";
}

TEST(PageHash, RefusesDamageAndMemory) {
  Machine machine;
  {
    Database database(machine.file());
    fill(database);
  }
  std::string bytes = raw_bytes(machine.file());
  bytes[5 * store::kPageBytes + 40] ^= 4;
  set_raw_bytes(machine.file(), bytes);
  Database database(machine.file());
  EXPECT_EQ(code_of([&] { page_hash(database); }), SQLITE_IOERR_DATA);
  Database memory(env::DatabaseFile{":memory:", ""});
  EXPECT_EQ(code_of([&] { page_hash(memory); }), SQLITE_MISUSE);
}

}  // namespace
}  // namespace store_tests
