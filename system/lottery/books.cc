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

Account Books::read(std::string_view id) {
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

Books::Known& Books::known(std::string_view id) {
  const auto found = known_.find(id);
  return found != known_.end() ? found->second
                               : known_.emplace(id, Known{read(id), {}}).first->second;
}

Account& Books::changing(std::string_view id) {
  Known& known = this->known(id);
  known.changed = true;
  return known.account;
}

Account& Books::changing(std::string_view id, Ledger ledger) {
  Account& account = changing(id);
  known(id).ledger = name_of(ledger);
  return account;
}

Account Books::account(std::string_view id) { return known(id).account; }

void Books::flush() {
  for (auto& [id, known] : known_) {
    if (!known.changed) {
      continue;
    }
    const Account& now = known.account;
    database_.run(
        "INSERT INTO accounts VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(id) DO UPDATE SET "
        "debits_pending = ?3, debits_posted = ?4, credits_pending = ?5, credits_posted = ?6",
        id, known.ledger, now.debits_pending, now.debits_posted, now.credits_pending,
        now.credits_posted);
    known.changed = false;
  }
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
  changing(transfer.debit, ledger).debits_posted += transfer.amount;
  changing(transfer.credit, ledger).credits_posted += transfer.amount;
}

void Books::pend(Ledger ledger, const Transfer& transfer, const Account& debit) {
  check_limit(transfer, debit);
  append(transfer, "pending");
  changing(transfer.debit, ledger).debits_pending += transfer.amount;
  changing(transfer.credit, ledger).credits_pending += transfer.amount;
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
  Account& debit = changing(pending.debit);
  debit.debits_pending -= pending.amount;
  debit.debits_posted += posted;
  Account& credit = changing(pending.credit);
  credit.credits_pending -= pending.amount;
  credit.credits_posted += posted;
}

}  // namespace lottery
