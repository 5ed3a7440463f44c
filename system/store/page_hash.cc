#include "system/store/page_hash.h"

#include <xxhash.h>

#include <array>
#include <memory>
#include <string_view>

#include "system/store/header.h"
#include "system/store/page_checksum.h"

namespace store {
namespace {

using Page = std::array<char, kPageBytes>;
constexpr auto kPage_bytes = static_cast<sqlite3_int64>(kPageBytes);

// Sees the file as SQLite does, so each page that is read was held against its checksum.
sqlite3_file& file_of(Database& database) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(database.native_handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (file == nullptr || file->pMethods == nullptr) {
    throw Error(SQLITE_MISUSE, "a database without a file has no pages to hash");
  }
  return *file;
}

void require(Database& database, int code) {
  if (code != SQLITE_OK) {
    fail(database.native_handle(), code, "cannot hash the pages");
  }
}

}  // namespace

std::uint64_t page_hash(Database& database) {
  sqlite3_file& file = file_of(database);
  sqlite3_int64 size = 0;
  require(database, file.pMethods->xFileSize(&file, &size));
  const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state(XXH3_createState(),
                                                                              XXH3_freeState);
  if (state == nullptr) {
    require(database, SQLITE_NOMEM);
  }
  XXH3_64bits_reset(state.get());
  Page page;
  for (sqlite3_int64 at = 0; at < size; at += kPage_bytes) {
    require(database, file.pMethods->xRead(&file, page.data(), static_cast<int>(kPage_bytes), at));
    if (at == 0) {
      header::put(page.data(), header::kChangeCounter, 0);
      header::put(page.data(), header::kPagesValidFor, 0);
      header::put(page.data(), header::kSchemaCookie, 0);
      seal_page(page, 1);
    }
    XXH3_64bits_update(state.get(), page.data() + kCoveredBytes, kChecksumBytes);
  }
  return XXH3_64bits_digest(state.get());
}

}  // namespace store
