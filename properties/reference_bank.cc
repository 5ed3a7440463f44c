// What the bank causes in the reference: leases of calls, outcomes, settlement.
#include <algorithm>
#include <tuple>

#include "properties/reference_purchases.h"
#include "system/rpc/codec.h"

namespace properties {
namespace {

using lottery::Reply;

std::int64_t lease_us(std::int64_t sends) {
  std::int64_t lease = lottery::kLeaseBase_us;
  for (std::int64_t send = 1; send < sends && lease < lottery::kLeaseMax_us; ++send) {
    lease *= 2;
  }
  return std::min(lease, lottery::kLeaseMax_us);
}

}  // namespace

Reply ReferencePurchases::run(const lottery::LeaseBankCalls& command) {
  std::vector<std::pair<std::int64_t, PurchaseId>> due;
  for (const PurchaseId& id : open_) {
    const Purchase& purchase = purchases_.at(id);
    if (purchase.state != PurchaseState::held && purchase.call_due_us <= now_us_) {
      due.emplace_back(purchase.call_due_us, id);
    }
  }
  std::sort(due.begin(), due.end());
  const std::int64_t limit = std::clamp<std::int64_t>(command.limit, 1, 100);
  if (due.size() > static_cast<std::size_t>(limit)) {
    due.resize(static_cast<std::size_t>(limit));
  }
  lottery::BankCalls answer;
  for (const auto& [when, id] : due) {
    Purchase& purchase = purchases_.at(id);
    purchase.sends += 1;
    purchase.call_due_us = now_us_ + lease_us(purchase.sends);
    const bool refund = purchase.state == PurchaseState::refunding;
    answer.calls.push_back({refund ? "refund" : "charge", purchase.text,
                            refund ? purchase.refund_key : purchase.bank_key, purchase.price,
                            purchase.card, purchase.attempt, purchase.sends});
  }
  return {200, rpc::encode(answer)};
}

void ReferencePurchases::answer_pay(const Purchase& purchase, Reply reply) {
  if (KeyRow* const row = keys_.find({purchase.pay_user, purchase.pay_key})) {
    row->reply = std::move(reply);
  }
}

void ReferencePurchases::confirm(Purchase& purchase) {
  books_.resolve("hold:" + purchase.text, "posted");
  const std::int64_t pool = purchase.price * lottery::kPoolSharePercent / 100;
  const std::string suspense = account::suspense(purchase.text);
  books_.post({"pool:" + purchase.text, "money", suspense, account::pool(purchase.draw), pool});
  books_.post({"house:" + purchase.text, "money", suspense, std::string(account::kHouse),
               purchase.price - pool});
  Draw& draw = draws_.find(purchase.draw)->second;
  for (std::int64_t i = 0; i < purchase.count; ++i) {
    purchase.tickets.push_back(draw.next_ticket);
    tickets_[{purchase.draw, draw.next_ticket}] = purchase.text;
    ++draw.next_ticket;
  }
  move_to(purchase, PurchaseState::confirmed);
  answer_pay(purchase, view_reply(200, purchase));
  tell(purchase, "confirmed");
  Job receipt;
  receipt.id = "receipt:" + purchase.text;
  receipt.kind = "receipt";
  receipt.lane = "user:" + purchase.user;
  receipt.payload = purchase.text;
  receipt.due_us = now_us_;
  jobs_.add({index_, position_}, std::move(receipt));
}

void ReferencePurchases::tell(const Purchase& purchase, std::string kind) {
  outbox_.tell("user:" + purchase.user, std::move(kind), view_reply(200, purchase).body);
}

// REQUIRES: CHARGING or ABANDONING.
void ReferencePurchases::captured(Purchase& purchase) {
  books_.post({"capture:" + purchase.bank_key, "money", account::clearing(purchase.bank_key),
               account::suspense(purchase.text), purchase.price});
  if (purchase.state == PurchaseState::charging) {
    confirm(purchase);
    return;
  }
  purchase.refund_key = "refund-" + purchase.text;
  purchase.sends = 0;
  purchase.call_due_us = now_us_;
  move_to(purchase, PurchaseState::refunding);
}

// REQUIRES: CHARGING or ABANDONING.
void ReferencePurchases::declined(Purchase& purchase) {
  answer_pay(purchase, refusal(402, "declined"));
  if (purchase.state == PurchaseState::abandoning) {
    move_to(purchase, PurchaseState::cancelled);
  } else if (purchase.attempt < lottery::kMaxPayAttempts) {
    purchase.expires_at_us = now_us_ + purchase.hold_left_us;
    move_to(purchase, PurchaseState::held);
  } else {
    release(purchase, PurchaseState::failed, "void");
    tell(purchase, "failed");
  }
}

// REQUIRES: REFUNDING.
void ReferencePurchases::refunded(Purchase& purchase) {
  books_.post({"refund:" + purchase.refund_key, "money", account::suspense(purchase.text),
               account::clearing(purchase.refund_key), purchase.price});
  move_to(purchase, PurchaseState::refunded);
  answer_pay(purchase, refusal(409, "refunded"));
  tell(purchase, "refunded");
}

Reply ReferencePurchases::run(const lottery::RecordCharge& command) {
  Purchase* const purchase = find(command.purchase);
  if (purchase == nullptr || purchase->bank_key != command.bank_key) {
    return refusal(404, "not_found");
  }
  if (command.outcome != "captured" && command.outcome != "declined") {
    return refusal(400, "bad_request");
  }
  if (purchase->state == PurchaseState::charging || purchase->state == PurchaseState::abandoning) {
    command.outcome == "captured" ? captured(*purchase) : declined(*purchase);
  }
  return view_reply(200, *purchase);
}

Reply ReferencePurchases::run(const lottery::RecordRefund& command) {
  Purchase* const purchase = find(command.purchase);
  if (purchase == nullptr || purchase->refund_key != command.refund_key) {
    return refusal(404, "not_found");
  }
  if (purchase->state == PurchaseState::refunding) {
    refunded(*purchase);
  }
  return view_reply(200, *purchase);
}

bool ReferencePurchases::settle_charge(const lottery::RecordSettlement& row) {
  const std::string capture = "capture:" + row.key;
  Purchase* const purchase = find(row.purchase);
  if (books_.transfer(capture) == nullptr && purchase != nullptr && purchase->bank_key == row.key &&
      purchase->price == row.amount &&
      (purchase->state == PurchaseState::charging ||
       purchase->state == PurchaseState::abandoning)) {
    captured(*purchase);
  }
  const Transfer* const found = books_.transfer(capture);
  if (found == nullptr || found->amount != row.amount) {
    return false;
  }
  books_.post({"settle:" + row.key, "money", std::string(account::kSettled),
               account::clearing(row.key), row.amount});
  return true;
}

bool ReferencePurchases::settle_refund(const lottery::RecordSettlement& row) {
  const std::string refund = "refund:" + row.key;
  Purchase* const purchase = find(row.purchase);
  if (books_.transfer(refund) == nullptr && purchase != nullptr &&
      purchase->refund_key == row.key && purchase->price == row.amount &&
      purchase->state == PurchaseState::refunding) {
    refunded(*purchase);
  }
  const Transfer* const found = books_.transfer(refund);
  if (found == nullptr || found->amount != row.amount) {
    return false;
  }
  books_.post({"settle:" + row.key, "money", account::clearing(row.key),
               std::string(account::kSettled), row.amount});
  return true;
}

Reply ReferencePurchases::run(const lottery::RecordSettlement& command) {
  if (books_.transfer("settle:" + command.key) == nullptr) {
    settled_sequence_ = std::max(settled_sequence_, command.sequence);
    const bool matched = command.kind == "charge"   ? settle_charge(command)
                         : command.kind == "refund" ? settle_refund(command)
                                                    : false;
    if (!matched) {
      return refusal(404, "unmatched");
    }
  }
  return number_reply("settled", command.sequence);
}

}  // namespace properties
