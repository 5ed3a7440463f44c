// What a database's file holds, page by page: equal pages are equal content, at a fraction of
// what content_hash costs. The reverse does not hold: equal content may lie in other pages.
#pragma once

#include <cstdint>

#include "system/store/database.h"

namespace store {

// XXH3-64 over the checksums of all pages, each of them held against its page. Of the header
// three counters do not count: two grow with each start of a process, and the schema cookie is the
// receiver's own after a snapshot (sqlite3_backup counts it on).
// Two replicas whose history is the same sequence of transactions have equal pages; a snapshot
// (database.h) keeps them.
//
// REQUIRES: the database is a file, and no transaction is open. What lies in SQLite's cache is not
// looked at. Cost: reads every page once, some millions per second. Errors: store::Error.
std::uint64_t page_hash(Database& database);

}  // namespace store
