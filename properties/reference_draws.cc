// Draws in the reference: opening, changing, closing.
#include <set>
#include <utility>

#include "properties/reference_purchases.h"
#include "system/rpc/codec.h"

namespace properties {
namespace {

using lottery::Reply;

bool plain_id(std::string_view id) {
  for (const char c : id) {
    if (c == '[' || c == ']' || c == ',' || c == ':') {
      return false;
    }
  }
  return true;
}

bool price_allowed(std::int64_t price) { return 0 <= price && price <= lottery::kMaxTicketPrice; }

}  // namespace

std::string ReferencePurchases::draw_text(const std::string& id, const Draw& draw) const {
  return rpc::encode(lottery::DrawView{id, draw.sku, draw.open ? "OPEN" : "CLOSED", draw.capacity,
                                       books_.account(account::stock(id, draw.sku)).free(),
                                       draw.price, draw.closes_at_us, draw.version});
}

Reply ReferencePurchases::run(const lottery::OpenDraw& command) {
  if (!plain_id(command.draw) || !plain_id(command.sku) || command.capacity < 1 ||
      !price_allowed(command.price) || command.hold_ttl_us < 1 ||
      command.hold_ttl_us > lottery::kMaxHoldTtl_us) {
    return refusal(400, "bad_request");
  }
  if (draws_.contains(command.draw)) {
    return refusal(409, "exists");
  }
  Draw& draw = draws_[command.draw];
  draw.sku = command.sku;
  draw.capacity = command.capacity;
  draw.price = command.price;
  draw.closes_at_us = command.closes_at_us;
  draw.hold_ttl_us = command.hold_ttl_us;
  books_.post({"mint:" + command.draw + ":" + command.sku, "tickets",
               account::mint(command.draw, command.sku), account::stock(command.draw, command.sku),
               command.capacity});
  return {201, draw_text(command.draw, draw)};
}

Reply ReferencePurchases::run(const lottery::AmendDraw& command) {
  const auto found = draws_.find(command.draw);
  if (found == draws_.end()) {
    return refusal(404, "not_found");
  }
  if (!price_allowed(command.price) || command.closes_at_us <= now_us_) {
    return refusal(400, "bad_request");
  }
  Draw& draw = found->second;
  if (!draw.open || draw.closes_at_us <= now_us_) {
    return refusal(409, "closed");
  }
  if (command.expected_version == draw.version) {
    ++draw.version;
    draw.price = command.price;
    draw.closes_at_us = command.closes_at_us;
  } else if (command.expected_version != draw.version - 1 || command.price != draw.price ||
             command.closes_at_us != draw.closes_at_us) {
    return refusal(409, "changed", draw_text(command.draw, draw));
  }
  return {200, draw_text(command.draw, draw)};
}

Reply ReferencePurchases::run(const lottery::CloseDraws&) {
  std::set<std::string_view> closing;
  std::set<std::pair<std::int64_t, std::string>> in_order;
  for (auto& [id, draw] : draws_) {
    if (draw.open && draw.closes_at_us <= now_us_) {
      draw.open = false;
      closing.insert(id);
      in_order.emplace(draw.closes_at_us, id);
    }
  }
  const std::vector<PurchaseId> open(open_.begin(), open_.end());
  for (const PurchaseId& id : open) {
    Purchase& purchase = purchases_.at(id);
    if (!closing.contains(purchase.draw)) {
      continue;
    }
    if (purchase.state == PurchaseState::held) {
      release(purchase, PurchaseState::expired, "expired");
    } else if (purchase.state == PurchaseState::charging) {
      release(purchase, PurchaseState::abandoning, "void");
    }
  }
  for (const auto& [closes_at_us, id] : in_order) {
    outbox_.tell("draw:" + id, "closed", draw_text(id, draws_.at(id)));
  }
  return number_reply("closed", static_cast<std::int64_t>(closing.size()));
}

TableRows ReferencePurchases::draw_rows() const {
  TableRows rows;
  for (const auto& [id, draw] : draws_) {
    rows.push_back({id, draw.sku, draw.open ? "OPEN" : "CLOSED", std::to_string(draw.capacity),
                    std::to_string(draw.price), std::to_string(draw.closes_at_us),
                    std::to_string(draw.hold_ttl_us), std::to_string(draw.next_ticket),
                    std::to_string(draw.version)});
  }
  return rows;
}

}  // namespace properties
