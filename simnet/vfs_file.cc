#include "simnet/vfs_file.h"

#include <cstring>
#include <new>
#include <span>
#include <utility>

#include "simnet/vfs_shm.h"

namespace simnet {
namespace {

// SQLite allocates szOsFile bytes; open_vfs_file constructs this in them, xClose destroys it.
struct OpenFile {
  sqlite3_file base;
  DiskHandle handle;
  bool read_only;
  VfsShmUser shm;
};

OpenFile& open_file(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
DiskHandle& handle_of(sqlite3_file* file) { return open_file(file).handle; }

// SQLITE_LOCK_NONE ... SQLITE_LOCK_EXCLUSIVE are 0 ... 4.
LockLevel lock_level(int sqlite_level) { return static_cast<LockLevel>(sqlite_level); }

int file_close(sqlite3_file* file) noexcept {
  open_file(file).~OpenFile();
  file->pMethods = nullptr;
  return SQLITE_OK;
}

int file_read(sqlite3_file* file, void* into, int count, sqlite3_int64 offset) noexcept {
  const std::span bytes(static_cast<std::byte*>(into), static_cast<std::size_t>(count));
  std::size_t got = 0;
  const DiskStatus status = handle_of(file).read(static_cast<std::uint64_t>(offset), bytes, got);
  if (status != DiskStatus::ok) {
    return vfs_result(status, SQLITE_IOERR_READ);
  }
  if (got == bytes.size()) {
    return SQLITE_OK;
  }
  std::memset(bytes.data() + got, 0, bytes.size() - got);
  return SQLITE_IOERR_SHORT_READ;
}

int file_write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) noexcept {
  const std::span bytes(static_cast<const std::byte*>(from), static_cast<std::size_t>(count));
  if (open_file(file).read_only) {
    return SQLITE_IOERR_WRITE;
  }
  return vfs_result(handle_of(file).write(static_cast<std::uint64_t>(offset), bytes),
                    SQLITE_IOERR_WRITE);
}

int file_truncate(sqlite3_file* file, sqlite3_int64 size) noexcept {
  if (open_file(file).read_only) {
    return SQLITE_IOERR_TRUNCATE;
  }
  return vfs_result(handle_of(file).truncate(static_cast<std::uint64_t>(size)),
                    SQLITE_IOERR_TRUNCATE);
}

int file_sync(sqlite3_file* file, int) noexcept {
  return vfs_result(handle_of(file).sync(), SQLITE_IOERR_FSYNC);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) noexcept {
  std::uint64_t bytes = 0;
  const DiskStatus status = handle_of(file).size(bytes);
  *size = static_cast<sqlite3_int64>(bytes);
  return vfs_result(status, SQLITE_IOERR_FSTAT);
}

int file_lock(sqlite3_file* file, int level) noexcept {
  return vfs_result(handle_of(file).lock(lock_level(level)), SQLITE_IOERR_LOCK);
}

int file_unlock(sqlite3_file* file, int level) noexcept {
  return vfs_result(handle_of(file).unlock(lock_level(level)), SQLITE_IOERR_UNLOCK);
}

int file_check_reserved(sqlite3_file* file, int* answer) noexcept {
  bool reserved = false;
  const DiskStatus status = handle_of(file).reserved(reserved);
  *answer = reserved ? 1 : 0;
  return vfs_result(status, SQLITE_IOERR_CHECKRESERVEDLOCK);
}

int file_control(sqlite3_file*, int, void*) noexcept { return SQLITE_NOTFOUND; }

int shm_map(sqlite3_file* file, int region, int bytes, int create,
            void volatile** address) noexcept {
  *address = nullptr;
  VfsShmUser& shm = open_file(file).shm;
  // A stale user keeps what it has, for it may still look there, and gets nothing new.
  if (handle_of(file).stale()) {
    return SQLITE_IOERR_SHMMAP;
  }
  if (!shm.joined()) {
    shm.join(handle_of(file).shared_memory());
  }
  *address = shm.memory().region(static_cast<std::size_t>(region), static_cast<std::size_t>(bytes),
                                 create != 0);
  return SQLITE_OK;
}

int shm_lock(sqlite3_file* file, int first, int count, int flags) noexcept {
  VfsShmUser& shm = open_file(file).shm;
  if (handle_of(file).stale() || !shm.joined()) {
    return SQLITE_IOERR_SHMLOCK;
  }
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    shm.unlock(first, count);
    return SQLITE_OK;
  }
  return shm.lock(first, count, (flags & SQLITE_SHM_EXCLUSIVE) != 0) ? SQLITE_OK : SQLITE_BUSY;
}

void shm_barrier(sqlite3_file*) noexcept {}

int shm_unmap(sqlite3_file* file, int) noexcept {
  open_file(file).shm.leave();
  return SQLITE_OK;
}

int file_sector_size(sqlite3_file* file) noexcept {
  return static_cast<int>(handle_of(file).sector_bytes());
}
// No promise: not atomic, not safe to append, no overwrite safe at a power loss.
int file_characteristics(sqlite3_file*) noexcept { return 0; }

constexpr sqlite3_io_methods kIoMethods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

}  // namespace

const int kVfsFileBytes = sizeof(OpenFile);

int vfs_result(DiskStatus status, int failure) {
  switch (status) {
    case DiskStatus::ok:
      return SQLITE_OK;
    case DiskStatus::no_space:
      return SQLITE_FULL;
    case DiskStatus::busy:
      return SQLITE_BUSY;
    default:
      return failure;
  }
}

void open_vfs_file(sqlite3_file* into, DiskHandle handle, bool read_only) {
  new (into) OpenFile{{&kIoMethods}, std::move(handle), read_only, {}};
}

}  // namespace simnet
