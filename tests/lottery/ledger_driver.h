// Drives a LedgerState on an in-memory database: one command per entry, the clock
// advanced by hand, and reads of its tables.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "system/lottery/entry_codec.h"
#include "system/lottery/ledger_state.h"

namespace lottery_test {

using namespace lottery;

inline constexpr std::int64_t kStart_us = 1'000'000;
inline constexpr std::int64_t kTtl_us = 600'000'000;
inline constexpr std::int64_t kCloses_us = 10'000'000'000;

class LedgerDriver {
 public:
  explicit LedgerDriver(const std::string& path = ":memory:")
      : database(env::DatabaseFile{path, ""}), state(database) {
    now_us = std::max(kStart_us, state.last_now_us() + 1);
  }

  std::vector<Reply> apply(std::vector<Command> commands) {
    Entry entry{state.applied_index() + 1, now_us, std::move(commands)};
    ++now_us;
    entries.push_back(entry);
    return state.apply(entry);
  }
  Reply run(Command command) { return apply({std::move(command)}).front(); }

  Reply open(std::int64_t capacity = 100, std::int64_t price = 101) {
    return run(OpenDraw{"d", "s", capacity, price, kCloses_us, kTtl_us});
  }
  Reply hold(const std::string& key, std::int64_t count = 2, const std::string& user = "ann") {
    return run(Hold{user, key, "d", "s", count, 0});
  }
  // Returns the purchase's id.
  std::string held(const std::string& key, std::int64_t count = 2) {
    return rpc::decode<PurchaseView>(hold(key, count).body).purchase;
  }
  Reply pay(const std::string& purchase, const std::string& key) {
    return run(Pay{"ann", key, purchase, "4242"});
  }
  Reply cancel(const std::string& purchase, const std::string& key) {
    return run(Cancel{"ann", key, purchase});
  }
  Reply charge(const std::string& purchase, std::int64_t attempt, const std::string& outcome) {
    return run(
        RecordCharge{purchase, "charge-" + purchase + "-" + std::to_string(attempt), outcome});
  }
  BankCalls lease(std::int64_t limit = 100) {
    return rpc::decode<BankCalls>(run(LeaseBankCalls{"w", limit}).body);
  }

  PurchaseView view(const std::string& purchase) { return state.purchase(purchase).value(); }
  std::int64_t available() { return state.draw("d")->available; }
  std::string transfer_state(const std::string& id) {
    return text("SELECT state FROM transfers WHERE id = '" + id + "'");
  }
  std::int64_t balance(const std::string& account) {
    return number("SELECT credits_posted - debits_posted FROM accounts WHERE id = '" + account +
                  "'");
  }

  // First column of the first row; 0 or "" when there is none.
  std::int64_t number(const std::string& sql) {
    store::Query query = database.query(sql);
    return query.step() ? query.integer(0) : 0;
  }
  std::string text(const std::string& sql) {
    store::Query query = database.query(sql);
    return query.step() ? query.text(0) : "";
  }

  // Every row of every table in key order.
  std::string dump() {
    std::string all;
    for (const char* sql :
         {"SELECT json_array(name, value) FROM meta ORDER BY name",
          "SELECT json_array(id, ledger, debits_pending, debits_posted, credits_pending, "
          "credits_posted) FROM accounts ORDER BY id",
          "SELECT json_array(id, debit, credit, amount, state) FROM transfers ORDER BY id",
          "SELECT json_array(id, sku, state, capacity, price, closes_at_us, hold_ttl_us, "
          "next_ticket, version, commitment) FROM draws ORDER BY id",
          "SELECT json_array(id, entry, position, user, draw, sku, count, price, state, attempt, "
          "hold_deadline_us, charging_since_us, bank_key, card, pay_key, refund_key, call_due_us, "
          "sends, first_ticket, draw_version) FROM purchases ORDER BY id",
          "SELECT json_array(draw, number, purchase, owner) FROM tickets ORDER BY draw, number",
          "SELECT json_array(number, user, key, request_hash, status, body, purchase, attempt) "
          "FROM idempotency ORDER BY number",
          "SELECT json_array(id, user, version, data) FROM sessions ORDER BY id",
          "SELECT json_array(resource, owner, token, ttl_us, expires_at_us) FROM locks "
          "ORDER BY resource",
          "SELECT json_array(resource, generation, token, value) FROM plans ORDER BY resource",
          "SELECT json_array(sequence, topic, kind, payload) FROM outbox ORDER BY sequence",
          "SELECT json_array(consumer, sequence) FROM outbox_consumers ORDER BY consumer",
          "SELECT json_array(id, entry, position, kind, lane, payload, state, attempt, token, "
          "due_us) FROM jobs ORDER BY id",
          "SELECT json_array(purchase, text) FROM receipts ORDER BY purchase",
          "SELECT json_array(draw, count, sum, root, seed, numbers, log_offset) FROM draw_results "
          "ORDER BY draw"}) {
      store::Query query = database.query(sql);
      while (query.step()) {
        all += query.text(0) + "\n";
      }
      all += "--\n";
    }
    return all;
  }

  store::Database database;
  LedgerState state;
  std::int64_t now_us = kStart_us;
  std::vector<Entry> entries;
};

inline std::string error_of(const Reply& reply) { return rpc::decode<ErrorView>(reply.body).error; }
inline PurchaseView purchase_of(const Reply& reply) {
  return rpc::decode<PurchaseView>(reply.body);
}

}  // namespace lottery_test
