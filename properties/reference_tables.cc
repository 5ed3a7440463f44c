// What the rules say about the tables that are compared row by row as text.
#include <algorithm>
#include <stdexcept>

#include "properties/reference_purchases.h"

namespace properties {
namespace {

TableRows sorted(TableRows rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace

TableRows ReferencePurchases::rows(std::string_view table) const {
  if (table == "sessions") {
    return sorted(sessions_.rows());
  }
  if (table == "locks") {
    return sorted(locks_.lock_rows());
  }
  if (table == "plans") {
    return sorted(locks_.plan_rows());
  }
  if (table == "draws") {
    return sorted(draw_rows());
  }
  if (table == "outbox") {
    return sorted(outbox_.rows());
  }
  if (table == "outbox_consumers") {
    return sorted(outbox_.consumer_rows());
  }
  if (table == "jobs") {
    return sorted(jobs_.rows());
  }
  if (table == "receipts") {
    return sorted(jobs_.receipt_rows());
  }
  if (table == "draw_results") {
    return sorted(result_rows());
  }
  throw std::invalid_argument("the rules know no table " + std::string(table));
}

}  // namespace properties
