// SQLite's methods of one open file (sqlite3_io_methods) on a DiskHandle. They are
// noexcept: nothing unwinds through C.
#pragma once

#include <sqlite3.h>

#include "simnet/disk.h"

namespace simnet {

// What SQLite must allocate for a file.
extern const int kVfsFileBytes;

// SQLite's code of a disk's answer. `failure` is the extended code of the operation, for
// any trouble but a full disk and a lock.
int vfs_result(DiskStatus status, int failure);

// Makes `into`, kVfsFileBytes large, an open file; SQLite closes it.
void open_vfs_file(sqlite3_file* into, DiskHandle handle, bool read_only);

}  // namespace simnet
