// A ledger made of paper for the tests of properties: it commits commands, keeps
// real tables in an in-memory database by the rules, and tells the Oracle. A test
// then spoils exactly what its property must notice.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "properties/oracle.h"
#include "properties/table_rows.h"
#include "system/lottery/entry_codec.h"
#include "system/store/database.h"

namespace properties {

inline const char* books_tables() {
  return "CREATE TABLE accounts(id TEXT PRIMARY KEY, ledger TEXT, debits_pending INTEGER,"
         " debits_posted INTEGER, credits_pending INTEGER, credits_posted INTEGER);"
         "CREATE TABLE transfers(id TEXT PRIMARY KEY, debit TEXT, credit TEXT, amount INTEGER,"
         " state TEXT);"
         "CREATE TABLE purchases(id TEXT PRIMARY KEY, user TEXT, draw TEXT, sku TEXT,"
         " count INTEGER, price INTEGER, state TEXT, attempt INTEGER, draw_version INTEGER);"
         "CREATE TABLE tickets(draw TEXT, number INTEGER, purchase TEXT,"
         " PRIMARY KEY(draw, number));";
}

inline void make_tables(store::Database& books) {
  books.execute(books_tables());
  for (const PlainTable& table : plain_tables()) {
    books.run("CREATE TABLE " + std::string(table.name) + "(" + std::string(table.columns) + ")");
  }
}

inline void store_plain(store::Database& books, const ReferencePurchases& rules,
                        const PlainTable& table) {
  const std::string name(table.name);
  books.run("DELETE FROM " + name);
  for (const TableRow& row : rules.rows(table.name)) {
    std::string values;
    for (const std::string& column : row) {
      std::string quoted;
      for (const char c : column) {
        quoted += c == '\'' ? "''" : std::string(1, c);
      }
      values += (values.empty() ? "'" : ",'") + quoted + "'";
    }
    books.run("INSERT INTO " + name + " VALUES(" + values + ")");
  }
}

// Makes the tables hold what the rules say.
inline void store_rows(store::Database& books, const ReferencePurchases& rules) {
  for (const auto& [id, a] : rules.books().accounts()) {
    books.run("REPLACE INTO accounts VALUES(?1,?2,?3,?4,?5,?6)", id, a.ledger, a.debits_pending,
              a.debits_posted, a.credits_pending, a.credits_posted);
  }
  for (const auto& [id, t] : rules.books().transfers()) {
    books.run("REPLACE INTO transfers VALUES(?1,?2,?3,?4,?5)", id, t.debit, t.credit, t.amount,
              t.state);
  }
  for (const auto& [id, p] : rules.purchases()) {
    books.run("REPLACE INTO purchases VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)", p.text, p.user, p.draw,
              p.sku, p.count, p.price, name(p.state), p.attempt, p.draw_version);
  }
  for (const auto& [ticket, purchase] : rules.tickets()) {
    books.run("REPLACE INTO tickets VALUES(?1,?2,?3)", ticket.first, ticket.second, purchase);
  }
  for (const PlainTable& table : plain_tables()) {
    store_plain(books, rules, table);
  }
}

class Stage {
 public:
  explicit Stage(const env::DatabaseFile& file = {":memory:", ""}) : books(file) {
    make_tables(books);
  }

  template <class Event>
  void emit(const Event& event) {
    ++seconds;
    oracle.observe(simnet::Time(std::chrono::seconds(seconds)), env::EventRef::of(event));
  }

  using Tamper = std::function<void(Stage&, std::vector<lottery::CommandReply>&)>;

  void commit(std::vector<lottery::Command> commands, std::int64_t after_us = 1'000'000) {
    now_us += after_us;
    entry = lottery::Entry{rules_index + 1, now_us, std::move(commands)};
    const std::string payload = lottery::encode_entry(entry);
    log[entry.index] = payload;
    emit(lottery::EntryCommitted{entry.index, payload});
  }

  // Brings the books to the committed entry without telling anybody.
  std::vector<lottery::CommandReply> write() {
    std::vector<lottery::CommandReply> replies;
    for (const lottery::Reply& reply : rules.apply(entry)) {
      replies.push_back({reply.status, reply.body});
    }
    rules_index = entry.index;
    store_rows(books, rules);
    return replies;
  }

  std::vector<lottery::CommandReply> apply(std::vector<lottery::Command> commands,
                                           std::int64_t after_us = 1'000'000,
                                           const Tamper& tamper = {}) {
    commit(std::move(commands), after_us);
    std::vector<lottery::CommandReply> replies = write();
    if (tamper) {
      tamper(*this, replies);
    }
    emit(lottery::EntryApplied{entry.index, replies, &books});
    return replies;
  }

  // The usual beginning: a draw of 3 tickets at 200, a hold of 2 by ann.
  void open_and_hold() {
    apply({lottery::OpenDraw{"d", "s", 3, 200, 1'000'000'000, 60'000'000}});
    emit(lottery::UserIntent{"ann", "i1", "h1", 2});
    apply({lottery::Hold{"ann", "h1", "d", "s", 2, 3}});
  }
  void pay() { apply({lottery::Pay{"ann", "y1", "p2.0", "card"}}); }
  void bank_captures(std::string key = "charge-p2.0-1", std::string purchase = "p2.0",
                     std::int64_t amount = 400) {
    emit(
        lottery::BankMoved{++bank_sequence, "charge", std::move(key), std::move(purchase), amount});
  }
  void settle_all() {
    for (const auto& [id, purchase] : rules.purchases()) {
      if (purchase.state == PurchaseState::confirmed) {
        apply({lottery::RecordSettlement{++settled, "charge", purchase.bank_key, purchase.text,
                                         purchase.price}});
      }
    }
  }
  // A whole purchase, paid and settled.
  void buy() {
    open_and_hold();
    pay();
    bank_captures();
    apply({lottery::RecordCharge{"p2.0", "charge-p2.0-1", "captured"}});
    settle_all();
  }

  void finish(bool healed = true, std::string unfinished = {},
              const std::vector<FinalReplica>& others = {}) {
    FinalState final{
        simnet::Time(std::chrono::seconds(seconds + 1)), {}, healed, std::move(unfinished)};
    final.replicas.push_back({0, log, 1, rules_index, &books});
    final.replicas.insert(final.replicas.end(), others.begin(), others.end());
    oracle.finish(final);
  }

  std::string failures() const {
    std::string text;
    for (const Violation& violation : oracle.violations()) {
      text += violation.property + ": " + violation.what + "\n";
    }
    return text;
  }
  bool violates(std::string_view id) const { return !oracle.property(id).holds(); }

  store::Database books;
  std::map<std::int64_t, std::string> log;
  Oracle oracle;
  ReferencePurchases rules;
  lottery::Entry entry;
  std::int64_t rules_index = 0;
  std::int64_t now_us = 1'000'000;
  std::int64_t seconds = 0;
  std::int64_t bank_sequence = 0;
  std::int64_t settled = 0;
};

}  // namespace properties
