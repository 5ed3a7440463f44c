// What a database says, apart from where in its file it lies.
#pragma once

#include <cstdint>

#include "system/store/database.h"

namespace store {

// XXH3-64 over user_version, the schema (sqlite_schema by name) and the rows of each table
// by name. Rows come in the order of the primary key, or by all columns where there is none:
// rowids that no column shows are no content. A value counts with its type, so 1, 1.0 and
// '1' differ. Virtual tables do not count, the tables behind them do.
//
// Equal on replicas with equal rows whatever their past; across machines and versions of
// SQLite, but not across two ways to write the same schema.
//
// Cost: reads every row once, a few million values per second; a table without a primary key,
// or with one that may be NULL, is sorted first, in memory. Errors: store::Error.
std::uint64_t content_hash(Database& database);

}  // namespace store
