// A VFS between SQLite and the VFS that a database is to lie on. It writes a checksum into
// each page of the database file and holds each page that is read against it: a page that
// is not what was last written to its place is SQLITE_IOERR_DATA. So is a part of the rollback
// journal (journal_file.h).
//
// After an idea of SQLite's checksum VFS, https://www.sqlite.org/cksumvfs.html. Unlike that
// one it knows one page size, so nothing in the file can switch the checks off.
//
// SQLite's list of VFSs is the process's own. This one is in it only while a connection is
// being opened and never as the default, so it survives nothing and disturbs nobody; the
// VFS below is looked up anew for each. Therefore what SQLite looks up by a connection's
// VFS later fails: ATTACH and VACUUM.
//
// Limits: pages of kPageBytes with kChecksumBytes reserved; no memory-mapped I/O; a write
// that the medium lost is not seen (page_checksum.h); the first look at the header, before
// SQLite knows whether a journal has to be played back, is not checked, and SQLite uses
// nothing of it in the end.
#pragma once

#include <sqlite3.h>

#include <string>

namespace store {

class CheckedVfs {
 public:
  // Over the VFS of that name; empty: the default one.
  explicit CheckedVfs(const std::string& base);
  CheckedVfs(const CheckedVfs&) = delete;
  CheckedVfs& operator=(const CheckedVfs&) = delete;

  // sqlite3_open_v2. REQUIRES: this and the VFS below outlive the connection.
  int open(const std::string& path, int flags, sqlite3*& handle);

 private:
  sqlite3_vfs* base_;
  std::string name_;
  sqlite3_vfs vfs_{};
};

}  // namespace store
