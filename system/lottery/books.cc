#include "system/lottery/books.h"

namespace lottery {
namespace {

std::string_view name_of(Ledger ledger) { return ledger == Ledger::money ? "money" : "tickets"; }

std::string_view name_of(Resolution resolution) {
  switch (resolution) {
    case Resolution::posted:
      return "posted";
    case Resolution::voided:
      return "void";
    case Resolution::expired:
      return "expired";
  }
  return "";
}

bool is_limited(std::string_view account) {
  return account.starts_with("STOCK[") || account.starts_with("SUSPENSE[") ||
         account.starts_with("POOL[") || account == kHouseAccount;
}

void check_limit(const Transfer& transfer, const Account& debit) {
  if (is_limited(debit.id) && debit.spare() < transfer.amount) {
    throw OverLimit(transfer);
  }
}

std::string bracketed(std::string_view kind, std::string_view name) {
  std::string id;
  id.reserve(kind.size() + name.size() + 2);
  return id.append(kind).append("[").append(name).append("]");
}

std::string bracketed(std::string_view kind, std::string_view draw, std::string_view sku) {
  std::string id;
  id.reserve(kind.size() + draw.size() + sku.size() + 3);
  return id.append(kind).append("[").append(draw).append(",").append(sku).append("]");
}

}  // namespace

OverLimit::OverLimit(const Transfer& transfer)
    : store::Error(SQLITE_CONSTRAINT, "transfer " + transfer.id + " overdraws " + transfer.debit) {}

std::string mint_account(std::string_view draw, std::string_view sku) {
  return bracketed("MINT", draw, sku);
}
std::string stock_account(std::string_view draw, std::string_view sku) {
  return bracketed("STOCK", draw, sku);
}
std::string sold_account(std::string_view draw, std::string_view sku) {
  return bracketed("SOLD", draw, sku);
}
std::string clearing_account(std::string_view bank_key) { return bracketed("CLEARING", bank_key); }
std::string suspense_account(std::string_view purchase) { return bracketed("SUSPENSE", purchase); }
std::string pool_account(std::string_view draw) { return bracketed("POOL", draw); }

Account Books::account(std::string_view id) {
  Account account;
  account.id = id;
  store::Query query = database_.query(
      "SELECT debits_pending, debits_posted, credits_pending, credits_posted "
      "FROM accounts WHERE id = ?1",
      id);
  if (query.step()) {
    account.debits_pending = query.integer(0);
    account.debits_posted = query.integer(1);
    account.credits_pending = query.integer(2);
    account.credits_posted = query.integer(3);
  }
  return account;
}

std::optional<std::int64_t> Books::amount_of(std::string_view transfer) {
  store::Query query = database_.query("SELECT amount FROM transfers WHERE id = ?1", transfer);
  if (!query.step()) {
    return std::nullopt;
  }
  return query.integer(0);
}

void Books::append(const Transfer& transfer, std::string_view state) {
  database_.run("INSERT INTO transfers(id, debit, credit, amount, state) VALUES (?1,?2,?3,?4,?5)",
                transfer.id, transfer.debit, transfer.credit, transfer.amount, state);
}

void Books::post(Ledger ledger, const Transfer& transfer) {
  if (transfer.amount == 0) {
    return;
  }
  if (is_limited(transfer.debit)) {
    check_limit(transfer, account(transfer.debit));
  }
  append(transfer, "posted");
  database_.run(
      "INSERT INTO accounts VALUES (?1, ?2, 0, ?3, 0, 0) "
      "ON CONFLICT(id) DO UPDATE SET debits_posted = debits_posted + ?3",
      transfer.debit, name_of(ledger), transfer.amount);
  database_.run(
      "INSERT INTO accounts VALUES (?1, ?2, 0, 0, 0, ?3) "
      "ON CONFLICT(id) DO UPDATE SET credits_posted = credits_posted + ?3",
      transfer.credit, name_of(ledger), transfer.amount);
}

void Books::pend(Ledger ledger, const Transfer& transfer, const Account& debit) {
  check_limit(transfer, debit);
  append(transfer, "pending");
  database_.run(
      "INSERT INTO accounts VALUES (?1, ?2, ?3, 0, 0, 0) "
      "ON CONFLICT(id) DO UPDATE SET debits_pending = debits_pending + ?3",
      transfer.debit, name_of(ledger), transfer.amount);
  database_.run(
      "INSERT INTO accounts VALUES (?1, ?2, 0, 0, ?3, 0) "
      "ON CONFLICT(id) DO UPDATE SET credits_pending = credits_pending + ?3",
      transfer.credit, name_of(ledger), transfer.amount);
}

void Books::resolve(std::string_view transfer, Resolution resolution) {
  Transfer pending;
  {
    store::Query query = database_.query(
        "UPDATE transfers SET state = ?2 WHERE id = ?1 AND state = 'pending' "
        "RETURNING debit, credit, amount",
        transfer, name_of(resolution));
    if (!query.step()) {
      throw store::Error(SQLITE_CONSTRAINT,
                         "transfer " + std::string(transfer) + " is not pending");
    }
    pending.debit = query.text(0);
    pending.credit = query.text(1);
    pending.amount = query.integer(2);
  }
  const std::int64_t posted = resolution == Resolution::posted ? pending.amount : 0;
  database_.run(
      "UPDATE accounts SET debits_pending = debits_pending - ?2, "
      "debits_posted = debits_posted + ?3 WHERE id = ?1",
      pending.debit, pending.amount, posted);
  database_.run(
      "UPDATE accounts SET credits_pending = credits_pending - ?2, "
      "credits_posted = credits_posted + ?3 WHERE id = ?1",
      pending.credit, pending.amount, posted);
}

}  // namespace lottery
