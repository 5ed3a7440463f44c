#include "system/store/error.h"

#include "system/probe/probe.h"
#include "system/store/checked_file.h"

namespace store {
namespace {

[[noreturn]] void throw_error(sqlite3* handle, int code, std::string_view what,
                              std::string_view why) {
  probe::hit_if<"store.disk_full">((code & 0xff) == SQLITE_FULL);
  probe::hit_if<"store.disk_error">((code & 0xff) == SQLITE_IOERR && code != SQLITE_IOERR_DATA);
  probe::hit_if<"store.database_malformed">((code & 0xff) == SQLITE_CORRUPT);
  std::string message = std::string(what) + ": " + std::string(why);
  const Damage damage = code == SQLITE_IOERR_DATA ? latest_damage(handle) : Damage{};
  if (damage.foreign) {
    message += ": its pages have no room for checksums; it was not made here, or is damaged";
  } else if (damage.page != 0) {
    message += ": page " + std::to_string(damage.page) + " does not match its checksum";
  } else if (code == SQLITE_IOERR_DATA) {
    message += ": its journal does not match its checksums";
  }
  throw Error(code, message);
}

}  // namespace

void fail(sqlite3* handle, std::string_view what) {
  if (handle == nullptr) {
    throw Error(SQLITE_NOMEM, std::string(what) + ": out of memory");
  }
  throw_error(handle, sqlite3_extended_errcode(handle), what, sqlite3_errmsg(handle));
}

void fail(sqlite3* handle, int code, std::string_view what) {
  throw_error(handle, code, what, sqlite3_errstr(code));
}

}  // namespace store
