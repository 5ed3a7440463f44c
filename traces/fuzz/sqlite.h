// As much of SQLite's C API as a campaign's database needs. The file is a real one, through
// SQLite's own VFS for this system, also in a program whose default VFS is a simulated disk.
//
// Errors are faults::InputError that name the file: it came from the user, and whatever happens to
// it (full disk, damage, another process) is for the user to mend.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>

namespace fuzz {

// A statement in use; reset with the object. One use of the same text at a time.
class Rows {
 public:
  Rows(sqlite3_stmt* statement, const std::string& path) : statement_(statement), path_(&path) {}
  ~Rows();
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  bool next();  // true: a row is there
  bool null(int column) const;
  std::int64_t integer(int column) const;
  std::uint64_t natural(int column) const;  // 64 bits, as they were stored
  std::string text(int column) const;

 private:
  sqlite3_stmt* statement_;
  const std::string* path_;
};

enum class Access { read, write, create };

class Sqlite {
 public:
  // Waits 5 s for others that read or write. `create`: makes the file if there is none.
  Sqlite(const std::string& path, Access access);
  ~Sqlite();
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;

  const std::string& path() const { return path_; }
  // Statements without results.
  void execute(const std::string& sql);
  // A prepared statement with ?1, ?2, ... bound: integers of 64 bits or texts.
  template <class... Args>
  Rows query(std::string_view sql, const Args&... args) {
    return Rows(bound(sql, args...), path_);
  }
  // One that gives no rows.
  template <class... Args>
  void run(std::string_view sql, const Args&... args) {
    query(sql, args...).next();
  }
  // The first column of the first row.
  std::int64_t integer(std::string_view sql);
  std::int64_t last_id() const { return sqlite3_last_insert_rowid(handle_); }

 private:
  template <class... Args>
  sqlite3_stmt* bound(std::string_view sql, [[maybe_unused]] const Args&... args) {
    sqlite3_stmt* statement = prepare(sql);
    int position = 0;
    (bind(statement, ++position, args), ...);
    return statement;
  }
  static void bind(sqlite3_stmt* statement, int position, std::string_view value);
  template <class Integer>
  requires std::is_integral_v<Integer>
  static void bind(sqlite3_stmt* statement, int position, Integer value) {
    sqlite3_bind_int64(statement, position, static_cast<std::int64_t>(value));
  }
  sqlite3_stmt* prepare(std::string_view sql);
  void close();

  const std::string path_;
  sqlite3* handle_ = nullptr;
  std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
};

// BEGIN IMMEDIATE ... COMMIT; undone when destroyed without commit().
class SqliteTransaction {
 public:
  explicit SqliteTransaction(Sqlite& database);
  ~SqliteTransaction();
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;
  void commit();

 private:
  Sqlite* database_;
};

}  // namespace fuzz
