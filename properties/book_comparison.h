// The ledger's books against the reference, everything in them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "properties/book_rows.h"

namespace properties {

struct Differences {
  std::uint64_t compared = 0;
  std::uint64_t count = 0;
  std::vector<std::string> first;  // sentences, the first few

  void add(std::string sentence);
};

// One sentence when the row and the rules disagree, empty otherwise. A row that is
// missing or all zeros is the same as an account nobody used.
std::string difference(std::string_view id, const Account& row, const Account& expected);
std::string difference(const PurchaseRow& row, const Purchase* expected);

Differences compare_accounts(const std::vector<AccountRow>& rows, const ReferenceBooks& expected);
// Transfers, purchases, tickets and the plain tables.
Differences compare_rest(store::Database& books, const ReferencePurchases& expected);

}  // namespace properties
