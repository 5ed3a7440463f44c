// The bank's side of a purchase: which calls are due, and what the bank's definite
// answers and its settlement file do to money and state.
//
// Outcomes are facts about a bank key: any worker may record them, in any order
// and number; only the first one that fits the state has an effect. A missing
// answer is no answer: a call stays due under the same key until one is recorded.
#pragma once

#include <string>

#include "system/lottery/books.h"
#include "system/lottery/draws.h"
#include "system/lottery/idempotency.h"
#include "system/lottery/jobs.h"
#include "system/lottery/messages.h"
#include "system/lottery/outbox.h"
#include "system/lottery/purchase_table.h"
#include "system/lottery/saga.h"
#include "system/store/database.h"

namespace lottery {

class BankLane {
 public:
  BankLane(store::Database& database, Books& books, Draws& draws, PurchaseTable& purchases,
           Idempotency& keys, Outbox& outbox, Jobs& jobs)
      : database_(database),
        books_(books),
        draws_(draws),
        purchases_(purchases),
        keys_(keys),
        outbox_(outbox),
        jobs_(jobs) {}

  Reply lease(const LeaseBankCalls& command, const LogPoint& at);
  Reply record(const RecordCharge& command, const LogPoint& at);
  Reply record(const RecordRefund& command);
  Reply record(const RecordSettlement& command, const LogPoint& at);

 private:
  void captured(Purchase& purchase, const LogPoint& at);
  void declined(Purchase& purchase, const LogPoint& at);
  void refunded(Purchase& purchase);
  void confirm(Purchase& purchase, const LogPoint& at);
  void capture_money(const Purchase& purchase);
  void complete_pay(const Purchase& purchase, const Reply& reply);
  void tell(const Purchase& purchase, std::string_view kind);
  bool settle_charge(const RecordSettlement& row, const LogPoint& at);
  bool settle_refund(const RecordSettlement& row);

  store::Database& database_;
  Books& books_;
  Draws& draws_;
  PurchaseTable& purchases_;
  Idempotency& keys_;
  Outbox& outbox_;
  Jobs& jobs_;
};

}  // namespace lottery
