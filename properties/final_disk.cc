#include "properties/final_disk.h"

#include "system/raft/types.h"

namespace properties {
namespace {

std::string path(const Replica& replica, const char* name) {
  return "/" + std::string(replica.host) + "/" + name;
}

std::int64_t number(store::Database& database, std::string_view sql) {
  store::Query query = database.query(sql);
  return query.step() ? query.integer(0) : 0;
}

}  // namespace

FinalDisk::FinalDisk(const Replica& replica, const std::string& vfs)
    : node_(static_cast<std::int64_t>(replica.id)),
      log_({path(replica, "log.db"), vfs}),
      books_({path(replica, "books.db"), vfs}) {}

FinalReplica FinalDisk::state() {
  FinalReplica result;
  result.node = node_;
  result.books = &books_;
  result.applied_index = number(books_, "SELECT value FROM meta WHERE name = 'applied_index'");
  store::Query query =
      log_.query("SELECT idx, CASE kind WHEN ?1 THEN data ELSE '' END FROM entries ORDER BY idx",
                 static_cast<std::int64_t>(raft::EntryKind::command));
  result.log_first = result.applied_index + 1;
  while (query.step()) {
    if (result.log.empty()) {
      result.log_first = query.integer(0);
    }
    result.log.emplace_hint(result.log.end(), query.integer(0), query.text(1));
  }
  return result;
}

}  // namespace properties
