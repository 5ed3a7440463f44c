#include "properties/reference_purchases.h"

#include <algorithm>

#include "system/rpc/codec.h"

namespace properties {
namespace {

using lottery::Reply;

// Length-prefixed, so that no two lists of fields look alike.
std::string request_of(std::initializer_list<std::string_view> fields) {
  std::string request;
  for (const std::string_view field : fields) {
    request += std::to_string(field.size());
    request += ':';
    request += field;
  }
  return request;
}

}  // namespace

std::vector<Reply> ReferencePurchases::apply(const lottery::Entry& entry) {
  index_ = entry.index;
  now_us_ = std::max(entry.now_us, now_us_ + 1);  // log time never stands still
  changes_.clear();
  books_.forget_touched();
  std::vector<Reply> replies;
  replies.reserve(entry.commands.size());
  position_ = 0;
  for (const lottery::Command& command : entry.commands) {
    replies.push_back(std::visit([this](const auto& value) { return run(value); }, command));
    ++position_;
  }
  return replies;
}

const Purchase* ReferencePurchases::purchase(std::string_view id) const {
  const auto parsed = PurchaseId::parse(id);
  const auto found = parsed ? purchases_.find(*parsed) : purchases_.end();
  return found == purchases_.end() ? nullptr : &found->second;
}

Purchase* ReferencePurchases::find(std::string_view id) {
  return const_cast<Purchase*>(std::as_const(*this).purchase(id));
}

Purchase* ReferencePurchases::find_of(std::string_view id, std::string_view user) {
  Purchase* const purchase = find(id);
  return purchase != nullptr && purchase->user == user ? purchase : nullptr;
}

const Draw* ReferencePurchases::draw(std::string_view id) const {
  const auto found = draws_.find(id);
  return found == draws_.end() ? nullptr : &found->second;
}

const KeyRow* ReferencePurchases::key_row(const std::string& user, const std::string& key) const {
  return keys_.find({user, key});
}

void ReferencePurchases::move_to(Purchase& purchase, PurchaseState state) {
  changes_.push_back({purchase.id, purchase.state, state});
  purchase.state = state;
  if (terminal(state)) {
    open_.erase(purchase.id);
  }
}

// The tickets go back to stock; `hold_state` is void or expired.
void ReferencePurchases::release(Purchase& purchase, PurchaseState state,
                                 std::string_view hold_state) {
  books_.resolve("hold:" + purchase.text, hold_state);
  move_to(purchase, state);
}

// The first reply to (user, key) is the reply for ever; only a 202 moves on.
template <class Execute>
Reply ReferencePurchases::once(const std::string& user, const std::string& key, std::string request,
                               const std::string& purchase, Execute execute) {
  if (user.empty() || key.empty()) {
    return refusal(400, "bad_request");
  }
  if (const KeyRow* const row = key_row(user, key)) {
    if (row->request != request) {
      return refusal(409, "key_reused");
    }
    if (row->reply.status == 202 && row->purchase) {
      return view_reply(202, purchases_.at(*row->purchase));
    }
    return row->reply;
  }
  const Reply reply = execute();
  keys_.emplace({user, key}, KeyRow{std::move(request), reply, PurchaseId::parse(purchase)});
  return reply;
}

Reply ReferencePurchases::run(const lottery::Hold& command) {
  auto request = request_of({"hold", command.draw, command.sku, std::to_string(command.count),
                             std::to_string(command.seen_version)});
  return once(command.user, command.key, std::move(request), "", [&] { return hold(command); });
}

Reply ReferencePurchases::run(const lottery::Pay& command) {
  auto request = request_of({"pay", command.purchase, command.card});
  return once(command.user, command.key, std::move(request), command.purchase,
              [&] { return pay(command); });
}

Reply ReferencePurchases::run(const lottery::Cancel& command) {
  auto request = request_of({"cancel", command.purchase});
  return once(command.user, command.key, std::move(request), command.purchase,
              [&] { return cancel(command); });
}

Reply ReferencePurchases::hold(const lottery::Hold& command) {
  const Draw* const draw = this->draw(command.draw);
  if (draw == nullptr || draw->sku != command.sku) {
    return refusal(404, "not_found");
  }
  if (command.count < 1 || command.count > lottery::kMaxTicketsPerPurchase) {
    return refusal(400, "bad_request");
  }
  if (!draw->sells_at(now_us_)) {
    return refusal(409, "closed");
  }
  if (command.seen_version != 0 && command.seen_version != draw->version) {
    return refusal(409, "changed", draw_text(command.draw, *draw));
  }
  const std::string stock = account::stock(command.draw, command.sku);
  if (books_.account(stock).free() < command.count) {
    return refusal(409, "sold_out");
  }
  const PurchaseId id{index_, position_};
  Purchase& purchase = purchases_[id];
  purchase.id = id;
  purchase.text = id.text();
  purchase.user = command.user;
  purchase.draw = command.draw;
  purchase.sku = command.sku;
  purchase.count = command.count;
  purchase.price = command.count * draw->price;
  purchase.draw_version = draw->version;
  purchase.expires_at_us = now_us_ + draw->hold_ttl_us;
  open_.insert(id);
  changes_.push_back({id, std::nullopt, PurchaseState::held});
  books_.pend({"hold:" + purchase.text, "tickets", stock, account::sold(command.draw, command.sku),
               command.count});
  return view_reply(201, purchase);
}

Reply ReferencePurchases::pay(const lottery::Pay& command) {
  Purchase* const purchase = find_of(command.purchase, command.user);
  if (purchase == nullptr) {
    return refusal(404, "not_found");
  }
  if (command.card.empty()) {
    return refusal(400, "bad_request");
  }
  switch (purchase->state) {
    case PurchaseState::held:
      return pay_held(*purchase, command);
    case PurchaseState::charging:
      return refusal(409, "payment_in_progress");
    default:
      return refusal(409, "not_payable");
  }
}

Reply ReferencePurchases::pay_held(Purchase& purchase, const lottery::Pay& command) {
  const Draw& draw = draws_.at(purchase.draw);
  if (!draw.sells_at(now_us_)) {
    return refusal(409, "closed");
  }
  if (now_us_ >= purchase.expires_at_us) {
    release(purchase, PurchaseState::expired, "expired");
    return refusal(409, "expired");
  }
  purchase.attempt += 1;
  purchase.bank_key = "charge-" + purchase.text + "-" + std::to_string(purchase.attempt);
  purchase.card = command.card;
  purchase.hold_left_us = purchase.expires_at_us - now_us_;
  purchase.expires_at_us = 0;
  purchase.call_due_us = now_us_;
  purchase.sends = 0;
  purchase.pay_user = command.user;
  purchase.pay_key = command.key;
  move_to(purchase, PurchaseState::charging);
  return view_reply(202, purchase);
}

Reply ReferencePurchases::cancel(const lottery::Cancel& command) {
  Purchase* const purchase = find_of(command.purchase, command.user);
  if (purchase == nullptr) {
    return refusal(404, "not_found");
  }
  switch (purchase->state) {
    case PurchaseState::held:
      release(*purchase, PurchaseState::expired, "void");
      break;
    case PurchaseState::charging:
      release(*purchase, PurchaseState::abandoning, "void");
      break;
    default:
      return refusal(409, "not_cancellable");
  }
  return view_reply(200, *purchase);
}

Reply ReferencePurchases::run(const lottery::ExpireHolds&) {
  std::int64_t expired = 0;
  const std::vector<PurchaseId> open(open_.begin(), open_.end());
  for (const PurchaseId& id : open) {
    Purchase& purchase = purchases_.at(id);
    if (purchase.state == PurchaseState::held && purchase.expires_at_us <= now_us_) {
      release(purchase, PurchaseState::expired, "expired");
      ++expired;
    }
  }
  return number_reply("expired", expired);
}

}  // namespace properties
