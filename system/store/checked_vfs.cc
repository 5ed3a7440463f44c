#include "system/store/checked_vfs.h"

#include <algorithm>

#include "system/probe/probe.h"
#include "system/store/checked_file.h"
#include "system/store/journal_file.h"

namespace store {
namespace {

sqlite3_vfs& base(sqlite3_vfs* vfs) { return *static_cast<sqlite3_vfs*>(vfs->pAppData); }

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags,
              int* out_flags) noexcept {
  sqlite3_vfs& below = base(vfs);
  // SQLite opens a journal to write it with CREATE, to look whether it is hot with READONLY.
  probe::hit_if<"store.hot_journal_played_back">((flags & SQLITE_OPEN_MAIN_JOURNAL) != 0 &&
                                                 (flags & SQLITE_OPEN_READWRITE) != 0 &&
                                                 (flags & SQLITE_OPEN_CREATE) == 0);
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) {
    return open_checked_file(below, path, file, flags, out_flags);
  }
  if ((flags & SQLITE_OPEN_MAIN_JOURNAL) != 0) {
    return open_journal_file(below, path, file, flags, out_flags);
  }
  return below.xOpen(&below, path, file, flags, out_flags);
}

// All else is the VFS below.
int remove(sqlite3_vfs* vfs, const char* path, int sync_directory) noexcept {
  return base(vfs).xDelete(&base(vfs), path, sync_directory);
}
int access(sqlite3_vfs* vfs, const char* path, int flags, int* answer) noexcept {
  return base(vfs).xAccess(&base(vfs), path, flags, answer);
}
int full_pathname(sqlite3_vfs* vfs, const char* path, int size, char* out) noexcept {
  return base(vfs).xFullPathname(&base(vfs), path, size, out);
}
void* dl_open(sqlite3_vfs* vfs, const char* path) noexcept {
  return base(vfs).xDlOpen(&base(vfs), path);
}
void dl_error(sqlite3_vfs* vfs, int size, char* message) noexcept {
  base(vfs).xDlError(&base(vfs), size, message);
}
void (*dl_sym(sqlite3_vfs* vfs, void* library, const char* name) noexcept)(void) {
  return base(vfs).xDlSym(&base(vfs), library, name);
}
void dl_close(sqlite3_vfs* vfs, void* library) noexcept { base(vfs).xDlClose(&base(vfs), library); }
int randomness(sqlite3_vfs* vfs, int size, char* out) noexcept {
  return base(vfs).xRandomness(&base(vfs), size, out);
}
int sleep(sqlite3_vfs* vfs, int microseconds) noexcept {
  return base(vfs).xSleep(&base(vfs), microseconds);
}
int current_time(sqlite3_vfs* vfs, double* out) noexcept {
  return base(vfs).xCurrentTime(&base(vfs), out);
}
int current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* out) noexcept {
  return base(vfs).xCurrentTimeInt64(&base(vfs), out);
}
int last_error(sqlite3_vfs* vfs, int size, char* message) noexcept {
  return base(vfs).xGetLastError(&base(vfs), size, message);
}

}  // namespace

CheckedVfs::CheckedVfs(const std::string& base)
    : base_(sqlite3_vfs_find(base.empty() ? nullptr : base.c_str())) {
  if (base_ == nullptr) {
    return;
  }
  // Unlike any other that is in the list at the same time, also in another thread.
  char name[40];
  sqlite3_snprintf(sizeof name, name, "checked-%p", static_cast<void*>(this));
  name_ = name;
  vfs_.iVersion = std::min(base_->iVersion, 2);
  vfs_.szOsFile = std::max(checked_file_bytes(*base_), journal_file_bytes(*base_));
  vfs_.mxPathname = base_->mxPathname;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = base_;
  vfs_.xOpen = open_file;
  vfs_.xDelete = remove;
  vfs_.xAccess = access;
  vfs_.xFullPathname = full_pathname;
  vfs_.xDlOpen = dl_open;
  vfs_.xDlError = dl_error;
  vfs_.xDlSym = dl_sym;
  vfs_.xDlClose = dl_close;
  vfs_.xRandomness = randomness;
  vfs_.xSleep = sleep;
  vfs_.xCurrentTime = current_time;
  vfs_.xGetLastError = last_error;
  vfs_.xCurrentTimeInt64 = vfs_.iVersion >= 2 ? current_time_ms : nullptr;
}

int CheckedVfs::open(const std::string& path, int flags, sqlite3*& handle) {
  if (base_ == nullptr) {
    return SQLITE_ERROR;
  }
  if (const int code = sqlite3_vfs_register(&vfs_, 0); code != SQLITE_OK) {
    return code;
  }
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, vfs_.zName);
  sqlite3_vfs_unregister(&vfs_);
  return code;
}

}  // namespace store
