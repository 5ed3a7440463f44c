#include "system/store/snapshot.h"

#include <memory>

#include "system/probe/probe.h"
#include "system/store/checked_file.h"
#include "system/store/error.h"
#include "system/store/freelist.h"
#include "system/store/header.h"
#include "system/store/page_checksum.h"

namespace store {
namespace {

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
using Connection = std::unique_ptr<sqlite3, Close>;

Connection in_memory() {
  sqlite3* handle = nullptr;
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(":memory:", &handle, flags, nullptr);
  Connection connection(handle);
  if (code != SQLITE_OK) {
    fail(handle, "cannot open a database in memory");
  }
  return connection;
}

void require_rest(sqlite3* handle) {
  if (sqlite3_get_autocommit(handle) == 0) {
    throw Error(SQLITE_MISUSE, "a snapshot in the middle of a transaction");
  }
}

// Unlike sqlite3_serialize, which puts zeros in the place of pages that it cannot read, this
// reports them. In the file it is one transaction.
void copy(sqlite3* from, sqlite3* to) {
  sqlite3_backup* backup = sqlite3_backup_init(to, "main", from, "main");
  if (backup == nullptr) {
    fail(to, "cannot copy a database");
  }
  sqlite3_backup_step(backup, -1);
  if (const int code = sqlite3_backup_finish(backup); code != SQLITE_OK) {
    fail(latest_damage(to).page != 0 ? to : from, code, "cannot copy a database");
  }
}

[[noreturn]] void reject(int code, const std::string& why) {
  probe::hit<"store.snapshot_rejected">();
  throw Error(code, "no snapshot of a database: " + why);
}

void check_header(std::string_view bytes) {
  if (bytes.size() < kPageBytes || !bytes.starts_with(header::kMagic)) {
    reject(SQLITE_NOTADB, "it does not begin like a database");
  }
  if (header::get(bytes, header::kPageSize, 2) != kPageBytes) {
    reject(SQLITE_NOTADB, "its page size is not " + std::to_string(kPageBytes));
  }
  if (header::get(bytes, header::kReserved, 1) != kChecksumBytes) {
    reject(SQLITE_NOTADB, "its pages have no room for checksums");
  }
  if (header::get(bytes, header::kWriteVersion, 1) != 1 ||
      header::get(bytes, header::kReadVersion, 1) != 1) {
    reject(SQLITE_NOTADB, "it has a write-ahead log");
  }
  if (header::get(bytes, header::kPages, 4) != bytes.size() / kPageBytes ||
      bytes.size() % kPageBytes != 0) {
    reject(SQLITE_CORRUPT, "it is truncated or has something behind its end");
  }
}

void check_pages(std::string_view bytes) {
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < bytes.size(); at += kPageBytes) {
    if (!is_sealed(bytes.substr(at, kPageBytes), ++number)) {
      reject(SQLITE_CORRUPT, "page " + std::to_string(number) + " does not match its checksum");
    }
  }
}

// Its schema may be anybody's: nothing in it is trusted to call functions with effects.
void distrust(sqlite3* handle) {
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (sqlite3_exec(handle, "PRAGMA cell_size_check=ON", nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail(handle, "no snapshot of a database");
  }
}

void check_integrity(sqlite3* handle) {
  std::string answer;
  const auto collect = [](void* into, int, char** values, char**) {
    *static_cast<std::string*>(into) = values[0] != nullptr ? values[0] : "";
    return 0;
  };
  if (sqlite3_exec(handle, "PRAGMA integrity_check(1)", collect, &answer, nullptr) != SQLITE_OK) {
    fail(handle, "no snapshot of a database");
  }
  if (answer != "ok") {
    reject(SQLITE_CORRUPT, answer);
  }
}

}  // namespace

void seal_snapshot(std::string& bytes) {
  header::put(bytes.data(), header::kPages, static_cast<std::uint32_t>(bytes.size() / kPageBytes));
  header::put(bytes.data(), header::kChangeCounter, 1);
  header::put(bytes.data(), header::kPagesValidFor, 1);
  header::put(bytes.data(), header::kSchemaCookie, 1);
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < bytes.size(); at += kPageBytes) {
    seal_page({bytes.data() + at, kPageBytes}, ++number);
  }
}

std::string take_snapshot(sqlite3* handle) {
  require_rest(handle);
  const Connection memory = in_memory();
  copy(handle, memory.get());
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, void (*)(void*)> pages(
      sqlite3_serialize(memory.get(), "main", &size, 0), sqlite3_free);
  if (pages == nullptr) {
    fail(nullptr, "cannot take a snapshot");
  }
  std::string bytes(reinterpret_cast<const char*>(pages.get()), static_cast<std::size_t>(size));
  clear_free_leaves(bytes);
  seal_snapshot(bytes);
  return bytes;
}

void restore_snapshot(sqlite3* handle, std::string_view bytes) {
  require_rest(handle);
  check_header(bytes);
  check_pages(bytes);
  const Connection memory = in_memory();
  distrust(memory.get());
  // It is read in place and never written.
  auto* content = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
  const auto size = static_cast<sqlite3_int64>(bytes.size());
  if (sqlite3_deserialize(memory.get(), "main", content, size, size, SQLITE_DESERIALIZE_READONLY) !=
      SQLITE_OK) {
    fail(memory.get(), "cannot read a snapshot");
  }
  check_integrity(memory.get());
  copy(memory.get(), handle);
}

}  // namespace store
