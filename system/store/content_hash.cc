#include "system/store/content_hash.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <string>
#include <vector>

namespace store {
namespace {

// Numbers least significant byte first, lengths before bytes: no two contents have the
// same encoding.
class Hasher {
 public:
  Hasher() : state_(XXH3_createState(), XXH3_freeState) {
    if (state_ == nullptr) {
      fail(nullptr, "cannot hash a database");
    }
    XXH3_64bits_reset(state_.get());
  }

  void number(std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) {
      buffer_.push_back(static_cast<char>(value >> shift));
    }
  }
  void tag(char kind) { buffer_.push_back(kind); }
  void bytes(std::string_view value) {
    number(value.size());
    buffer_ += value;
  }
  void flush() {
    XXH3_64bits_update(state_.get(), buffer_.data(), buffer_.size());
    buffer_.clear();
  }
  std::uint64_t value() {
    flush();
    return XXH3_64bits_digest(state_.get());
  }

 private:
  std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state_;
  std::string buffer_;  // of the row at hand
};

// A statement for one use; Database's own stay in its cache for ever.
class Rows {
 public:
  Rows(sqlite3* handle, const std::string& sql) : handle_(handle) {
    if (sqlite3_prepare_v2(handle, sql.c_str(), static_cast<int>(sql.size()), &statement_,
                           nullptr) != SQLITE_OK) {
      fail(handle, sql);
    }
  }
  ~Rows() { sqlite3_finalize(statement_); }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  bool next() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
      fail(handle_, sqlite3_sql(statement_));
    }
    return code == SQLITE_ROW;
  }
  void add_row(Hasher& hasher) {
    const int columns = sqlite3_column_count(statement_);
    for (int column = 0; column < columns; ++column) {
      add_value(hasher, column);
    }
    hasher.flush();
  }

 private:
  void add_value(Hasher& hasher, int column) {
    const int type = sqlite3_column_type(statement_, column);
    hasher.tag(static_cast<char>(type));
    switch (type) {
      case SQLITE_INTEGER:
        hasher.number(static_cast<std::uint64_t>(sqlite3_column_int64(statement_, column)));
        break;
      case SQLITE_FLOAT: {
        const double value = sqlite3_column_double(statement_, column);
        hasher.number(std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value));  // no -0
        break;
      }
      case SQLITE_TEXT:
        hasher.bytes(view(sqlite3_column_text(statement_, column), column));  // as UTF-8
        break;
      case SQLITE_BLOB:
        hasher.bytes(view(sqlite3_column_blob(statement_, column), column));
        break;
      default:
        break;
    }
  }
  std::string_view view(const void* bytes, int column) {
    const int size = sqlite3_column_bytes(statement_, column);
    if (bytes == nullptr) {
      if (sqlite3_errcode(handle_) == SQLITE_NOMEM) {
        fail(handle_, sqlite3_sql(statement_));
      }
      return {};
    }
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
  }

  sqlite3* handle_;
  sqlite3_stmt* statement_ = nullptr;
};

std::string quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    out += c == '"' ? "\"\"" : std::string(1, c);
  }
  return out + '"';
}

struct Column {
  std::string name;
  bool not_null;
  std::int64_t key;  // place in the primary key, from 1; 0: no part of it
};

std::vector<Column> columns_of(Database& database, const std::string& table) {
  std::vector<Column> columns;
  Query query =
      database.query("SELECT name, \"notnull\", pk FROM pragma_table_info(?1) ORDER BY cid", table);
  while (query.step()) {
    columns.push_back({query.text(0), query.integer(1) != 0, query.integer(2)});
  }
  return columns;
}

// By the key, which needs no sorting. Where it is no key to SQL, for it may hold NULLs more
// than once or there is none, by everything: what is then equal in all terms is equal.
std::string select(const std::string& table, std::vector<Column> columns) {
  std::string list;
  std::string all;
  for (const Column& column : columns) {
    const std::string name = quoted(column.name);
    list += (list.empty() ? "" : ",") + name;
    all += "," + name + " COLLATE BINARY,typeof(" + name + ")";
  }
  std::erase_if(columns, [](const Column& column) { return column.key == 0; });
  std::ranges::sort(columns, {}, &Column::key);
  std::string order;
  for (const Column& column : columns) {
    order += "," + quoted(column.name);
  }
  if (columns.empty() || !std::ranges::all_of(columns, &Column::not_null)) {
    order += all;
  }
  return "SELECT " + list + " FROM main." + quoted(table) + " ORDER BY " + order.substr(1);
}

std::vector<std::string> tables_of(Database& database) {
  std::vector<std::string> tables;
  Query query = database.query(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name");
  while (query.step()) {
    tables.push_back(query.text(0));
  }
  return tables;
}

void add_rows(Hasher& hasher, sqlite3* handle, const std::string& sql) {
  Rows rows(handle, sql);
  std::uint64_t count = 0;
  for (; rows.next(); ++count) {
    rows.add_row(hasher);
  }
  hasher.number(count);
}

}  // namespace

std::uint64_t content_hash(Database& database) {
  Hasher hasher;
  sqlite3* handle = database.native_handle();
  add_rows(hasher, handle, "PRAGMA user_version");
  add_rows(hasher, handle,
           "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL "
           "ORDER BY name, type");
  for (const std::string& table : tables_of(database)) {
    add_rows(hasher, handle, select(table, columns_of(database, table)));
  }
  return hasher.value();
}

}  // namespace store
