#include "traces/fuzz/sqlite.h"

#include "faults/input.h"

namespace fuzz {
namespace {

constexpr int kWait_ms = 5000;

[[noreturn]] void fail(const std::string& path, int code, const char* message) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw faults::InputError(path + ": another process is using this database");
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      throw faults::InputError(path + ": this database is damaged (" + message + ")");
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      throw faults::InputError(path + ": cannot be opened or written (" + message + ")");
    default:
      throw faults::InputError(path + ": the database cannot be used (" + message + ")");
  }
}

// As simnet sets SQLite up. Workers are forks of this process: what they find done must be right
// for them too.
bool set_up_library() {
  sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  return sqlite3_initialize() == SQLITE_OK;
}

}  // namespace

Rows::~Rows() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Rows::next() {
  const int code = sqlite3_step(statement_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    fail(*path_, code, sqlite3_errmsg(sqlite3_db_handle(statement_)));
  }
  return code == SQLITE_ROW;
}

bool Rows::null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::int64_t Rows::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::uint64_t Rows::natural(int column) const {
  return static_cast<std::uint64_t>(integer(column));
}

std::string Rows::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string() : std::string(bytes, size);
}

Sqlite::Sqlite(const std::string& path, Access access) : path_(path) {
  static const bool ready = set_up_library();
  // Also to read: what a killed writer left half done has to be undone first. SQLite opens a file
  // that may not be written for reading only.
  const int flags = SQLITE_OPEN_READWRITE | (access == Access::create ? SQLITE_OPEN_CREATE : 0);
  const int code = ready ? sqlite3_open_v2(path.c_str(), &handle_, flags, "unix") : SQLITE_NOMEM;
  if (code != SQLITE_OK) {
    const std::string message = handle_ == nullptr ? "no memory" : sqlite3_errmsg(handle_);
    close();
    fail(path_, code, message.c_str());
  }
  sqlite3_busy_timeout(handle_, kWait_ms);
  if (access == Access::read) {
    execute("PRAGMA query_only = ON");
  }
}

Sqlite::~Sqlite() { close(); }

void Sqlite::close() {
  for (const auto& [text, statement] : statements_) {
    sqlite3_finalize(statement);
  }
  sqlite3_close(handle_);
}

void Sqlite::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    fail(path_, code, sqlite3_errmsg(handle_));
  }
}

std::int64_t Sqlite::integer(std::string_view sql) {
  Rows rows = query(sql);
  return rows.next() ? rows.integer(0) : 0;
}

void Sqlite::bind(sqlite3_stmt* statement, int position, std::string_view value) {
  const char* bytes = value.data() == nullptr ? "" : value.data();
  sqlite3_bind_text(statement, position, bytes, static_cast<int>(value.size()), SQLITE_TRANSIENT);
}

sqlite3_stmt* Sqlite::prepare(std::string_view sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) {
    return found->second;
  }
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) {
    fail(path_, code, sqlite3_errmsg(handle_));
  }
  statements_.emplace(sql, statement);
  return statement;
}

SqliteTransaction::SqliteTransaction(Sqlite& database) : database_(&database) {
  database.execute("BEGIN IMMEDIATE");
}

SqliteTransaction::~SqliteTransaction() {
  if (database_ != nullptr) {
    try {
      database_->execute("ROLLBACK");
    } catch (const faults::InputError&) {
      // SQLite has undone it by itself.
    }
  }
}

void SqliteTransaction::commit() {
  database_->execute("COMMIT");
  database_ = nullptr;
}

}  // namespace fuzz
