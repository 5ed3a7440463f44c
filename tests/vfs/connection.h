// A SQLite connection for tests.
#pragma once

#include <sqlite3.h>

#include <string>

namespace vfs_tests {

class Connection {
 public:
  explicit Connection(const std::string& path, const char* vfs = nullptr) {
    opened_ =
        sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs);
  }
  ~Connection() { sqlite3_close_v2(handle_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int opened() const { return opened_; }
  sqlite3* handle() const { return handle_; }
  int run(const std::string& sql) {
    return sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  }
  // All values of all rows in a row, or "error <code>".
  std::string text(const std::string& sql) {
    std::string out;
    const auto collect = [](void* into, int columns, char** values, char**) {
      for (int i = 0; i < columns; ++i) {
        *static_cast<std::string*>(into) += values[i] != nullptr ? values[i] : "NULL";
      }
      return 0;
    };
    const int code = sqlite3_exec(handle_, sql.c_str(), collect, &out, nullptr);
    return code == SQLITE_OK ? out : "error " + std::to_string(code);
  }

 private:
  sqlite3* handle_ = nullptr;
  int opened_ = SQLITE_ERROR;
};

}  // namespace vfs_tests
