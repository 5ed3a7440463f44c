#include "history.h"

#include <stdexcept>
#include <utility>

namespace chat {
namespace {

// FULL is not enough: the commit is the unlinking of the journal, and only EXTRA syncs the
// folder after it (sqlite.org/pragma.html#pragma_synchronous).
#if defined(CHAT_BUG_TRUSTS_THE_CACHE)
constexpr char kSynchronous[] = "PRAGMA synchronous = OFF";
#elif defined(CHAT_BUG_TRUSTS_THE_FOLDER)
constexpr char kSynchronous[] = "PRAGMA synchronous = FULL";
#else
constexpr char kSynchronous[] = "PRAGMA synchronous = EXTRA";
#endif

std::string text_of(sqlite3_stmt* statement, int column) {
  return std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)),
                     static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
}

}  // namespace

History::History(const std::string& path, const char* vfs) {
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs);
  database_.reset(opened);
  check(code, "open");
  execute(kSynchronous);
  execute("CREATE TABLE IF NOT EXISTS message (number INTEGER PRIMARY KEY, id TEXT, text TEXT)");
  load();
  insert_ = prepare("INSERT INTO message (number, id, text) VALUES (?, ?, ?)");
}

std::uint64_t History::append(const std::string& id, const std::string& text) {
  const auto known = numbers_.find(id);
  if (known != numbers_.end()) {
    ++repeats_;
#if !defined(CHAT_BUG_KEEPS_REPEATS)
    return known->second;
#endif
  }
  Message message{messages_.size() + 1, id, text};
  sqlite3_bind_int64(insert_.get(), 1, static_cast<sqlite3_int64>(message.number));
  sqlite3_bind_text(insert_.get(), 2, message.id.c_str(), -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(insert_.get(), 3, message.text.c_str(), -1, SQLITE_TRANSIENT);
  const int code = sqlite3_step(insert_.get());
  sqlite3_reset(insert_.get());
  check(code == SQLITE_DONE ? SQLITE_OK : code, "insert");
  remember(std::move(message));
  return messages_.size();
}

void History::load() {
  const Statement select = prepare("SELECT number, id, text FROM message ORDER BY number");
  int code = sqlite3_step(select.get());
  for (; code == SQLITE_ROW; code = sqlite3_step(select.get())) {
    remember({static_cast<std::uint64_t>(sqlite3_column_int64(select.get(), 0)),
              text_of(select.get(), 1), text_of(select.get(), 2)});
  }
  check(code == SQLITE_DONE ? SQLITE_OK : code, "select");
}

void History::remember(Message message) {
  if (message.number != messages_.size() + 1) {
    throw std::runtime_error("the history has a gap before message " +
                             std::to_string(message.number));
  }
  numbers_.emplace(message.id, message.number);
  messages_.push_back(std::move(message));
}

void History::execute(const char* sql) {
  check(sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr), sql);
}

History::Statement History::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(database_.get(), sql, -1, &statement, nullptr);
  Statement prepared(statement);
  check(code, sql);
  return prepared;
}

void History::check(int code, const char* what) {
  if (code != SQLITE_OK) {
    throw std::runtime_error(std::string("SQLite, ") + what + ": " + sqlite3_errstr(code));
  }
}

}  // namespace chat
