#include "system/store/database.h"

#include <xxhash.h>

#include <utility>

#include "system/probe/probe.h"
#include "system/store/freelist.h"
#include "system/store/page_checksum.h"
#include "system/store/snapshot.h"

namespace store {
namespace {

// An earlier process may have died between the truncation of the journal, which is the
// commit, and its sync: what is read then is the commit in the page cache, and a power
// loss brings the journal and the old content back. Any commit syncs the journal first,
// and this one writes although nothing changes.
constexpr const char* kMakeDurable = "PRAGMA application_id = 1685221478";  // "drpf"

}  // namespace

Query::~Query() {
  if (statement_ != nullptr) {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
}

bool Query::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code != SQLITE_DONE) {
    fail(sqlite3_db_handle(statement_), sqlite3_sql(statement_));
  }
  return false;
}

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Query::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return bytes == nullptr ? std::string()
                          : std::string(static_cast<const char*>(bytes), static_cast<size_t>(size));
}

void Query::bind(int position, std::int64_t value, bool) {
  if (sqlite3_bind_int64(statement_, position, value) != SQLITE_OK) {
    fail(sqlite3_db_handle(statement_), sqlite3_sql(statement_));
  }
}

void Query::bind(int position, std::string_view value, bool copied) {
  // A null pointer would bind NULL; an empty view may hold one.
  const char* bytes = value.data() != nullptr ? value.data() : "";
  if (sqlite3_bind_text64(statement_, position, bytes, value.size(),
                          copied ? SQLITE_TRANSIENT : SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK) {
    fail(sqlite3_db_handle(statement_), sqlite3_sql(statement_));
  }
}

Database::Database(const env::DatabaseFile& file) : vfs_(file.vfs) {
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
  if (const int opened = vfs_.open(file.path, flags, handle_); opened != SQLITE_OK) {
    const int code = handle_ != nullptr ? sqlite3_extended_errcode(handle_) : opened;
    sqlite3_close_v2(std::exchange(handle_, nullptr));
    throw Error(code, "cannot open database " + file.path);
  }
  try {
    set_up();
  } catch (const Error& error) {
    probe::hit<"store.damaged_when_opened">();
    sqlite3_close_v2(std::exchange(handle_, nullptr));
    throw Error(error.code(), "cannot open database " + file.path + ": " + error.what());
  }
}

void Database::set_up() {
  execute("PRAGMA page_size=1024");
  // Only a new file takes it; in an old one it is a fact.
  int reserved = kChecksumBytes;
  if (sqlite3_file_control(handle_, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved) != SQLITE_OK) {
    fail(handle_, "cannot reserve room for checksums");
  }
  // The cache stays SQLite's 2 MB: a commit after a b-tree was balanced looks through all of it
  // (pages are renumbered past page 2^30/1024 on the way, and the cache then drops what lies behind
  // the end of the file page by page). With 64 MB a ledger's command at 200,000 tickets cost half
  // as much again.
  execute(
      "PRAGMA journal_mode=TRUNCATE; PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=FULL;"
      "PRAGMA temp_store=MEMORY;");
  mend_free_leaves(handle_);
  execute(kMakeDurable);
}

Database::~Database() {
  for (const auto& [hash, statement] : statements_) {
    sqlite3_finalize(statement.handle);
  }
  sqlite3_close_v2(handle_);
}

void Database::execute(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail(handle_, sql);
  }
}

std::string Database::serialize() { return take_snapshot(handle_); }

void Database::replace_with(std::string_view snapshot) {
  for (const auto& [hash, statement] : statements_) {
    if (sqlite3_stmt_busy(statement.handle) != 0) {
      throw Error(SQLITE_BUSY, "a database cannot be replaced during " + statement.text);
    }
  }
  restore_snapshot(handle_, snapshot);
}

sqlite3_stmt* Database::prepare(std::string_view sql) {
  Statement& statement = statements_[XXH3_64bits(sql.data(), sql.size())];
  if (statement.handle != nullptr) {
    if (statement.text != sql) {
      throw Error(SQLITE_INTERNAL, "two statements have one hash: " + statement.text);
    }
    return statement.handle;
  }
  if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement.handle, nullptr) != SQLITE_OK) {
    fail(handle_, sql);
  }
  statement.text = sql;
  return statement.handle;
}

Transaction::Transaction(Database& database) : database_(&database) {
  database.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (database_ == nullptr) {
    return;
  }
  probe::hit<"store.transaction_abandoned">();
  try {
    database_->run("ROLLBACK");
  } catch (const Error&) {
    probe::hit<"store.rolled_back_by_sqlite">();
    // SQLite rolls back by itself after some errors; then there is nothing to do.
  }
}

void Transaction::commit() {
  database_->run("COMMIT");
  database_ = nullptr;
}

}  // namespace store
