#include "system/store/checked_vfs.h"

#include <gtest/gtest.h>

#include <set>

#include "system/store/content_hash.h"
#include "system/store/header.h"
#include "tests/store/machine.h"
#include "tests/vfs/connection.h"
#include "tests/vfs/places.h"

namespace store_tests {
namespace {

using store::Database;
using store::kPageBytes;

std::set<std::string> registered() {
  std::set<std::string> names;
  for (const sqlite3_vfs* vfs = sqlite3_vfs_find(nullptr); vfs != nullptr; vfs = vfs->pNext) {
    names.insert(vfs->zName);
  }
  return names;
}

TEST(CheckedVfs, LeavesSqlitesListOfVfssAsItIs) {
  const std::set<std::string> before = registered();
  const std::string former = sqlite3_vfs_find(nullptr)->zName;
  for (int world = 0; world < 3; ++world) {
    Machine machine;  // the same name comes and goes
    const std::set<std::string> inside = registered();
    Database a(machine.file("a.db"));
    Database b(machine.file("b.db"));
    Database elsewhere(env::DatabaseFile{":memory:", "unix"});
    EXPECT_EQ(registered(), inside);
    EXPECT_STREQ(sqlite3_vfs_find(nullptr)->zName, machine.file().vfs.c_str());
    a.execute("CREATE TABLE t(x)");
    b.execute("CREATE TABLE t(x)");
  }
  EXPECT_EQ(registered(), before);
  EXPECT_EQ(sqlite3_vfs_find(nullptr)->zName, former);
}

// A world may end while a database of the machine's own lives on.
TEST(CheckedVfs, AnotherVfsMayGoWhileADatabaseIsOpen) {
  std::optional<Machine> first(std::in_place);
  Database memory(env::DatabaseFile{":memory:", "unix"});
  first.reset();
  EXPECT_EQ(sqlite3_vfs_find(nullptr), sqlite3_vfs_find("unix"));
  memory.execute("CREATE TABLE t(x)");
}

template <class Place>
class CheckedFiles : public ::testing::Test {
 protected:
  env::DatabaseFile file() const { return {place_.path("a.db"), place_.vfs()}; }
  int code_of_opening() {
    return code_of([this] { Database database(this->file()); });
  }
  Place place_;
};
using Places =
    ::testing::Types<vfs_tests::SimPlace<512>, vfs_tests::SimPlace<4096>, vfs_tests::UnixPlace>;
TYPED_TEST_SUITE(CheckedFiles, Places);

TYPED_TEST(CheckedFiles, EveryPageOfTheFileHasItsChecksum) {
  {
    Database database(this->file());
    fill(database);
  }
  const std::string bytes = raw_bytes(this->file());
  ASSERT_EQ(bytes.size() % kPageBytes, 0U);
  ASSERT_GT(bytes.size() / kPageBytes, 50U);
  for (std::size_t page = 0; page < bytes.size() / kPageBytes; ++page) {
    EXPECT_TRUE(store::is_sealed(std::string_view(bytes).substr(page * kPageBytes, kPageBytes),
                                 static_cast<std::uint32_t>(page + 1)))
        << page + 1;
  }
  Database again(this->file());
  EXPECT_EQ(again.serialize().size(), bytes.size());
}

// SQLite writes no pages that a transaction took and gave back: the file would have holes.
TYPED_TEST(CheckedFiles, PagesThatWereNeverUsedAreNoDamage) {
  Database database(this->file());
  database.execute(
      "PRAGMA cache_size=10; CREATE TABLE a(x); CREATE TABLE b(x);"
      "BEGIN; INSERT INTO a VALUES (zeroblob(90000)); INSERT INTO b VALUES (zeroblob(40000));"
      "DELETE FROM a; COMMIT; INSERT INTO b VALUES (zeroblob(3000));");
  EXPECT_NO_THROW(database.serialize());
  const std::uint64_t hash = store::content_hash(database);
  database.execute(
      "BEGIN; INSERT INTO a VALUES (zeroblob(200000)); DELETE FROM b;"
      "INSERT INTO b VALUES (zeroblob(500000)); ROLLBACK;");
  EXPECT_NO_THROW(database.serialize());
  EXPECT_EQ(store::content_hash(database), hash);
}

TYPED_TEST(CheckedFiles, AFlippedBitOfTheHeaderIsSeenWhenOpening) {
  {
    Database database(this->file());
    fill(database, 20);
  }
  const std::string sound = raw_bytes(this->file());
  for (std::size_t bit = 0; bit < store::header::kBytes * 8; bit += 3) {
    std::string bytes = sound;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    set_raw_bytes(this->file(), bytes);
    ASSERT_EQ(this->code_of_opening(), SQLITE_IOERR_DATA) << "bit " << bit;
    ASSERT_EQ(raw_bytes(this->file()), bytes) << "evidence was changed";
  }
  set_raw_bytes(this->file(), sound);
  EXPECT_EQ(this->code_of_opening(), SQLITE_OK);
}

TYPED_TEST(CheckedFiles, AFileWithoutChecksumsIsRefused) {
  {
    vfs_tests::Connection plain(this->file().path, this->file().vfs.c_str());
    ASSERT_EQ(plain.run("PRAGMA page_size=1024; CREATE TABLE t(x); INSERT INTO t VALUES (1)"),
              SQLITE_OK);
  }
  const std::string bytes = raw_bytes(this->file());
  try {
    Database database(this->file());
    FAIL();
  } catch (const store::Error& error) {
    EXPECT_EQ(error.code(), SQLITE_IOERR_DATA);
    EXPECT_NE(std::string(error.what()).find("have no room for checksums"), std::string::npos)
        << error.what();
  }
  EXPECT_EQ(raw_bytes(this->file()), bytes);
}

TYPED_TEST(CheckedFiles, TheErrorNamesThePage) {
  {
    Database database(this->file());
    fill(database);
  }
  std::string bytes = raw_bytes(this->file());
  bytes[19 * kPageBytes + 700] ^= 1;
  set_raw_bytes(this->file(), bytes);
  Database database(this->file());
  try {
    database.serialize();
    FAIL();
  } catch (const store::Error& error) {
    EXPECT_EQ(error.code(), SQLITE_IOERR_DATA);
    EXPECT_NE(std::string(error.what()).find("page 20 "), std::string::npos) << error.what();
  }
}

TYPED_TEST(CheckedFiles, LessThanAPageIsNoDatabase) {
  set_raw_bytes(this->file(), std::string(500, 'x'));
  EXPECT_EQ(this->code_of_opening(), SQLITE_IOERR_DATA);
  set_raw_bytes(this->file(), std::string(500, '\0'));
  EXPECT_EQ(this->code_of_opening(), SQLITE_NOTADB);
  set_raw_bytes(this->file(), "");
  EXPECT_EQ(this->code_of_opening(), SQLITE_OK);
}

TYPED_TEST(CheckedFiles, WhatLiesBehindTheLastPageDoesNotMatter) {
  std::uint64_t hash = 0;
  {
    Database database(this->file());
    fill(database, 20);
    hash = store::content_hash(database);
  }
  set_raw_bytes(this->file(), raw_bytes(this->file()) + std::string(300, 'x'));
  Database database(this->file());
  EXPECT_EQ(store::content_hash(database), hash);
  database.run("INSERT INTO ticket VALUES (1000, 'x', zeroblob(9000))");
  EXPECT_NO_THROW(database.serialize());
}

TYPED_TEST(CheckedFiles, VacuumAndAttachAreErrors) {
  Database database(this->file());
  fill(database, 20);
  EXPECT_THROW(database.execute("VACUUM"), store::Error);
  EXPECT_THROW(database.execute("ATTACH ':memory:' AS other"), store::Error);
  EXPECT_NO_THROW(database.serialize());
}

}  // namespace
}  // namespace store_tests
