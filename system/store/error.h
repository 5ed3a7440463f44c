// How this folder fails: with SQLite's extended result code and what was being done.
#pragma once

#include <sqlite3.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace store {

class Error : public std::runtime_error {
 public:
  Error(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
  int code() const { return code_; }  // SQLite's extended result code

 private:
  int code_;
};

// Throws the connection's latest error; null stands for one that could not be made.
[[noreturn]] void fail(sqlite3* handle, std::string_view what);
// The same for an error that the connection was not told of.
[[noreturn]] void fail(sqlite3* handle, int code, std::string_view what);

}  // namespace store
