#include "properties/reference_books.h"

#include <utility>

namespace properties {
namespace account {
namespace {

std::string bracketed(std::string_view kind, std::string_view first, std::string_view second = {}) {
  std::string id;
  id.reserve(kind.size() + first.size() + second.size() + 3);
  id.append(kind).append("[").append(first);
  if (second.data() != nullptr) {
    id.append(",").append(second);
  }
  return id.append("]");
}

}  // namespace

std::string mint(std::string_view draw, std::string_view sku) {
  return bracketed("MINT", draw, sku);
}
std::string stock(std::string_view draw, std::string_view sku) {
  return bracketed("STOCK", draw, sku);
}
std::string sold(std::string_view draw, std::string_view sku) {
  return bracketed("SOLD", draw, sku);
}
std::string clearing(std::string_view bank_key) { return bracketed("CLEARING", bank_key); }
std::string suspense(std::string_view purchase) { return bracketed("SUSPENSE", purchase); }
std::string pool(std::string_view draw) { return bracketed("POOL", draw); }

std::string_view kind(std::string_view id) { return id.substr(0, id.find('[')); }

}  // namespace account

Account& ReferenceBooks::open(std::string_view ledger, const std::string& id) {
  touched_.push_back(id);
  Account& account = accounts_[id];
  if (account.ledger.empty()) {
    account.ledger = ledger;
  }
  return account;
}

void ReferenceBooks::post(Move move) {
  if (move.amount == 0) {
    return;
  }
  open(move.ledger, move.debit).debits_posted += move.amount;
  open(move.ledger, move.credit).credits_posted += move.amount;
  transfers_[std::move(move.id)] =
      Transfer{std::move(move.debit), std::move(move.credit), move.amount, "posted"};
}

void ReferenceBooks::pend(Move move) {
  if (move.amount == 0) {
    return;
  }
  open(move.ledger, move.debit).debits_pending += move.amount;
  open(move.ledger, move.credit).credits_pending += move.amount;
  transfers_[std::move(move.id)] =
      Transfer{std::move(move.debit), std::move(move.credit), move.amount, "pending"};
}

void ReferenceBooks::resolve(const std::string& id, std::string_view state) {
  const auto found = transfers_.find(id);
  if (found == transfers_.end() || found->second.state != "pending") {
    return;
  }
  Transfer& transfer = found->second;
  transfer.state = state;
  Account& debit = open({}, transfer.debit);
  Account& credit = open({}, transfer.credit);
  debit.debits_pending -= transfer.amount;
  credit.credits_pending -= transfer.amount;
  if (state == "posted") {
    debit.debits_posted += transfer.amount;
    credit.credits_posted += transfer.amount;
  }
}

const Account& ReferenceBooks::account(std::string_view id) const {
  static const Account kNone;
  const auto found = accounts_.find(id);
  return found == accounts_.end() ? kNone : found->second;
}

const Transfer* ReferenceBooks::transfer(std::string_view id) const {
  const auto found = transfers_.find(id);
  return found == transfers_.end() ? nullptr : &found->second;
}

}  // namespace properties
