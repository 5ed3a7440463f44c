#include "system/store/snapshot.h"

#include <gtest/gtest.h>

#include "system/store/content_hash.h"
#include "system/store/header.h"
#include "tests/store/machine.h"
#include "tests/vfs/places.h"

namespace store_tests {
namespace {

using store::content_hash;
using store::Database;
using store::kPageBytes;

template <class Place>
class Snapshots : public ::testing::Test {
 protected:
  Snapshots() { fill(source_); }
  env::DatabaseFile file(const char* name) const { return {place_.path(name), place_.vfs()}; }

  Place place_;
  Database source_{file("source.db")};
};
using Places =
    ::testing::Types<vfs_tests::SimPlace<512>, vfs_tests::SimPlace<4096>, vfs_tests::UnixPlace>;
TYPED_TEST_SUITE(Snapshots, Places);

TYPED_TEST(Snapshots, GoThereAndBack) {
  const std::string snapshot = this->source_.serialize();
  const std::uint64_t hash = content_hash(this->source_);
  {
    Database other(this->file("other.db"));
    EXPECT_NE(content_hash(other), hash);
    other.replace_with(snapshot);
    EXPECT_EQ(content_hash(other), hash);
    EXPECT_EQ(other.serialize(), snapshot) << "a snapshot says nothing of the past";
    other.run("INSERT INTO ticket VALUES (10000, 'x', 'y')");
    EXPECT_NE(content_hash(other), hash);
    other.replace_with(snapshot);
  }
  Database again(this->file("other.db"));
  EXPECT_EQ(content_hash(again), hash);
  EXPECT_EQ(again.serialize(), snapshot);
}

TYPED_TEST(Snapshots, OfAndIntoMemory) {
  Database memory(env::DatabaseFile{":memory:", this->place_.vfs()});
  memory.replace_with(this->source_.serialize());
  EXPECT_EQ(content_hash(memory), content_hash(this->source_));
  EXPECT_EQ(memory.serialize(), this->source_.serialize());
}

TYPED_TEST(Snapshots, ReplaceLongByShortAndShortByLong) {
  Database small(this->file("small.db"));
  small.execute("CREATE TABLE t(x); INSERT INTO t VALUES (1)");
  const std::string short_one = small.serialize();
  const std::string long_one = this->source_.serialize();
  ASSERT_LT(short_one.size() * 10, long_one.size());
  small.replace_with(long_one);
  EXPECT_EQ(small.serialize(), long_one);
  EXPECT_EQ(raw_bytes(this->file("small.db")).size(), long_one.size());
  small.replace_with(short_one);
  EXPECT_EQ(small.serialize(), short_one);
  EXPECT_EQ(raw_bytes(this->file("small.db")).size(), short_one.size());
}

TYPED_TEST(Snapshots, StatementsGoOnWithTheNewContent) {
  const std::string before = this->source_.serialize();
  const auto count = [&] {
    store::Query query = this->source_.query("SELECT count(*) FROM ticket");
    query.step();
    return query.integer(0);
  };
  const std::int64_t rows = count();
  this->source_.run("DELETE FROM ticket WHERE id <= ?1", 20);
  EXPECT_LT(count(), rows);
  this->source_.replace_with(before);
  EXPECT_EQ(count(), rows);
  EXPECT_GT(this->source_.run("DELETE FROM ticket WHERE id <= ?1", 20), 0);
}

TYPED_TEST(Snapshots, AreForQuietMoments) {
  const std::string snapshot = this->source_.serialize();
  {
    store::Transaction transaction(this->source_);
    this->source_.run("DELETE FROM ticket");
    EXPECT_EQ(code_of([&] { this->source_.serialize(); }), SQLITE_MISUSE);
    EXPECT_EQ(code_of([&] { this->source_.replace_with(snapshot); }), SQLITE_MISUSE);
  }
  {
    store::Query query = this->source_.query("SELECT id FROM ticket");
    ASSERT_TRUE(query.step());
    EXPECT_EQ(this->source_.serialize(), snapshot);
    EXPECT_EQ(code_of([&] { this->source_.replace_with(snapshot); }), SQLITE_BUSY);
    EXPECT_TRUE(query.step());
  }
  EXPECT_EQ(this->source_.serialize(), snapshot);
}

// Bytes that are no snapshot.

class Refusals : public ::testing::Test {
 protected:
  Refusals() {
    fill(database_, 60);
    snapshot_ = database_.serialize();
    database_.run("DELETE FROM lock");
    hash_ = content_hash(database_);
  }
  // The code, after a look whether anything has happened.
  int code(const std::string& bytes) {
    const int code = code_of([&] { database_.replace_with(bytes); });
    EXPECT_EQ(content_hash(database_), hash_);
    return code;
  }
  std::string with(std::size_t at, char value) const {
    std::string bytes = snapshot_;
    bytes[at] = value;
    return bytes;
  }

  Database database_{env::DatabaseFile{":memory:", ""}};
  std::string snapshot_;
  std::uint64_t hash_ = 0;
};

TEST_F(Refusals, OfOtherThings) {
  EXPECT_EQ(code(""), SQLITE_NOTADB);
  EXPECT_EQ(code("SQLite format 3"), SQLITE_NOTADB);
  EXPECT_EQ(code(std::string(50 * kPageBytes, '\0')), SQLITE_NOTADB);
  EXPECT_EQ(code(with(3, 'x')), SQLITE_NOTADB);
}

TEST_F(Refusals, OfOtherFormats) {
  EXPECT_EQ(code(with(store::header::kPageSize, 8)), SQLITE_NOTADB);
  EXPECT_EQ(code(with(store::header::kReserved, 0)), SQLITE_NOTADB);
  EXPECT_EQ(code(with(store::header::kReserved, 9)), SQLITE_NOTADB);
  EXPECT_EQ(code(with(store::header::kReadVersion, 2)), SQLITE_NOTADB);
}

TEST_F(Refusals, OfEveryTruncation) {
  for (std::size_t size = 0; size < snapshot_.size(); size += 256) {
    EXPECT_NE(code(snapshot_.substr(0, size)), SQLITE_OK) << size;
  }
  EXPECT_EQ(code(snapshot_ + std::string(kPageBytes, '\0')), SQLITE_CORRUPT);
  EXPECT_EQ(code(snapshot_ + "x"), SQLITE_CORRUPT);
}

TEST_F(Refusals, OfDamageInAnyPage) {
  for (std::size_t at = 600; at < snapshot_.size(); at += kPageBytes / 2) {
    EXPECT_EQ(code(with(at, static_cast<char>(snapshot_[at] ^ 4))), SQLITE_CORRUPT) << at;
  }
}

// Pages with fitting checksums whose content contradicts itself.
TEST_F(Refusals, OfBrokenStructure) {
  std::string bytes = snapshot_;
  std::swap_ranges(bytes.begin() + 2 * kPageBytes, bytes.begin() + 3 * kPageBytes,
                   bytes.begin() + 5 * kPageBytes);
  store::seal_snapshot(bytes);
  EXPECT_NE(code(bytes), SQLITE_OK);
}

// Mutated snapshots whose checksums fit, so that SQLite itself gets to read them.
TEST(HostileSnapshots, AreAnErrorOrAValidDatabase) {
  Database source(env::DatabaseFile{":memory:", ""});
  fill(source, 60);
  const std::string snapshot = source.serialize();
  Machine machine;
  int taken = 0;
  for (std::uint64_t round = 0; round < 10'000; ++round) {
    const simnet::StreamKey draws = simnet::StreamKey(round).child("mutations");
    std::string bytes = snapshot;
    std::uint64_t next = 0;
    const auto below = [&](std::uint64_t limit) { return simnet::below(draws.at(next++), limit); };
    for (std::uint64_t left = 1 + below(4); left > 0; --left) {
      // Where the structure is: the beginning of a page, or anywhere.
      const std::uint64_t page = below(bytes.size() / kPageBytes) * kPageBytes;
      const std::uint64_t at = page + below(below(2) == 0 ? 120 : kPageBytes);
      bytes[at] = static_cast<char>(below(3) == 0 ? below(256) : bytes[at] ^ (1 << below(8)));
    }
    if (round % 10 != 0) {
      store::seal_snapshot(bytes);
    }
    Database target(machine.file(std::to_string(round % 8)));
    const bool accepted = code_of([&] { target.replace_with(bytes); }) == SQLITE_OK;
    taken += accepted ? 1 : 0;
    if (accepted) {
      EXPECT_NO_THROW(target.serialize()) << "round " << round;
      code_of([&] { content_hash(target); });
    }
  }
  std::printf("    %d of 10,000 taken\n", taken);
  EXPECT_GT(taken, 100);
  EXPECT_LT(taken, 9'000);
}

}  // namespace
}  // namespace store_tests
