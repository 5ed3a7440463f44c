// The rows of the purchases and of the tickets they were given. Knows no rule of
// the saga beyond which states are live; the rules are in saga.h and bank_lane.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "system/lottery/messages.h"
#include "system/store/database.h"

namespace lottery {

enum class PurchaseState {
  held,
  charging,
  confirmed,
  expired,
  failed,
  abandoning,
  refunding,
  refunded,
  cancelled,
};

std::string_view name_of(PurchaseState state);  // HELD, CHARGING, ...

struct Purchase {
  std::string id;  // p<entry>.<position>
  std::int64_t entry = 0;
  std::int64_t position = 0;  // of the Hold in its entry
  std::string user;
  std::string draw;
  std::string sku;
  std::int64_t count = 0;
  std::int64_t price = 0;         // of the whole purchase
  std::int64_t draw_version = 0;  // under which it was sold
  PurchaseState state = PurchaseState::held;
  std::int64_t attempt = 0;  // payments started
  // In force while HELD. CHARGING suspends it: the time left is hold_deadline_us -
  // charging_since_us, and a decline grants that much again.
  std::int64_t hold_deadline_us = 0;
  std::int64_t charging_since_us = 0;
  std::string bank_key;  // of the latest attempt
  std::string card;
  std::string pay_key;  // the user's key of the latest Pay; its row awaits the outcome
  std::string refund_key;
  std::int64_t call_due_us = 0;   // when the bank call is handed out again
  std::int64_t sends = 0;         // how often it was handed out
  std::int64_t first_ticket = 0;  // CONFIRMED: `count` consecutive numbers from here
};

PurchaseView view_of(const Purchase& purchase);

class PurchaseTable {
 public:
  explicit PurchaseTable(store::Database& database) : database_(database) {}

  std::optional<Purchase> find(std::string_view id);
  void insert(const Purchase& purchase);
  // Writes everything that can change after insert().
  void save(const Purchase& purchase);
  void insert_tickets(const Purchase& purchase);

  // HELD with the deadline reached, by deadline. `limit` -1: all; so below.
  std::vector<Purchase> due_holds(std::int64_t now_us, std::int64_t limit);
  // CHARGING, ABANDONING, REFUNDING with a bank call due, by due time.
  std::vector<Purchase> due_calls(std::int64_t now_us, std::int64_t limit);
  // HELD and CHARGING of a draw, oldest first.
  std::vector<Purchase> live_of(std::string_view draw);

 private:
  store::Database& database_;
};

}  // namespace lottery
