// A disk with databases on it, below the service: what the tests of damage need.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "simnet/random.h"
#include "simnet/vfs.h"
#include "system/store/database.h"
#include "system/store/page_checksum.h"
#include "tests/vfs/raw_file.h"

namespace store_tests {

inline simnet::Draw draw_of(std::uint64_t seed) {
  return [seed](std::string_view purpose, std::uint64_t a, std::uint64_t b) {
    return simnet::StreamKey(seed).child(purpose).child(a).at(b);
  };
}

class Machine {
 public:
  explicit Machine(std::uint32_t sector_bytes = 512) : disk_({.sector_bytes = sector_bytes}) {
    vfs_.add_disk("h", disk_);
  }

  env::DatabaseFile file(const std::string& name = "a.db") const {
    return {"/h/" + name, vfs_.name()};
  }
  simnet::Disk& disk() { return disk_; }
  // Power goes and comes back; the faults are gone.
  void lose_power(std::uint64_t seed) {
    disk_.set_faults({});
    disk_.disarm_power_cut();
    disk_.power_loss(draw_of(seed));
    disk_.power_on();
  }

 private:
  simnet::Disk disk_;
  simnet::Vfs vfs_{"store-tests"};
};

// The bytes of a file, past every check.
inline std::string raw_bytes(const env::DatabaseFile& file) {
  vfs_tests::RawFile raw(file.vfs.c_str());
  raw.open(file.path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MAIN_DB);
  return raw.content();
}
inline void set_raw_bytes(const env::DatabaseFile& file, const std::string& bytes) {
  vfs_tests::RawFile raw(file.vfs.c_str());
  raw.open(file.path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB);
  raw.truncate(static_cast<sqlite3_int64>(bytes.size()));
  raw.write(bytes, 0);
}

// SQLITE_OK when `act` throws nothing.
template <class Act>
int code_of(Act act) {
  try {
    act();
    return SQLITE_OK;
  } catch (const store::Error& error) {
    return error.code();
  }
}

// Pages of every kind: two levels of tables and indexes, overflow chains, a freelist.
inline void fill(store::Database& database, int rows = 200) {
  database.execute(
      "CREATE TABLE ticket(id INTEGER PRIMARY KEY, owner TEXT, body BLOB);"
      "CREATE INDEX ticket_owner ON ticket(owner);"
      "CREATE TABLE lock(name TEXT PRIMARY KEY, token INT) WITHOUT ROWID;");
  store::Transaction transaction(database);
  for (int i = 1; i <= rows; ++i) {
    const std::string owner = "owner-" + std::to_string(i * 7919 % 1000);
    const std::string body(i % 20 == 0 ? 5000U : 60U, static_cast<char>('a' + i % 26));
    database.run("INSERT INTO ticket VALUES (?1, ?2, ?3)", i, owner, body);
    database.run("INSERT OR REPLACE INTO lock VALUES (?1, ?2)", owner, i);
  }
  transaction.commit();
  database.run("DELETE FROM ticket WHERE id % 3 = 0");
}

}  // namespace store_tests
