// Flipped bits in a journal that has to be played back: the database is then what it was
// before the transaction, or it is an error. Nothing of the half of a transaction stays.

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "system/store/content_hash.h"
#include "tests/store/machine.h"

namespace store_tests {
namespace {

using store::content_hash;
using store::Database;

// Spills, so that the journal has several segments and the database is changed before the
// commit.
void rename_all(Database& database) {
  database.execute("PRAGMA cache_size=10");
  store::Transaction transaction(database);
  database.run("UPDATE ticket SET owner = 'x' || id");
  transaction.commit();
}

// What a power cut at the call left; an empty journal when there is nothing to play back.
struct Remains {
  std::string database;
  std::string journal;
  std::uint64_t before = 0;
  bool through = false;
};

Remains cut_at(std::uint64_t call, std::uint32_t sector_bytes) {
  Machine machine(sector_bytes);
  Remains remains;
  {
    Database database(machine.file());
    fill(database, 60);
    remains.before = content_hash(database);
    machine.disk().cut_power_after(call);
    remains.through = code_of([&] { rename_all(database); }) == SQLITE_OK;
    machine.lose_power(call);
  }
  remains.database = raw_bytes(machine.file());
  remains.journal = raw_bytes(machine.file("a.db-journal"));
  return remains;
}

bool is_hot(const Remains& remains) {
  return !remains.journal.empty() && remains.journal.front() != 0;
}

struct Outcomes {
  int recovered = 0;
  int refused = 0;
  int wrong = 0;
};

// Opens the database with this journal beside it. `what`: for a failure.
void open_with(const Remains& remains, const std::string& journal, std::uint32_t sector_bytes,
               Outcomes& tally, const std::string& what) {
  Machine machine(sector_bytes);
  set_raw_bytes(machine.file(), remains.database);
  set_raw_bytes(machine.file("a.db-journal"), journal);
  std::uint64_t found = 0;
  const int code = code_of([&] {
    Database database(machine.file());
    database.serialize();
    found = content_hash(database);
  });
  if (code == SQLITE_IOERR_DATA) {
    ++tally.refused;
  } else if (code == SQLITE_OK && found == remains.before) {
    ++tally.recovered;
  } else {
    ++tally.wrong;
    ADD_FAILURE() << what << " of " << journal.size() * 8 << " bits: code " << code;
  }
}

void flip_and_open(const Remains& remains, std::size_t bit, std::uint32_t sector_bytes,
                   Outcomes& tally) {
  std::string journal = remains.journal;
  journal[bit / 8] = static_cast<char>(journal[bit / 8] ^ 1 << bit % 8);
  open_with(remains, journal, sector_bytes, tally, "bit " + std::to_string(bit));
}

// What an earlier journal that was never synced may have left behind the end of this one.
void open_with_remains_of_another(const Remains& remains, std::uint32_t sector_bytes,
                                  Outcomes& tally) {
  for (const char* stale : {"c2-1190783095868842855", "\xd9", "\xd9\xd5\x05\xf9\x20\xa1\x63"}) {
    std::string journal = remains.journal;
    while (journal.size() < remains.journal.size() + std::size_t{2} * sector_bytes) {
      journal += stale;
    }
    // Where the next header would be.
    journal.replace((remains.journal.size() + sector_bytes - 1) / sector_bytes * sector_bytes,
                    std::strlen(stale), stale);
    open_with(remains, journal, sector_bytes, tally, stale);
  }
}

// Every bit of the first header and record and of what stands around it, then some of all.
std::vector<std::size_t> bits_of(const Remains& remains, std::uint32_t sector_bytes) {
  std::vector<std::size_t> bits;
  const std::size_t all = remains.journal.size() * 8;
  for (std::size_t bit = 0; bit < all; bit += bit < std::size_t{8} * 64 ? 1 : 131) {
    bits.push_back(bit);
  }
  const std::size_t record = sector_bytes * std::size_t{8};
  for (std::size_t bit = record; bit < std::min(record + 64, all); ++bit) {
    bits.push_back(bit);  // the first page's number
  }
  const std::size_t checksum = record + std::size_t{8} * (4 + store::kPageBytes);
  for (std::size_t bit = checksum; bit < std::min(checksum + 32, all); ++bit) {
    bits.push_back(bit);
  }
  return bits;
}

Outcomes flip_all_over(std::uint32_t sector_bytes) {
  Outcomes tally;
  int hot = 0;
  for (std::uint64_t call = 1;; call += 7) {
    const Remains remains = cut_at(call, sector_bytes);
    if (remains.through) {
      break;
    }
    if (!is_hot(remains) || hot++ % 3 != 0) {
      continue;
    }
    for (const std::size_t bit : bits_of(remains, sector_bytes)) {
      flip_and_open(remains, bit, sector_bytes, tally);
      if (tally.wrong > 3) {
        return tally;
      }
    }
  }
  std::printf("    %d hot journals, recovered %d, refused %d\n", hot, tally.recovered,
              tally.refused);
  EXPECT_GT(hot, 3);
  EXPECT_GT(tally.recovered, 0);
  EXPECT_GT(tally.refused, 100);
  return tally;
}

// One was played back until there, and then the replica refused to open (replicas' sweep, seed
// 2849).
TEST(JournalDamage, WhatStandsBehindAJournalIsNoDamage) {
  for (const std::uint32_t sector_bytes : {512U, 4096U}) {
    Outcomes tally;
    for (std::uint64_t call = 1;; call += 7) {
      const Remains remains = cut_at(call, sector_bytes);
      if (remains.through) {
        break;
      }
      if (is_hot(remains)) {
        open_with_remains_of_another(remains, sector_bytes, tally);
      }
    }
    EXPECT_GT(tally.recovered, 9);
    EXPECT_EQ(tally.refused, 0);
  }
}

TEST(JournalDamage, AFlippedBitIsPutRightOrRefused) { flip_all_over(512); }
TEST(JournalDamage, AFlippedBitIsPutRightOrRefusedWithSectorsOfSeveralPages) {
  flip_all_over(4096);
}

}  // namespace
}  // namespace store_tests
