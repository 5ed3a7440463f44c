// The rows of the ledger's books as the properties read them: through the
// ledger's own connection during an event, or from the disk at the end.
//
// A read goes through the ledger's VFS when the page is not cached; it may fail
// with store::Error when a fault hits it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "properties/reference.h"
#include "system/store/database.h"

namespace properties {

struct AccountRow {
  std::string id;
  Account account;  // zeros when the books have no such row
};

struct TransferRow {
  std::string id;
  Transfer transfer;
};

struct PurchaseRow {
  std::string id;
  std::string user;
  std::string draw;
  std::string sku;
  std::int64_t count = 0;
  std::int64_t price = 0;
  std::int64_t draw_version = 0;
  std::string state;
  std::int64_t attempt = 0;
  std::string hold_state;  // of the transfer hold:<id>; empty when there is none
};

struct TicketRow {
  std::string draw;
  std::int64_t number = 0;
  std::string purchase;
};

std::vector<AccountRow> read_accounts(store::Database& books);
std::vector<TransferRow> read_transfers(store::Database& books);
std::vector<PurchaseRow> read_purchases(store::Database& books);  // hold_state left empty
std::vector<TicketRow> read_tickets(store::Database& books);

Account read_account(store::Database& books, std::string_view id);
std::optional<PurchaseRow> read_purchase(store::Database& books, std::string_view id);
// Those of `ids` that the books have. REQUIRES: `ids` is sorted, each once.
std::vector<PurchaseRow> read_purchases(store::Database& books, std::span<const std::string> ids);

// What one event lets the properties see. Valid during that event.
struct Evidence {
  const Reference& reference;
  store::Database* books = nullptr;    // null: the event brought none
  std::vector<AccountRow> accounts;    // that the folded entries could touch, by id
  std::vector<PurchaseRow> purchases;  // the same; those the books have
};

// Fills in the rows that concern the entries just folded: what the rules touched
// and what a ledger that broke them would have touched.
void gather(Evidence& evidence);

}  // namespace properties
