// The buyer's and the clock's side of a purchase: hold, pay, cancel, expire, close.
// What the bank says moves it on in bank_lane.h.
//
// A hold is the pending transfer hold:<purchase> from STOCK to SOLD, so "never
// oversell" is "never overdraw". Giving stock back needs only our decision; giving
// money back needs the bank's, so a purchase left while CHARGING is ABANDONING
// until the bank's answer is definite.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "system/lottery/books.h"
#include "system/lottery/draws.h"
#include "system/lottery/idempotency.h"
#include "system/lottery/log_point.h"
#include "system/lottery/messages.h"
#include "system/lottery/outbox.h"
#include "system/lottery/purchase_table.h"

namespace lottery {

// One spelling for the transfer that a hold is.
std::string hold_transfer(std::string_view purchase);

class Saga {
 public:
  Saga(Books& books, Draws& draws, PurchaseTable& purchases, Outbox& outbox)
      : books_(books), draws_(draws), purchases_(purchases), outbox_(outbox) {}

  Reply expire_holds(const LogPoint& at);
  Reply close_draws(const LogPoint& at);

  // REQUIRES: the command's (user, key) is new; the caller stores the outcome.
  Outcome execute(const Hold& command, const LogPoint& at);
  Outcome execute(const Pay& command, const LogPoint& at);
  Outcome execute(const Cancel& command, const LogPoint& at);

 private:
  std::optional<Purchase> find_own(std::string_view user, std::string_view id);
  Outcome start_payment(Purchase& purchase, const Pay& command, const LogPoint& at);
  void end_hold(Purchase& purchase, Resolution resolution);
  void abandon(Purchase& purchase);
  void close(const std::string& draw);

  Books& books_;
  Draws& draws_;
  PurchaseTable& purchases_;
  Outbox& outbox_;
};

}  // namespace lottery
