#include "system/lottery/saga.h"

#include "system/lottery/refusals.h"
#include "system/probe/probe.h"

namespace lottery {
namespace {

Outcome refused(Refusal refusal) { return Outcome{refuse(refusal), "", 0}; }

Outcome done(int status, const Purchase& purchase) {
  return Outcome{reply_with(status, view_of(purchase)), purchase.id, purchase.attempt};
}

}  // namespace

std::string hold_transfer(std::string_view purchase) { return "hold:" + std::string(purchase); }

Outcome Saga::execute(const Hold& command, const LogPoint& at) {
  const std::optional<Draw> draw = draws_.find(command.draw);
  if (!draw.has_value() || draw->sku != command.sku) {
    return refused(Refusal::not_found);
  }
  if (command.count < 1 || command.count > kMaxTicketsPerPurchase) {
    return refused(Refusal::bad_request);
  }
  if (!draw->sells_at(at.now_us)) {
    probe::hit<"saga.hold_after_close">();
    return refused(Refusal::closed);
  }
  const Account stock = books_.account(stock_account(command.draw, command.sku));
  if (command.seen_version != 0 && command.seen_version != draw->version) {
    probe::hit<"saga.draw_changed_under_the_hold">();
    return Outcome{refuse_with(Refusal::changed, view_of(*draw, stock.spare())), "", 0};
  }
  if (stock.spare() < command.count) {
    probe::hit_if<"saga.fewer_left_than_asked">(stock.spare() > 0);
    probe::hit_if<"saga.sold_out">(stock.spare() == 0);
    return refused(Refusal::sold_out);
  }
  Purchase purchase;
  purchase.id = "p" + std::to_string(at.index) + "." + std::to_string(at.position);
  purchase.entry = at.index;
  purchase.position = at.position;
  purchase.user = command.user;
  purchase.draw = command.draw;
  purchase.sku = command.sku;
  purchase.count = command.count;
  purchase.price = command.count * draw->price;
  purchase.draw_version = draw->version;
  purchase.hold_deadline_us = at.now_us + draw->hold_ttl_us;
  books_.pend(Ledger::tickets,
              {hold_transfer(purchase.id), stock.id, sold_account(command.draw, command.sku),
               command.count},
              stock);
  purchases_.insert(purchase);
  return done(201, purchase);
}

// Another user's purchase does not exist for this one.
std::optional<Purchase> Saga::find_own(std::string_view user, std::string_view id) {
  std::optional<Purchase> purchase = purchases_.find(id);
  if (purchase.has_value() && purchase->user != user) {
    purchase.reset();
  }
  return purchase;
}

Outcome Saga::execute(const Pay& command, const LogPoint& at) {
  std::optional<Purchase> purchase = find_own(command.user, command.purchase);
  if (!purchase.has_value()) {
    return refused(Refusal::not_found);
  }
  if (command.card.empty()) {
    return refused(Refusal::bad_request);
  }
  if (purchase->state == PurchaseState::charging) {
    probe::hit<"saga.second_payment_while_charging">();
    return refused(Refusal::payment_in_progress);
  }
  if (purchase->state != PurchaseState::held) {
    probe::hit<"saga.payment_after_the_end">();
    return refused(Refusal::not_payable);
  }
  const std::optional<Draw> draw = draws_.find(purchase->draw);
  if (!draw.has_value() || !draw->sells_at(at.now_us)) {
    probe::hit<"saga.payment_after_close">();
    return refused(Refusal::closed);
  }
  if (at.now_us >= purchase->hold_deadline_us) {
    probe::hit<"saga.payment_met_the_end_of_the_hold">();
    end_hold(*purchase, Resolution::expired);
    return refused(Refusal::expired);
  }
  return start_payment(*purchase, command, at);
}

Outcome Saga::start_payment(Purchase& purchase, const Pay& command, const LogPoint& at) {
  purchase.state = PurchaseState::charging;
  purchase.attempt += 1;
  purchase.bank_key = "charge-" + purchase.id + "-" + std::to_string(purchase.attempt);
  purchase.card = command.card;
  purchase.pay_key = command.key;
  purchase.charging_since_us = at.now_us;
  purchase.call_due_us = at.now_us;
  purchase.sends = 0;
  purchases_.save(purchase);
  return done(202, purchase);
}

Outcome Saga::execute(const Cancel& command, const LogPoint&) {
  std::optional<Purchase> purchase = find_own(command.user, command.purchase);
  if (!purchase.has_value()) {
    return refused(Refusal::not_found);
  }
  switch (purchase->state) {
    case PurchaseState::held:
      probe::hit<"saga.hold_given_back">();
      end_hold(*purchase, Resolution::voided);
      return done(200, *purchase);
    case PurchaseState::charging:
      probe::hit<"saga.cancelled_while_charging">();
      abandon(*purchase);
      return done(200, *purchase);
    default:
      probe::hit<"saga.cancelled_too_late">();
      return refused(Refusal::not_cancellable);
  }
}

void Saga::end_hold(Purchase& purchase, Resolution resolution) {
  books_.resolve(hold_transfer(purchase.id), resolution);
  purchase.state = PurchaseState::expired;
  purchases_.save(purchase);
}

void Saga::abandon(Purchase& purchase) {
  books_.resolve(hold_transfer(purchase.id), Resolution::voided);
  purchase.state = PurchaseState::abandoning;
  purchases_.save(purchase);
}

Reply Saga::expire_holds(const LogPoint& at) {
  std::vector<Purchase> due = purchases_.due_holds(at.now_us, -1);
  for (Purchase& purchase : due) {
    probe::hit<"saga.hold_ran_out">();
    end_hold(purchase, Resolution::expired);
  }
  return reply_count("expired", static_cast<std::int64_t>(due.size()));
}

Reply Saga::close_draws(const LogPoint& at) {
  const std::vector<std::string> due = draws_.due(at.now_us, -1);
  for (const std::string& id : due) {
    close(id);
  }
  return reply_count("closed", static_cast<std::int64_t>(due.size()));
}

void Saga::close(const std::string& draw) {
  Draw closing = draws_.find(draw).value();
  draws_.move_to(closing, DrawState::closed);
  for (Purchase& purchase : purchases_.live_of(draw)) {
    if (purchase.state == PurchaseState::held) {
      probe::hit<"saga.hold_ended_by_close">();
      end_hold(purchase, Resolution::expired);
    } else {
      probe::hit<"saga.payment_abandoned_by_close">();
      abandon(purchase);
    }
  }
  const Account stock = books_.account(stock_account(closing.id, closing.sku));
  outbox_.append("draw:" + draw, "closed", rpc::encode(view_of(closing, stock.spare())));
}

}  // namespace lottery
