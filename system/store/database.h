// RAII over SQLite's C API. One connection per database, used from one thread.
//
// Errors are exceptions (store::Error): a failed statement leaves a state the
// caller cannot mend locally. A service catches it where it decides to stop
// (env::Env::fail_stop); nothing goes on after a failed commit.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "system/env/env.h"
#include "system/store/checked_vfs.h"
#include "system/store/error.h"

namespace store {

// A prepared statement in use. Destruction resets it, so
// the Database can hand it out again; one use of the same SQL text at a time.
class Query {
 public:
  Query(Query&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Query& operator=(Query&&) = delete;
  ~Query();

  bool step();  // true: a row is there
  std::int64_t integer(int column) const;
  std::string text(int column) const;  // also for BLOBs

 private:
  friend class Database;
  explicit Query(sqlite3_stmt* statement) : statement_(statement) {}
  // `copied`: the value may be gone before the last step.
  void bind(int position, std::int64_t value, bool copied);
  void bind(int position, std::string_view value, bool copied);

  sqlite3_stmt* statement_;
};

class Database {
 public:
  // Opens or creates the file and sets journal_mode=TRUNCATE, synchronous=FULL,
  // locking_mode=EXCLUSIVE, page_size=1024, foreign_keys off, temp_store=MEMORY, and a
  // checksum in each page (checked_vfs.h). Then commits once, so that all that can be read
  // from here on is durable.
  // Errors: SQLITE_IOERR_DATA, here and at any later call, when a page is damaged; here
  // also for a file whose pages never had checksums.
  explicit Database(const env::DatabaseFile& file);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Any number of statements, no results.
  void execute(const char* sql);

  // `sql` is prepared once and cached by its text. Arguments bind to ?1, ?2, ...:
  // integers or strings, which are copied.
  template <class... Args>
  Query query(std::string_view sql, const Args&... args) {
    return bound(sql, true, args...);
  }

  // Runs a statement that returns no rows; returns the number of changed rows.
  template <class... Args>
  std::int64_t run(std::string_view sql, const Args&... args) {
    {
      Query query = bound(sql, false, args...);
      query.step();
    }
    return sqlite3_changes64(handle_);
  }
  // The number of the row that the last INSERT made, of a table that has row numbers.
  std::int64_t last_row() const { return sqlite3_last_insert_rowid(handle_); }

  // The whole content as bytes, between transactions, and the way back. Costs and errors:
  // snapshot.h. REQUIRES: no Transaction; of replace_with, that no Query is at a row.
  // Otherwise it is SQLITE_MISUSE or SQLITE_BUSY, and nothing happens.
  std::string serialize();
  void replace_with(std::string_view snapshot);

  // Stays the Database's. REQUIRES: nothing changes its settings.
  sqlite3* native_handle() { return handle_; }

 private:
  template <class... Args>
  Query bound(std::string_view sql, [[maybe_unused]] bool copied, const Args&... args) {
    Query query(prepare(sql));
    int position = 0;
    (query.bind(++position, args, copied), ...);
    return query;
  }
  void set_up();
  sqlite3_stmt* prepare(std::string_view sql);

  CheckedVfs vfs_;  // outlives the connection
  sqlite3* handle_ = nullptr;
  struct Statement {
    std::string text;
    sqlite3_stmt* handle = nullptr;
  };
  std::map<std::uint64_t, Statement> statements_;  // by the hash of the text
};

// BEGIN IMMEDIATE ... COMMIT; rolls back when destroyed without commit().
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database* database_;
};

}  // namespace store
