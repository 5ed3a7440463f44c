#include "system/lottery/bank_lane.h"

#include <algorithm>

#include "system/lottery/refusals.h"
#include "system/lottery/schema.h"
#include "system/probe/probe.h"

namespace lottery {
namespace {

constexpr std::int64_t kMaxCallsPerLease = 100;

// Doubles per send without shifting bits out.
std::int64_t lease_for_us(std::int64_t sends) {
  std::int64_t lease_us = kLeaseBase_us;
  for (std::int64_t send = 1; send < sends && lease_us < kLeaseMax_us; ++send) {
    lease_us *= 2;
  }
  return std::min(lease_us, kLeaseMax_us);
}

BankCall call_of(const Purchase& purchase) {
  const bool refund = purchase.state == PurchaseState::refunding;
  BankCall call;
  call.kind = refund ? "refund" : "charge";
  call.purchase = purchase.id;
  call.key = refund ? purchase.refund_key : purchase.bank_key;
  call.amount = purchase.price;
  call.card = purchase.card;
  call.attempt = purchase.attempt;
  call.send = purchase.sends;
  return call;
}

bool awaits_charge(const Purchase& purchase) {
  return purchase.state == PurchaseState::charging || purchase.state == PurchaseState::abandoning;
}

}  // namespace

Reply BankLane::lease(const LeaseBankCalls& command, const LogPoint& at) {
  const std::int64_t limit = std::clamp<std::int64_t>(command.limit, 1, kMaxCallsPerLease);
  BankCalls calls;
  for (Purchase& purchase : purchases_.due_calls(at.now_us, limit)) {
    probe::hit_if<"bank_lane.lease_ran_out_during_the_call">(purchase.sends > 0);
    purchase.sends += 1;
    purchase.call_due_us = at.now_us + lease_for_us(purchase.sends);
    purchases_.save(purchase);
    calls.calls.push_back(call_of(purchase));
  }
  return reply_with(200, calls);
}

Reply BankLane::record(const RecordCharge& command, const LogPoint& at) {
  std::optional<Purchase> purchase = purchases_.find(command.purchase);
  if (!purchase.has_value() || purchase->bank_key != command.bank_key) {
    probe::hit<"bank_lane.outcome_of_an_earlier_attempt">();
    return refuse(Refusal::not_found);
  }
  if (command.outcome == "captured") {
    probe::hit_if<"bank_lane.capture_told_again">(!awaits_charge(*purchase));
    captured(*purchase, at);
  } else if (command.outcome == "declined") {
    declined(*purchase, at);
  } else {
    return refuse(Refusal::bad_request);
  }
  return reply_with(200, view_of(*purchase));
}

void BankLane::captured(Purchase& purchase, const LogPoint& at) {
  if (purchase.state == PurchaseState::charging) {
    capture_money(purchase);
    confirm(purchase, at);
  } else if (purchase.state == PurchaseState::abandoning) {
    probe::hit<"bank_lane.captured_after_it_was_given_up">();
    capture_money(purchase);
    purchase.state = PurchaseState::refunding;
    purchase.refund_key = "refund-" + purchase.id;
    purchase.sends = 0;
    purchase.call_due_us = at.now_us;
    purchases_.save(purchase);
  }
}

void BankLane::capture_money(const Purchase& purchase) {
  books_.post(Ledger::money, {"capture:" + purchase.bank_key, clearing_account(purchase.bank_key),
                              suspense_account(purchase.id), purchase.price});
}

void BankLane::confirm(Purchase& purchase, const LogPoint& at) {
  probe::hit_if<"bank_lane.confirmed_after_the_hold_would_have_ended">(at.now_us >=
                                                                       purchase.hold_deadline_us);
  books_.resolve(hold_transfer(purchase.id), Resolution::posted);
  const std::int64_t pool = purchase.price * kPoolSharePercent / 100;
  const std::int64_t house = purchase.price - pool;
  books_.post(Ledger::money, {"pool:" + purchase.id, suspense_account(purchase.id),
                              pool_account(purchase.draw), pool});
  books_.post(Ledger::money, {"house:" + purchase.id, suspense_account(purchase.id),
                              std::string(kHouseAccount), house});
  purchase.first_ticket = draws_.take_numbers(purchase.draw, purchase.count);
  purchase.state = PurchaseState::confirmed;
  purchases_.save(purchase);
  purchases_.insert_tickets(purchase);
  complete_pay(purchase, reply_with(200, view_of(purchase)));
  tell(purchase, "confirmed");
  jobs_.add({"receipt:" + purchase.id, "receipt", "user:" + purchase.user, purchase.id}, at);
}

void BankLane::declined(Purchase& purchase, const LogPoint& at) {
  if (purchase.state == PurchaseState::abandoning) {
    probe::hit<"bank_lane.declined_after_it_was_given_up">();
    purchase.state = PurchaseState::cancelled;
  } else if (purchase.state != PurchaseState::charging) {
    probe::hit<"bank_lane.decline_told_again">();
    return;
  } else if (purchase.attempt < kMaxPayAttempts) {
    const std::int64_t left_us = purchase.hold_deadline_us - purchase.charging_since_us;
    probe::hit_if<"bank_lane.charging_stopped_the_clock_of_the_hold">(at.now_us >=
                                                                      purchase.hold_deadline_us);
    purchase.hold_deadline_us = at.now_us + left_us;
    purchase.state = PurchaseState::held;
  } else {
    books_.resolve(hold_transfer(purchase.id), Resolution::voided);
    purchase.state = PurchaseState::failed;
    probe::hit<"bank_lane.attempts_used_up">();
  }
  purchases_.save(purchase);
  complete_pay(purchase, refuse(Refusal::declined));
  if (purchase.state == PurchaseState::failed) {
    tell(purchase, "failed");
  }
}

void BankLane::complete_pay(const Purchase& purchase, const Reply& reply) {
  keys_.complete(purchase.user, purchase.pay_key, reply);
}

void BankLane::tell(const Purchase& purchase, std::string_view kind) {
  outbox_.append("user:" + purchase.user, kind, rpc::encode(view_of(purchase)));
}

Reply BankLane::record(const RecordRefund& command) {
  std::optional<Purchase> purchase = purchases_.find(command.purchase);
  if (!purchase.has_value() || purchase->refund_key != command.refund_key) {
    return refuse(Refusal::not_found);
  }
  refunded(*purchase);
  return reply_with(200, view_of(*purchase));
}

void BankLane::refunded(Purchase& purchase) {
  if (purchase.state != PurchaseState::refunding) {
    probe::hit<"bank_lane.refund_told_again">();
    return;
  }
  books_.post(Ledger::money, {"refund:" + purchase.refund_key, suspense_account(purchase.id),
                              clearing_account(purchase.refund_key), purchase.price});
  purchase.state = PurchaseState::refunded;
  purchases_.save(purchase);
  complete_pay(purchase, refuse(Refusal::refunded));
  tell(purchase, "refunded");
}

Reply BankLane::record(const RecordSettlement& command, const LogPoint& at) {
  const bool settled = books_.amount_of("settle:" + command.key).has_value();
  probe::hit_if<"bank_lane.settled_twice">(settled);
  if (!settled) {
    record_settled(database_, command.sequence);
    const bool matched = (command.kind == "charge" && settle_charge(command, at)) ||
                         (command.kind == "refund" && settle_refund(command));
    if (!matched) {
      probe::hit<"bank_lane.settlement_matches_nothing">();
      return refuse(Refusal::unmatched);
    }
  }
  return reply_count("settled", command.sequence);
}

// The settlement file may be the first to tell us of a capture whose answer was lost.
bool BankLane::settle_charge(const RecordSettlement& row, const LogPoint& at) {
  const std::string capture = "capture:" + row.key;
  std::optional<std::int64_t> amount = books_.amount_of(capture);
  if (!amount.has_value()) {
    std::optional<Purchase> purchase = purchases_.find(row.purchase);
    if (!purchase.has_value() || purchase->bank_key != row.key || !awaits_charge(*purchase) ||
        purchase->price != row.amount) {
      return false;
    }
    probe::hit<"bank_lane.capture_found_by_settlement">();
    captured(*purchase, at);
    amount = books_.amount_of(capture);
  }
  if (amount != row.amount) {
    return false;
  }
  books_.post(Ledger::money, {"settle:" + row.key, std::string(kSettledAccount),
                              clearing_account(row.key), row.amount});
  return true;
}

bool BankLane::settle_refund(const RecordSettlement& row) {
  const std::string refund = "refund:" + row.key;
  std::optional<std::int64_t> amount = books_.amount_of(refund);
  if (!amount.has_value()) {
    std::optional<Purchase> purchase = purchases_.find(row.purchase);
    if (!purchase.has_value() || purchase->state != PurchaseState::refunding ||
        purchase->refund_key != row.key || purchase->price != row.amount) {
      return false;
    }
    probe::hit<"bank_lane.refund_found_by_settlement">();
    refunded(*purchase);
    amount = books_.amount_of(refund);
  }
  if (amount != row.amount) {
    return false;
  }
  books_.post(Ledger::money, {"settle:" + row.key, clearing_account(row.key),
                              std::string(kSettledAccount), row.amount});
  return true;
}

}  // namespace lottery
