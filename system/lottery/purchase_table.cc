#include "system/lottery/purchase_table.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lottery {
namespace {

// In the order of PurchaseState.
constexpr std::array<std::string_view, 9> kStateNames{"HELD",      "CHARGING", "CONFIRMED",
                                                      "EXPIRED",   "FAILED",   "ABANDONING",
                                                      "REFUNDING", "REFUNDED", "CANCELLED"};

PurchaseState state_named(std::string_view name) {
  const auto found = std::find(kStateNames.begin(), kStateNames.end(), name);
  if (found == kStateNames.end()) {
    throw store::Error(SQLITE_CORRUPT, "purchase state " + std::string(name) + " is unknown");
  }
  return static_cast<PurchaseState>(found - kStateNames.begin());
}

const std::string kColumns =
    "SELECT id, entry, position, user, draw, sku, count, price, state, attempt, hold_deadline_us, "
    "charging_since_us, bank_key, card, pay_key, refund_key, call_due_us, sends, first_ticket, "
    "draw_version FROM purchases ";
const std::string kSelect = kColumns + "WHERE ";

// Each WHERE repeats the predicate of the partial index that serves it.
const std::string kFind = kSelect + "id = ?1";
const std::string kDueHolds = kSelect +
                              "state = 'HELD' AND hold_deadline_us <= ?1 "
                              "ORDER BY hold_deadline_us, entry, position LIMIT ?2";
const std::string kDueCalls = kSelect +
                              "(state = 'CHARGING' OR state = 'ABANDONING' OR "
                              "state = 'REFUNDING') AND call_due_us <= ?1 "
                              "ORDER BY call_due_us, entry, position LIMIT ?2";
// A draw closes once, so it has no index of its own that every hold would pay for: what lives
// is looked through.
const std::string kHeldOf =
    kColumns + "INDEXED BY purchases_held WHERE state = 'HELD' AND draw = ?1";
const std::string kChargingOf =
    kColumns +
    "INDEXED BY purchases_calling WHERE (state = 'CHARGING' OR state = 'ABANDONING' OR "
    "state = 'REFUNDING') AND state = 'CHARGING' AND draw = ?1";

Purchase read(const store::Query& row) {
  Purchase purchase;
  purchase.id = row.text(0);
  purchase.entry = row.integer(1);
  purchase.position = row.integer(2);
  purchase.user = row.text(3);
  purchase.draw = row.text(4);
  purchase.sku = row.text(5);
  purchase.count = row.integer(6);
  purchase.price = row.integer(7);
  purchase.state = state_named(row.text(8));
  purchase.attempt = row.integer(9);
  purchase.hold_deadline_us = row.integer(10);
  purchase.charging_since_us = row.integer(11);
  purchase.bank_key = row.text(12);
  purchase.card = row.text(13);
  purchase.pay_key = row.text(14);
  purchase.refund_key = row.text(15);
  purchase.call_due_us = row.integer(16);
  purchase.sends = row.integer(17);
  purchase.first_ticket = row.integer(18);
  purchase.draw_version = row.integer(19);
  return purchase;
}

std::vector<Purchase> read_all(store::Query query) {
  std::vector<Purchase> purchases;
  while (query.step()) {
    purchases.push_back(read(query));
  }
  return purchases;
}

}  // namespace

std::string_view name_of(PurchaseState state) {
  return kStateNames.at(static_cast<std::size_t>(state));
}

PurchaseView view_of(const Purchase& purchase) {
  PurchaseView view;
  view.purchase = purchase.id;
  view.user = purchase.user;
  view.draw = purchase.draw;
  view.sku = purchase.sku;
  view.count = purchase.count;
  view.price = purchase.price;
  view.state = name_of(purchase.state);
  view.attempt = purchase.attempt;
  if (purchase.state == PurchaseState::held) {
    view.expires_at_us = purchase.hold_deadline_us;
  }
  if (purchase.state == PurchaseState::confirmed) {
    for (std::int64_t i = 0; i < purchase.count; ++i) {
      view.tickets.push_back(purchase.first_ticket + i);
    }
  }
  return view;
}

std::optional<Purchase> PurchaseTable::find(std::string_view id) {
  store::Query query = database_.query(kFind, id);
  if (!query.step()) {
    return std::nullopt;
  }
  return read(query);
}

void PurchaseTable::insert(const Purchase& purchase) {
  database_.run(
      "INSERT INTO purchases(id, entry, position, user, draw, sku, count, price, state, attempt, "
      "hold_deadline_us, charging_since_us, bank_key, card, pay_key, refund_key, call_due_us, "
      "sends, first_ticket, draw_version) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10, 0, '', '', '', '', 0, 0, 0, ?11)",
      purchase.id, purchase.entry, purchase.position, purchase.user, purchase.draw, purchase.sku,
      purchase.count, purchase.price, name_of(purchase.state), purchase.hold_deadline_us,
      purchase.draw_version);
}

void PurchaseTable::save(const Purchase& purchase) {
  database_.run(
      "UPDATE purchases SET state = ?2, attempt = ?3, hold_deadline_us = ?4, "
      "charging_since_us = ?5, bank_key = ?6, card = ?7, pay_key = ?8, refund_key = ?9, "
      "call_due_us = ?10, sends = ?11, first_ticket = ?12 WHERE id = ?1",
      purchase.id, name_of(purchase.state), purchase.attempt, purchase.hold_deadline_us,
      purchase.charging_since_us, purchase.bank_key, purchase.card, purchase.pay_key,
      purchase.refund_key, purchase.call_due_us, purchase.sends, purchase.first_ticket);
}

void PurchaseTable::insert_tickets(const Purchase& purchase) {
  for (std::int64_t i = 0; i < purchase.count; ++i) {
    database_.run("INSERT INTO tickets(draw, number, purchase, owner) VALUES (?1, ?2, ?3, ?4)",
                  purchase.draw, purchase.first_ticket + i, purchase.id, purchase.user);
  }
}

std::vector<Purchase> PurchaseTable::due_holds(std::int64_t now_us, std::int64_t limit) {
  return read_all(database_.query(kDueHolds, now_us, limit));
}

std::vector<Purchase> PurchaseTable::due_calls(std::int64_t now_us, std::int64_t limit) {
  return read_all(database_.query(kDueCalls, now_us, limit));
}

std::vector<Purchase> PurchaseTable::live_of(std::string_view draw) {
  std::vector<Purchase> live = read_all(database_.query(kHeldOf, draw));
  for (Purchase& charging : read_all(database_.query(kChargingOf, draw))) {
    live.push_back(std::move(charging));
  }
  std::ranges::sort(live, {}, [](const Purchase& purchase) {
    return std::pair(purchase.entry, purchase.position);
  });
  return live;
}

}  // namespace lottery
