#include "system/lottery/ledger_log.h"

namespace lottery {

LedgerLog::LedgerLog(const env::DatabaseFile& file) : database_(file) {
  database_.execute(
      "CREATE TABLE IF NOT EXISTS entries(idx INTEGER PRIMARY KEY, payload BLOB NOT NULL)");
  store::Query query = database_.query("SELECT coalesce(max(idx), 0) FROM entries");
  query.step();
  last_index_ = query.integer(0);
}

void LedgerLog::append(std::int64_t index, std::string_view payload) {
  database_.run("INSERT INTO entries(idx, payload) VALUES(?1, ?2)", index, payload);
  last_index_ = index;
}

std::string LedgerLog::payload(std::int64_t index) {
  store::Query query = database_.query("SELECT payload FROM entries WHERE idx = ?1", index);
  if (!query.step()) {
    throw store::Error(SQLITE_CORRUPT, "log: entry " + std::to_string(index) + " is missing");
  }
  return query.text(0);
}

}  // namespace lottery
