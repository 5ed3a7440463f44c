// The database file of a CheckedVfs: SQLite's methods (sqlite3_io_methods) on a file of the
// VFS below.
#pragma once

#include <sqlite3.h>

#include <cstdint>

namespace store {

// What SQLite must allocate for it.
int checked_file_bytes(const sqlite3_vfs& base);

// xOpen of a database file. `into` has checked_file_bytes; SQLite closes it.
int open_checked_file(sqlite3_vfs& base, const char* path, sqlite3_file* into, int flags,
                      int* out_flags);

// The page that made the latest SQLITE_IOERR_DATA.
struct Damage {
  std::uint32_t page = 0;  // 0: there was none
  bool foreign = false;    // page 1, and it says that pages have no room for a checksum
};

// Of the connection's main database.
Damage latest_damage(sqlite3* handle);

}  // namespace store
