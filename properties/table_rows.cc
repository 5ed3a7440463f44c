#include "properties/table_rows.h"

#include <algorithm>
#include <array>

namespace properties {
namespace {

constexpr std::array kTables{
    PlainTable{"sessions", "id,user,version,data"},
    PlainTable{"locks", "resource,owner,token,ttl_us,expires_at_us"},
    PlainTable{"plans", "resource,generation,token,value"},
    PlainTable{
        "draws",
        "id,sku,state,capacity,price,closes_at_us,hold_ttl_us,next_ticket,version,commitment"},
    PlainTable{"outbox", "sequence,topic,kind,payload"},
    PlainTable{"outbox_consumers", "consumer,sequence"},
    PlainTable{"jobs", "id,entry,position,kind,lane,payload,state,attempt,token,due_us"},
    PlainTable{"receipts", "purchase,text"},
    PlainTable{"draw_results", "draw,count,sum,root,seed,numbers,log_offset"},
};

}  // namespace

std::span<const PlainTable> plain_tables() { return kTables; }

TableRows read_rows(store::Database& books, const PlainTable& table) {
  const auto count = 1 + std::count(table.columns.begin(), table.columns.end(), ',');
  std::string sql = "SELECT ";
  sql.append(table.columns).append(" FROM ").append(table.name);
  TableRows rows;
  store::Query query = books.query(sql);
  while (query.step()) {
    TableRow& row = rows.emplace_back();
    for (int column = 0; column < count; ++column) {
      row.push_back(query.text(column));
    }
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace properties
