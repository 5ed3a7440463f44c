#include "properties/book_comparison.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "properties/table_rows.h"

namespace properties {
namespace {

constexpr std::size_t kKept = 4;
const Account kUnused;

std::string figures(const Account& account) {
  return "debits " + std::to_string(account.debits_posted) + "+" +
         std::to_string(account.debits_pending) + ", credits " +
         std::to_string(account.credits_posted) + "+" + std::to_string(account.credits_pending);
}

std::string figures(const Transfer& transfer) {
  return transfer.debit + " to " + transfer.credit + " " + std::to_string(transfer.amount) + " " +
         transfer.state;
}

// Ids of `expected` that are not among the rows. Only looked for when the counts say
// that something is missing.
template <class Rows, class Expected, class Text>
void add_missing(const Rows& rows, const Expected& expected, std::string_view what, Text text,
                 Differences& out) {
  std::set<std::string_view> seen;
  for (const auto& row : rows) {
    seen.insert(row.id);
  }
  for (const auto& [id, rule] : expected) {
    if (!seen.contains(text(id, rule))) {
      out.add("the books lack " + std::string(what) + " " + std::string(text(id, rule)));
    }
  }
}

void compare_transfers(store::Database& books, const ReferenceBooks& expected, Differences& out) {
  const std::vector<TransferRow> rows = read_transfers(books);
  std::size_t known = 0;
  for (const auto& [id, row] : rows) {
    ++out.compared;
    const Transfer* const rule = expected.transfer(id);
    known += rule != nullptr ? 1 : 0;
    if (rule == nullptr) {
      out.add("the books have transfer " + id + " (" + figures(row) + "), which the log does not");
    } else if (*rule != row) {
      out.add("transfer " + id + " is " + figures(row) + " in the books and " + figures(*rule) +
              " by the log");
    }
  }
  if (known != expected.transfers().size()) {
    add_missing(
        rows, expected.transfers(), "transfer",
        [](const auto& id, const auto&) { return std::string_view(id); }, out);
  }
}

void compare_purchases(store::Database& books, const ReferencePurchases& expected,
                       Differences& out) {
  const std::vector<PurchaseRow> rows = read_purchases(books);
  std::size_t known = 0;
  for (const PurchaseRow& row : rows) {
    ++out.compared;
    const Purchase* const rule = expected.purchase(row.id);
    known += rule != nullptr ? 1 : 0;
    if (std::string text = difference(row, rule); !text.empty()) {
      out.add(std::move(text));
    }
  }
  if (known != expected.purchases().size()) {
    add_missing(
        rows, expected.purchases(), "purchase",
        [](const auto&, const auto& rule) { return std::string_view(rule.text); }, out);
  }
}

void compare_tickets(store::Database& books, const ReferencePurchases& expected, Differences& out) {
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

std::string text_of(const TableRow& row) {
  std::string text = "(";
  for (const std::string& column : row) {
    text += (text.size() > 1 ? ", " : "") + column;
  }
  return text + ")";
}

void compare_table(store::Database& books, const PlainTable& table,
                   const ReferencePurchases& expected, Differences& out) {
  const TableRows rows = read_rows(books, table);
  const TableRows rules = expected.rows(table.name);
  out.compared += rows.size();
  TableRows wrong;
  std::set_difference(rows.begin(), rows.end(), rules.begin(), rules.end(),
                      std::back_inserter(wrong));
  for (const TableRow& row : wrong) {
    out.add("the books have " + text_of(row) + " in " + std::string(table.name) +
            ", which the log does not");
  }
  TableRows missing;
  std::set_difference(rules.begin(), rules.end(), rows.begin(), rows.end(),
                      std::back_inserter(missing));
  for (const TableRow& row : missing) {
    out.add("the books lack " + text_of(row) + " in " + std::string(table.name));
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
           std::to_string(row.attempt) + " in the books and " + std::string(name(expected->state)) +
           " in attempt " + std::to_string(expected->attempt) + " by the log";
  }
  if (row.user != expected->user || row.draw != expected->draw || row.sku != expected->sku ||
      row.count != expected->count || row.price != expected->price ||
      row.draw_version != expected->draw_version) {
    return "purchase " + row.id + " is " + std::to_string(row.count) + " of " + row.draw + "/" +
           row.sku + " (version " + std::to_string(row.draw_version) + ") for " + row.user +
           " at " + std::to_string(row.price) + " in the books and " +
           std::to_string(expected->count) + " of " + expected->draw + "/" + expected->sku +
           " (version " + std::to_string(expected->draw_version) + ") for " + expected->user +
           " at " + std::to_string(expected->price) + " by the log";
  }
  return {};
}

Differences compare_accounts(const std::vector<AccountRow>& rows, const ReferenceBooks& expected) {
  Differences out;
  std::size_t known = 0;
  for (const AccountRow& row : rows) {
    ++out.compared;
    const auto rule = expected.accounts().find(row.id);
    known += rule != expected.accounts().end() ? 1 : 0;
    const Account& figures = rule != expected.accounts().end() ? rule->second : kUnused;
    if (std::string text = difference(row.id, row.account, figures); !text.empty()) {
      out.add(std::move(text));
    }
  }
  if (known != expected.accounts().size()) {
    add_missing(
        rows, expected.accounts(), "account",
        [](const auto& id, const auto&) { return std::string_view(id); }, out);
  }
  return out;
}

Differences compare_rest(store::Database& books, const ReferencePurchases& expected) {
  Differences out;
  compare_transfers(books, expected.books(), out);
  compare_purchases(books, expected, out);
  compare_tickets(books, expected, out);
  for (const PlainTable& table : plain_tables()) {
    compare_table(books, table, expected, out);
  }
  return out;
}

}  // namespace properties
