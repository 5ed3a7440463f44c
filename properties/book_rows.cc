#include "properties/book_rows.h"

#include <algorithm>
#include <set>

namespace properties {
namespace {

PurchaseRow purchase_row(const store::Query& query) {
  PurchaseRow row;
  row.id = query.text(0);
  row.user = query.text(1);
  row.draw = query.text(2);
  row.sku = query.text(3);
  row.count = query.integer(4);
  row.price = query.integer(5);
  row.state = query.text(6);
  row.attempt = query.integer(7);
  row.draw_version = query.integer(8);
  row.hold_state = query.text(9);
  return row;
}

// "p7." of "p7.12": what the purchases of one entry share.
std::string_view entry_of(std::string_view id) { return id.substr(0, id.find('.') + 1); }

// The first that comes behind every id with that prefix.
std::string behind(std::string prefix) {
  ++prefix.back();
  return prefix;
}

using Ids = std::span<const std::string>;

// Two walks along the tables, for purchases of one entry lie side by side.
void read_range(store::Database& books, Ids ids, std::vector<PurchaseRow>& rows) {
  const std::string prefix(entry_of(ids.front()));
  const std::string holds = "hold:" + prefix;
  store::Query query = books.query(
      "SELECT id,user,draw,sku,count,price,state,attempt,draw_version,'' FROM purchases "
      "WHERE id>=?1 AND id<?2 ORDER BY id",
      prefix, behind(prefix));
  store::Query hold = books.query(
      "SELECT id,state FROM transfers WHERE id>=?1 AND id<?2 ORDER BY id", holds, behind(holds));
  bool more_holds = hold.step();
  for (auto id = ids.begin(); id != ids.end() && query.step();) {
    const std::string found = query.text(0);
    id = std::lower_bound(id, ids.end(), found);
    if (id == ids.end() || *id != found) {
      continue;
    }
    PurchaseRow row = purchase_row(query);
    const std::string wanted = "hold:" + found;
    while (more_holds && hold.text(0) < wanted) {
      more_holds = hold.step();
    }
    if (more_holds && hold.text(0) == wanted) {
      row.hold_state = hold.text(1);
    }
    rows.push_back(std::move(row));
  }
}

// Collects the ids of one entry; a sorted vector is the set.
class Concerned {
 public:
  explicit Concerned(const Reference& reference) : reference_(reference) {}

  void add(const Folded& folded) {
    accounts_.insert(accounts_.end(), folded.accounts.begin(), folded.accounts.end());
    for (const Change& change : folded.changes) {
      purchases_.push_back(change.purchase.text());
    }
    std::int64_t position = 0;
    for (const lottery::Command& command : folded.entry.commands) {
      here_ = PurchaseId{folded.entry.index, position};
      std::visit([this](const auto& value) { command_of(value); }, command);
      ++position;
    }
  }

  const std::vector<std::string>& accounts() { return sorted(accounts_); }
  const std::vector<std::string>& purchases() { return sorted(purchases_); }

 private:
  static const std::vector<std::string>& sorted(std::vector<std::string>& ids) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
  }

  void draw_of(std::string_view draw, std::string_view sku) {
    accounts_.push_back(account::stock(draw, sku));
    accounts_.push_back(account::sold(draw, sku));
  }

  void bank_of(const std::string& purchase, const std::string& key) {
    purchases_.push_back(purchase);
    accounts_.push_back(account::clearing(key));
    accounts_.push_back(account::suspense(purchase));
  }

  void every_open_purchase() {
    for (const PurchaseId& id : reference_.state().open_purchases()) {
      purchases_.push_back(id.text());
    }
  }

  void command_of(const lottery::OpenDraw& command) { draw_of(command.draw, command.sku); }
  void command_of(const lottery::Hold& command) {
    purchases_.push_back(here_.text());
    draw_of(command.draw, command.sku);
  }
  void command_of(const lottery::Pay& command) { purchases_.push_back(command.purchase); }
  void command_of(const lottery::Cancel& command) { purchases_.push_back(command.purchase); }
  void command_of(const lottery::ExpireHolds&) { every_open_purchase(); }
  void command_of(const lottery::CloseDraws&) { every_open_purchase(); }
  // The others touch neither accounts nor what a PurchaseRow holds.
  template <class Other>
  void command_of(const Other&) {}
  void command_of(const lottery::RecordCharge& command) {
    bank_of(command.purchase, command.bank_key);
  }
  void command_of(const lottery::RecordRefund& command) {
    bank_of(command.purchase, command.refund_key);
  }
  void command_of(const lottery::RecordSettlement& command) {
    bank_of(command.purchase, command.key);
    accounts_.emplace_back(account::kSettled);
  }

  const Reference& reference_;
  PurchaseId here_;
  std::vector<std::string> accounts_;
  std::vector<std::string> purchases_;
};

}  // namespace

std::vector<AccountRow> read_accounts(store::Database& books) {
  std::vector<AccountRow> rows;
  store::Query query = books.query(
      "SELECT id,ledger,debits_pending,debits_posted,credits_pending,credits_posted "
      "FROM accounts");
  while (query.step()) {
    rows.push_back(
        {query.text(0),
         {query.text(1), query.integer(2), query.integer(3), query.integer(4), query.integer(5)}});
  }
  return rows;
}

std::vector<TransferRow> read_transfers(store::Database& books) {
  std::vector<TransferRow> rows;
  store::Query query = books.query("SELECT id,debit,credit,amount,state FROM transfers");
  while (query.step()) {
    rows.push_back(
        {query.text(0), {query.text(1), query.text(2), query.integer(3), query.text(4)}});
  }
  return rows;
}

std::vector<PurchaseRow> read_purchases(store::Database& books) {
  std::vector<PurchaseRow> rows;
  store::Query query = books.query(
      "SELECT id,user,draw,sku,count,price,state,attempt,draw_version,'' FROM purchases");
  while (query.step()) {
    rows.push_back(purchase_row(query));
  }
  return rows;
}

std::vector<TicketRow> read_tickets(store::Database& books) {
  std::vector<TicketRow> rows;
  store::Query query = books.query("SELECT draw,number,purchase FROM tickets");
  while (query.step()) {
    rows.push_back({query.text(0), query.integer(1), query.text(2)});
  }
  return rows;
}

Account read_account(store::Database& books, std::string_view id) {
  store::Query query = books.query(
      "SELECT ledger,debits_pending,debits_posted,credits_pending,credits_posted "
      "FROM accounts WHERE id=?1",
      id);
  if (!query.step()) {
    return {};
  }
  return {query.text(0), query.integer(1), query.integer(2), query.integer(3), query.integer(4)};
}

std::optional<PurchaseRow> read_purchase(store::Database& books, std::string_view id) {
  store::Query query = books.query(
      "SELECT id,user,draw,sku,count,price,state,attempt,draw_version,"
      "(SELECT state FROM transfers WHERE transfers.id=?2) FROM purchases WHERE id=?1",
      id, "hold:" + std::string(id));
  if (!query.step()) {
    return std::nullopt;
  }
  return purchase_row(query);
}

std::vector<PurchaseRow> read_purchases(store::Database& books, Ids ids) {
  constexpr std::ptrdiff_t kFew = 4;  // that are found faster one by one
  std::vector<PurchaseRow> rows;
  rows.reserve(ids.size());
  for (auto begin = ids.begin(); begin != ids.end();) {
    const auto end = std::find_if(
        begin, ids.end(), [&](const std::string& id) { return entry_of(id) != entry_of(*begin); });
    if (end - begin > kFew && !entry_of(*begin).empty()) {
      read_range(books, {begin, end}, rows);
      begin = end;
    }
    for (; begin != end; ++begin) {
      if (auto row = read_purchase(books, *begin)) {
        rows.push_back(std::move(*row));
      }
    }
  }
  return rows;
}

void gather(Evidence& evidence) {
  if (evidence.books == nullptr || evidence.reference.folded().empty()) {
    return;
  }
  Concerned concerned(evidence.reference);
  for (const Folded& folded : evidence.reference.folded()) {
    concerned.add(folded);
  }
  for (const std::string& id : concerned.accounts()) {
    evidence.accounts.push_back({id, read_account(*evidence.books, id)});
  }
  evidence.purchases = read_purchases(*evidence.books, concerned.purchases());
}

}  // namespace properties
