// Tables of the books whose rows are compared as they are, column by column as text.
// Accounts, transfers, purchases and tickets are read with more care in book_rows.h.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "system/store/database.h"

namespace properties {

using TableRow = std::vector<std::string>;
using TableRows = std::vector<TableRow>;  // sorted

struct PlainTable {
  std::string_view name;
  std::string_view columns;  // with a comma between them
};

// What ReferencePurchases::rows() knows by name.
std::span<const PlainTable> plain_tables();

TableRows read_rows(store::Database& books, const PlainTable& table);

}  // namespace properties
