#include "system/store/checked_file.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include "system/probe/probe.h"
#include "system/store/header.h"
#include "system/store/layer.h"
#include "system/store/page_checksum.h"

namespace store {
namespace {

constexpr auto kPage = static_cast<sqlite3_int64>(kPageBytes);
constexpr sqlite3_int64 kUnknown = -1;
// The numbers below 100 are SQLite's own.
constexpr int kControlLatestDamage = 0x64727066;

using Page = std::array<char, kPageBytes>;

struct CheckedFile {
  sqlite3_file base;
  int lock = SQLITE_LOCK_NONE;
  sqlite3_int64 end = kUnknown;  // the file's size, while nobody else can change it
  Damage damage{};
};

using Below = Layer<CheckedFile>;

CheckedFile& self(sqlite3_file* file) { return Below::self(file); }
sqlite3_file* below(sqlite3_file* file) { return Below::below(file); }
const sqlite3_io_methods& methods(sqlite3_file* file) { return Below::methods(file); }

std::uint32_t page_number(sqlite3_int64 offset) {
  return static_cast<std::uint32_t>(offset / kPage + 1);
}

int refuse(CheckedFile& file, const char* page, sqlite3_int64 offset) {
  probe::hit<"store.page_refused">();
  file.damage.page = page_number(offset);
  file.damage.foreign = offset == 0 && page[header::kReserved] != char{kChecksumBytes};
  return SQLITE_IOERR_DATA;
}

// `offset` is a page's. Behind the end there are zeros and SQLITE_IOERR_SHORT_READ; the rest
// of a page at the end is no page.
int read_page(sqlite3_file* file, char* page, sqlite3_int64 offset) {
  const int code = methods(file).xRead(below(file), page, static_cast<int>(kPageBytes), offset);
  if (code == SQLITE_OK) {
    return is_sealed({page, kPageBytes}, page_number(offset)) ? SQLITE_OK
                                                              : refuse(self(file), page, offset);
  }
  if (code == SQLITE_IOERR_SHORT_READ &&
      std::any_of(page, page + kPageBytes, [](char byte) { return byte != 0; })) {
    return refuse(self(file), page, offset);
  }
  return code;
}

// Something that is not one page: a part of one, or several.
int read_parts(sqlite3_file* file, char* into, sqlite3_int64 count, sqlite3_int64 offset) {
  Page page;
  for (sqlite3_int64 done = 0; done < count;) {
    const sqlite3_int64 skip = (offset + done) % kPage;
    const sqlite3_int64 part = std::min(count - done, kPage - skip);
    const int code = read_page(file, page.data(), offset + done - skip);
    if (code == SQLITE_IOERR_SHORT_READ) {
      std::memset(into + done, 0, static_cast<std::size_t>(count - done));
    }
    if (code != SQLITE_OK) {
      return code;
    }
    std::memcpy(into + done, page.data() + skip, static_cast<std::size_t>(part));
    done += part;
  }
  return SQLITE_OK;
}

int file_read(sqlite3_file* file, void* into, int count, sqlite3_int64 offset) noexcept {
  if (self(file).lock == SQLITE_LOCK_NONE) {
    // SQLite looks at the header before it looks for a hot journal, which may be about to
    // mend this very page. It reads the whole page again when it has the lock.
    return methods(file).xRead(below(file), into, count, offset);
  }
  auto* bytes = static_cast<char*>(into);
  return count == kPage && offset % kPage == 0 ? read_page(file, bytes, offset)
                                               : read_parts(file, bytes, count, offset);
}

int write_page(sqlite3_file* file, Page& page, sqlite3_int64 offset) {
  seal_page(page, page_number(offset));
  CheckedFile& checked = self(file);
  const int code =
      methods(file).xWrite(below(file), page.data(), static_cast<int>(kPageBytes), offset);
  if (code != SQLITE_OK) {
    checked.end = kUnknown;
  } else if (checked.end != kUnknown) {
    checked.end = std::max(checked.end, offset + kPage);
  }
  return code;
}

// SQLite leaves out pages that it has no use for, and the file would have zeros there,
// which are no page. Whole pages only: what is left of one stays to be seen.
int fill_gap(sqlite3_file* file, sqlite3_int64 offset) {
  CheckedFile& checked = self(file);
  if (checked.end == kUnknown) {
    if (const int code = methods(file).xFileSize(below(file), &checked.end); code != SQLITE_OK) {
      checked.end = kUnknown;
      return code;
    }
  }
  for (sqlite3_int64 at = (checked.end + kPage - 1) / kPage * kPage; at < offset; at += kPage) {
    probe::hit<"store.gap_filled">();
    Page zeros{};
    if (const int code = write_page(file, zeros, at); code != SQLITE_OK) {
      return code;
    }
  }
  return SQLITE_OK;
}

int file_write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) noexcept {
  const char* bytes = static_cast<const char*>(from);
  const bool room = offset != 0 || bytes[header::kReserved] == char{kChecksumBytes};
  if (count != kPage || offset % kPage != 0 || !room) {
    return SQLITE_IOERR_WRITE;  // a checksum would overwrite content
  }
  if (const int code = fill_gap(file, offset); code != SQLITE_OK) {
    return code;
  }
  Page page;  // SQLite's own copy stays as it is
  std::memcpy(page.data(), bytes, kPageBytes);
  return write_page(file, page, offset);
}

int file_truncate(sqlite3_file* file, sqlite3_int64 size) noexcept {
  const int code = methods(file).xTruncate(below(file), size);
  self(file).end = code == SQLITE_OK ? size : kUnknown;
  return code;
}

int file_lock(sqlite3_file* file, int level) noexcept {
  const int code = methods(file).xLock(below(file), level);
  if (code == SQLITE_OK) {
    self(file).lock = std::max(self(file).lock, level);
  }
  return code;
}

int file_unlock(sqlite3_file* file, int level) noexcept {
  const int code = methods(file).xUnlock(below(file), level);
  self(file).lock = std::min(self(file).lock, level);
  if (level == SQLITE_LOCK_NONE) {
    self(file).end = kUnknown;
  }
  return code;
}

int file_control(sqlite3_file* file, int operation, void* argument) noexcept {
  switch (operation) {
    case kControlLatestDamage:
      *static_cast<Damage*>(argument) = self(file).damage;
      return SQLITE_OK;
    // Each would let the VFS below change or show the file past the checks.
    case SQLITE_FCNTL_SIZE_HINT:
    case SQLITE_FCNTL_CHUNK_SIZE:
    case SQLITE_FCNTL_MMAP_SIZE:
      return SQLITE_NOTFOUND;
    default:
      return methods(file).xFileControl(below(file), operation, argument);
  }
}

constexpr sqlite3_io_methods make_methods(int version) {
  sqlite3_io_methods made = Below::hand_down(version);
  made.xRead = file_read;
  made.xWrite = file_write;
  made.xTruncate = file_truncate;
  made.xLock = file_lock;
  made.xUnlock = file_unlock;
  made.xFileControl = file_control;
  return made;
}

constexpr sqlite3_io_methods kMethods[] = {make_methods(1), make_methods(2)};

}  // namespace

int checked_file_bytes(const sqlite3_vfs& base) {
  return static_cast<int>(sizeof(CheckedFile)) + base.szOsFile;
}

int open_checked_file(sqlite3_vfs& base, const char* path, sqlite3_file* into, int flags,
                      int* out_flags) {
  return open_layer<CheckedFile>(base, path, into, flags, out_flags, kMethods);
}

Damage latest_damage(sqlite3* handle) {
  Damage damage;
  if (sqlite3_file_control(handle, "main", kControlLatestDamage, &damage) != SQLITE_OK) {
    return {};
  }
  return damage;
}

}  // namespace store
