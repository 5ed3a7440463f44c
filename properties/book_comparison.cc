#include "properties/book_comparison.h"

#include <set>

namespace properties {
namespace {

constexpr std::size_t kKept = 4;

std::string figures(const Account& account) {
  return "debits " + std::to_string(account.debits_posted) + "+" +
         std::to_string(account.debits_pending) + ", credits " +
         std::to_string(account.credits_posted) + "+" + std::to_string(account.credits_pending);
}

std::string figures(const Transfer& transfer) {
  return transfer.debit + " to " + transfer.credit + " " + std::to_string(transfer.amount) + " " +
         transfer.state;
}

void compare_transfers(store::Database& books, const ReferenceBooks& expected, Differences& out) {
  const auto rows = read_transfers(books);
  for (const auto& [id, row] : rows) {
    ++out.compared;
    const Transfer* const rule = expected.transfer(id);
    if (rule == nullptr) {
      out.add("the books have transfer " + id + " (" + figures(row) + "), which the log does not");
    } else if (*rule != row) {
      out.add("transfer " + id + " is " + figures(row) + " in the books and " + figures(*rule) +
              " by the log");
    }
  }
  for (const auto& [id, rule] : expected.transfers()) {
    if (!rows.contains(id)) {
      out.add("the books lack transfer " + id + " (" + figures(rule) + ")");
    }
  }
}

void compare_purchases(store::Database& books, const ReferencePurchases& expected,
                       Differences& out) {
  std::set<std::string, std::less<>> seen;
  for (const PurchaseRow& row : read_purchases(books)) {
    ++out.compared;
    if (std::string text = difference(row, expected.purchase(row.id)); !text.empty()) {
      out.add(std::move(text));
    }
    seen.insert(row.id);
  }
  for (const auto& [id, rule] : expected.purchases()) {
    if (!seen.contains(rule.text)) {
      out.add("the books lack purchase " + rule.text);
    }
  }
}

void compare_tickets(store::Database& books, const ReferencePurchases& expected,
                     Differences& out) {
  std::size_t matched = 0;
  for (const TicketRow& row : read_tickets(books)) {
    ++out.compared;
    const auto rule = expected.tickets().find({row.draw, row.number});
    const bool same = rule != expected.tickets().end() && rule->second == row.purchase;
    matched += same ? 1 : 0;
    if (!same) {
      out.add("ticket " + std::to_string(row.number) + " of draw " + row.draw + " belongs to " +
              row.purchase + " in the books and to " +
              (rule != expected.tickets().end() ? rule->second : "nobody") + " by the log");
    }
  }
  if (matched != expected.tickets().size()) {
    out.add("the books have " + std::to_string(matched) + " of the " +
            std::to_string(expected.tickets().size()) + " tickets that the log issued");
  }
}

}  // namespace

void Differences::add(std::string sentence) {
  ++count;
  if (first.size() < kKept) {
    first.push_back(std::move(sentence));
  }
}

std::string difference(std::string_view id, const Account& row, const Account& expected) {
  if (row == expected || (row.empty() && expected.empty())) {
    return {};
  }
  return std::string(id) + " has " + figures(row) + " in the books and " + figures(expected) +
         " by the log";
}

std::string difference(const PurchaseRow& row, const Purchase* expected) {
  if (expected == nullptr) {
    return "the books have purchase " + row.id + " (" + row.state + ", " +
           std::to_string(row.count) + " tickets), which the log does not allow";
  }
  if (row.state != name(expected->state) || row.attempt != expected->attempt) {
    return "purchase " + row.id + " is " + row.state + " in attempt " +
           std::to_string(row.attempt) + " in the books and " +
           std::string(name(expected->state)) + " in attempt " +
           std::to_string(expected->attempt) + " by the log";
  }
  if (row.user != expected->user || row.draw != expected->draw || row.sku != expected->sku ||
      row.count != expected->count || row.price != expected->price) {
    return "purchase " + row.id + " is " + std::to_string(row.count) + " of " + row.draw + "/" +
           row.sku + " for " + row.user + " at " + std::to_string(row.price) +
           " in the books and " + std::to_string(expected->count) + " of " + expected->draw + "/" +
           expected->sku + " for " + expected->user + " at " + std::to_string(expected->price) +
           " by the log";
  }
  return {};
}

Differences compare_accounts(const std::vector<AccountRow>& rows,
                             const ReferenceBooks& expected) {
  Differences out;
  std::set<std::string_view> seen;
  for (const AccountRow& row : rows) {
    ++out.compared;
    seen.insert(row.id);
    if (std::string text = difference(row.id, row.account, expected.account(row.id));
        !text.empty()) {
      out.add(std::move(text));
    }
  }
  for (const auto& [id, rule] : expected.accounts()) {
    if (!seen.contains(id) && !rule.empty()) {
      out.add("the books lack account " + id + " (" + figures(rule) + ")");
    }
  }
  return out;
}

Differences compare_rest(store::Database& books, const ReferencePurchases& expected) {
  Differences out;
  compare_transfers(books, expected.books(), out);
  compare_purchases(books, expected, out);
  compare_tickets(books, expected, out);
  return out;
}

}  // namespace properties
