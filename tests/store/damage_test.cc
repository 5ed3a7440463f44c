// Damage of every kind under a database, and what its page checksums make of it.

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <map>
#include <vector>

#include "system/store/checked_file.h"
#include "system/store/content_hash.h"
#include "system/store/header.h"
#include "tests/store/machine.h"

namespace store_tests {
namespace {

using store::Database;
using store::kPageBytes;

enum class Kind { header, first, interior, leaf, overflow, trunk, free_leaf };
constexpr int kKinds = 7;

// What each page is, from the file format: https://www.sqlite.org/fileformat2.html.
std::vector<Kind> kinds_of(const std::string& bytes) {
  const std::size_t pages = bytes.size() / kPageBytes;
  std::vector<Kind> kinds(pages);
  for (std::size_t page = 1; page < pages; ++page) {
    const auto type = bytes[page * kPageBytes];
    kinds[page] = type == 2 || type == 5     ? Kind::interior
                  : type == 10 || type == 13 ? Kind::leaf
                                             : Kind::overflow;
  }
  kinds[0] = Kind::first;
  const auto number = [&](std::size_t at) { return store::header::get(bytes, at, 4); };
  for (std::uint32_t trunk = number(32); trunk != 0; trunk = number((trunk - 1) * kPageBytes)) {
    const std::size_t at = (trunk - 1) * kPageBytes;
    kinds[trunk - 1] = Kind::trunk;
    for (std::uint32_t i = 0; i < number(at + 4); ++i) {
      kinds[number(at + 8 + 4 * i) - 1] = Kind::free_leaf;
    }
  }
  return kinds;
}

// Opens, reads all rows and then all pages.
struct Reading {
  int of_rows = SQLITE_OK;
  int of_pages = SQLITE_OK;
  std::uint64_t hash = 0;
};
Reading read(const env::DatabaseFile& file) {
  Reading reading;
  std::optional<Database> database;
  reading.of_rows = code_of([&] { database.emplace(file); });
  if (database) {
    reading.of_rows = code_of([&] { reading.hash = store::content_hash(*database); });
    reading.of_pages = code_of([&] { database->serialize(); });
  } else {
    reading.of_pages = reading.of_rows;
  }
  return reading;
}

TEST(Damage, EachFlippedBitIsSeenWhereItIsRead) {
  Machine machine;
  std::uint64_t hash = 0;
  {
    Database database(machine.file());
    fill(database);
    hash = store::content_hash(database);
  }
  const std::string sound = raw_bytes(machine.file());
  const std::vector<Kind> kinds = kinds_of(sound);
  std::array<int, kKinds> tried{};
  const auto flip = [&] {
    const auto page = *rc::gen::inRange<std::size_t>(0, kinds.size());
    const auto bit = *rc::gen::inRange<std::size_t>(0, kPageBytes * 8);
    std::string bytes = sound;
    const std::size_t at = page * kPageBytes + bit / 8;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (bit % 8)));
    set_raw_bytes(machine.file(), bytes);
    const Reading reading = read(machine.file());
    // A free page is mended when the database is opened, for it may be torn in all innocence.
    RC_ASSERT(reading.of_pages == (kinds[page] == Kind::free_leaf ? SQLITE_OK : SQLITE_IOERR_DATA));
    RC_ASSERT(reading.of_rows == SQLITE_IOERR_DATA ||
              (reading.of_rows == SQLITE_OK && reading.hash == hash));
    const bool of_rows = kinds[page] == Kind::first || kinds[page] == Kind::overflow;
    RC_ASSERT(!of_rows || reading.of_rows == SQLITE_IOERR_DATA);
    RC_ASSERT(kinds[page] != Kind::free_leaf || reading.of_rows == SQLITE_OK);
    const Kind kind = page == 0 && bit < store::header::kBytes * 8 ? Kind::header : kinds[page];
    ++tried[static_cast<std::size_t>(kind)];
  };
  // By its own count: a few of the kinds are rare pages.
  EXPECT_TRUE(rc::check("each flipped bit", [&] {
    for (int i = 0; i < 20; ++i) {
      flip();
    }
  }));
  for (int kind = 0; kind < kKinds; ++kind) {
    EXPECT_GT(tried[static_cast<std::size_t>(kind)], 0) << "kind " << kind;
  }
}

TEST(Damage, APageInAnothersPlaceIsSeen) {
  Machine machine;
  {
    Database database(machine.file());
    fill(database, 60);
  }
  const std::string sound = raw_bytes(machine.file());
  const std::size_t pages = sound.size() / kPageBytes;
  const std::vector<Kind> kinds = kinds_of(sound);
  for (std::size_t to = 0; to < pages; ++to) {
    const std::size_t from = (to + 1) % pages;
    std::string bytes = sound;
    bytes.replace(to * kPageBytes, kPageBytes, sound, from * kPageBytes, kPageBytes);
    set_raw_bytes(machine.file(), bytes);
    EXPECT_EQ(read(machine.file()).of_pages,
              kinds[to] == Kind::free_leaf ? SQLITE_OK : SQLITE_IOERR_DATA)
        << from << " in " << to;
  }
}

// The limit of page checksums: an old page is a page.
TEST(Damage, AWholePageThatWasNeverWrittenIsNotSeen) {
  Machine machine;
  Database(machine.file()).execute("CREATE TABLE t(x); INSERT INTO t VALUES (1)");
  const std::string before = raw_bytes(machine.file());
  Database(machine.file()).execute("UPDATE t SET x = 2");
  std::string after = raw_bytes(machine.file());
  ASSERT_EQ(before.size(), 2 * kPageBytes);
  after.replace(kPageBytes, kPageBytes, before, kPageBytes, kPageBytes);
  set_raw_bytes(machine.file(), after);
  Database database(machine.file());
  store::Query query = database.query("SELECT x FROM t");
  ASSERT_TRUE(query.step());
  EXPECT_EQ(query.integer(0), 1);
}

// Faults of the disk, below SQLite.

class CheckedRawFile {
 public:
  explicit CheckedRawFile(const env::DatabaseFile& file)
      : base_(*sqlite3_vfs_find(file.vfs.c_str())),
        name_(file.path + std::string(4, '\0')),
        memory_(static_cast<std::size_t>(store::checked_file_bytes(base_)) /
                    sizeof(std::max_align_t) +
                1) {
    EXPECT_EQ(store::open_checked_file(
                  base_, name_.c_str(), this->file(),
                  SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB, nullptr),
              SQLITE_OK);
    EXPECT_EQ(methods().xLock(this->file(), SQLITE_LOCK_SHARED), SQLITE_OK);
  }
  ~CheckedRawFile() { methods().xClose(file()); }
  CheckedRawFile(const CheckedRawFile&) = delete;
  CheckedRawFile& operator=(const CheckedRawFile&) = delete;

  int write(const std::string& bytes, sqlite3_int64 offset) {
    return methods().xWrite(file(), bytes.data(), static_cast<int>(bytes.size()), offset);
  }
  int read(std::string& bytes, sqlite3_int64 offset) {
    return methods().xRead(file(), bytes.data(), static_cast<int>(bytes.size()), offset);
  }
  int sync() { return methods().xSync(file(), SQLITE_SYNC_NORMAL); }

 private:
  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory_.data()); }
  const sqlite3_io_methods& methods() { return *file()->pMethods; }

  sqlite3_vfs& base_;
  std::string name_;
  std::vector<std::max_align_t> memory_;
};

std::string some_page(std::uint64_t seed) {
  std::string page(kPageBytes, '\0');
  for (std::size_t at = 0; at < kPageBytes; at += 8) {
    const std::uint64_t number = simnet::StreamKey(seed).at(at / 64);  // runs of equal words
    page.replace(at, 8, reinterpret_cast<const char*>(&number), 8);
  }
  page[store::header::kReserved] = char{store::kChecksumBytes};
  return page.substr(0, kPageBytes - store::kChecksumBytes);
}

struct Seen {
  int latest = 0;
  int older = 0;  // an earlier version of the same page
  int error = 0;
  int wrong = 0;
};

// Pages are written and synced again and again, and read back after each round.
Seen try_faults(simnet::DiskFaults faults, std::uint32_t sector_bytes, std::uint64_t seed) {
  constexpr int kPages = 20;
  Machine machine(sector_bytes);
  faults.draw = draw_of(seed);
  machine.disk().set_faults(faults);
  CheckedRawFile file(machine.file());
  std::map<int, std::vector<std::string>> versions;
  Seen seen;
  for (std::uint64_t round = 1; round <= 12; ++round) {
    for (int page = 0; page < kPages; ++page) {
      if (round == 1 || (round + static_cast<std::uint64_t>(page)) % 3 == 0) {
        const std::string content = some_page(seed * 1'000'003 + round * 100 + page);
        EXPECT_EQ(file.write(content + std::string(store::kChecksumBytes, '?'),
                             page * sqlite3_int64{kPageBytes}),
                  SQLITE_OK);
        versions[page].push_back(content);
      }
    }
    file.sync();
    for (int page = 0; page < kPages; ++page) {
      std::string bytes(kPageBytes, '?');
      const int code = file.read(bytes, page * sqlite3_int64{kPageBytes});
      bytes.resize(kPageBytes - store::kChecksumBytes);
      const std::vector<std::string>& known = versions[page];
      if (code != SQLITE_OK) {
        ++seen.error;
      } else if (bytes == known.back()) {
        ++seen.latest;
      } else {
        ++(std::ranges::find(known, bytes) != known.end() ? seen.older : seen.wrong);
      }
    }
  }
  return seen;
}

Seen try_often(const simnet::DiskFaults& faults, std::uint32_t sector_bytes) {
  Seen sum;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Seen seen = try_faults(faults, sector_bytes, seed);
    sum.latest += seen.latest;
    sum.older += seen.older;
    sum.error += seen.error;
    sum.wrong += seen.wrong;
  }
  std::printf("    sectors of %u: latest %d, older %d, error %d, wrong %d\n", sector_bytes,
              sum.latest, sum.older, sum.error, sum.wrong);
  EXPECT_EQ(sum.wrong, 0);
  EXPECT_GT(sum.latest, 0);
  return sum;
}

constexpr std::uint32_t kOften = 50'000;  // ppm

TEST(Damage, ATornWriteIsSeen) {
  for (const std::uint32_t sector_bytes : {512U, 4096U}) {
    const Seen seen = try_often({.torn_write_ppm = kOften, .draw = {}}, sector_bytes);
    EXPECT_GT(seen.error, 0);
  }
}

// The page it overwrites is seen; the page that it should have been is an older one.
TEST(Damage, AMisdirectedWriteIsSeenWhereItLands) {
  for (const std::uint32_t sector_bytes : {512U, 4096U}) {
    const Seen seen = try_often({.misdirected_write_ppm = kOften, .draw = {}}, sector_bytes);
    EXPECT_GT(seen.error, 0);
  }
}

TEST(Damage, ALostWriteIsSeenWhenItIsHalfAPageAndNotWhenItIsAPage) {
  EXPECT_GT(try_often({.lost_write_ppm = kOften, .draw = {}}, 512).error, 0);
  const Seen pages = try_often({.lost_write_ppm = kOften, .draw = {}}, 4096);
  EXPECT_GT(pages.older, 0);
}

TEST(Damage, RottenBitsAreSeen) {
  for (const std::uint32_t sector_bytes : {512U, 4096U}) {
    const Seen seen = try_often({.bit_rot_ppm = kOften, .draw = {}}, sector_bytes);
    EXPECT_GT(seen.error, 0);
    EXPECT_EQ(seen.older, 0);
  }
}

TEST(Damage, RotUnderADatabaseIsAnErrorOrNothingAndPasses) {
  int errors = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Machine machine;
    std::uint64_t hash = 0;
    {
      Database database(machine.file());
      fill(database, 60);
      hash = store::content_hash(database);
    }
    machine.disk().set_faults({.bit_rot_ppm = 8'000, .draw = draw_of(seed)});
    const Reading rotten = read(machine.file());
    EXPECT_TRUE(rotten.of_rows == SQLITE_IOERR_DATA ||
                (rotten.of_rows == SQLITE_OK && rotten.hash == hash))
        << rotten.of_rows << ", seed " << seed;
    errors += rotten.of_rows != SQLITE_OK ? 1 : 0;
    machine.disk().set_faults({});
    const Reading healed = read(machine.file());
    EXPECT_EQ(healed.of_pages, SQLITE_OK) << "seed " << seed;
    EXPECT_EQ(healed.hash, hash) << "seed " << seed;
  }
  EXPECT_GT(errors, 10);
  EXPECT_LT(errors, 60);
}

}  // namespace
}  // namespace store_tests
