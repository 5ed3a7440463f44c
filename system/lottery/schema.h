// The tables of the ledger's database. Independent checkers read accounts,
// transfers, purchases, tickets, idempotency and meta by these names.
#pragma once

#include <cstdint>
#include <string_view>

#include "system/store/database.h"

namespace lottery {

// Creates the tables of an empty database. Errors: store::Error, also when the
// file holds another version of the schema.
void create_schema(store::Database& database);

// meta holds three rows: applied_index, last_now_us, settled_sequence.
std::int64_t read_meta(store::Database& database, std::string_view name);

// Moves applied_index and last_now_us together.
void record_progress(store::Database& database, std::int64_t index, std::int64_t now_us);

// settled_sequence only grows.
void record_settled(store::Database& database, std::int64_t sequence);

}  // namespace lottery
