// Draws in the reference: from opening to the published numbers.
#include <array>
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

bool commitment_allowed(std::string_view text) {
  for (const char c : text) {
    if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
      return false;
    }
  }
  return text.empty() || text.size() == 64;
}

bool price_allowed(std::int64_t price) { return 0 <= price && price <= lottery::kMaxTicketPrice; }

}  // namespace

std::string_view name(DrawState state) {
  static constexpr std::array<std::string_view, 5> kNames{"OPEN", "CLOSED", "SEALED", "DRAWN",
                                                          "PUBLISHED"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string ReferencePurchases::draw_text(const std::string& id, const Draw& draw) const {
  return rpc::encode(lottery::DrawView{id, draw.sku, std::string(name(draw.state)), draw.capacity,
                                       books_.account(account::stock(id, draw.sku)).free(),
                                       draw.price, draw.closes_at_us, draw.version,
                                       draw.commitment});
}

Reply ReferencePurchases::run(const lottery::OpenDraw& command) {
  if (!plain_id(command.draw) || !plain_id(command.sku) || command.capacity < 1 ||
      !price_allowed(command.price) || command.hold_ttl_us < 1 ||
      command.hold_ttl_us > lottery::kMaxHoldTtl_us || !commitment_allowed(command.commitment)) {
    return refusal(400, "bad_request");
  }
  if (draws_.contains(command.draw)) {
    return refusal(409, "exists");
  }
  for (const auto& [id, other] : draws_) {
    if (!other.commitment.empty() && other.commitment == command.commitment) {
      return refusal(409, "seed_reused");
    }
  }
  Draw& draw = draws_[command.draw];
  draw.sku = command.sku;
  draw.capacity = command.capacity;
  draw.price = command.price;
  draw.closes_at_us = command.closes_at_us;
  draw.hold_ttl_us = command.hold_ttl_us;
  draw.commitment = command.commitment;
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
  if (!draw.sells_at(now_us_)) {
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
    if (draw.state == DrawState::open && draw.closes_at_us <= now_us_) {
      draw.state = DrawState::closed;
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

Manifest ReferencePurchases::manifest(const std::string& draw) const {
  std::vector<Ticket> tickets;
  for (auto at = tickets_.lower_bound({draw, 0}); at != tickets_.end() && at->first.first == draw;
       ++at) {
    const Purchase& purchase = *this->purchase(at->second);
    tickets.push_back(
        {at->first.second, purchase.price / purchase.count, purchase.text, purchase.user});
  }
  return manifest_of(tickets);
}

// Nobody is shown the numbers before they are published.
std::string ReferencePurchases::result_text(const std::string& id, const Draw& draw) {
  lottery::DrawResultView view{id,
                               std::string(name(draw.state)),
                               draw.commitment,
                               draw.sealed.count,
                               draw.sealed.sum,
                               draw.sealed.root,
                               "",
                               {},
                               draw.offset};
  if (draw.state == DrawState::published) {
    view.seed = draw.seed;
    view.numbers = draw.numbers;
  }
  return rpc::encode(view);
}

Reply ReferencePurchases::run(const lottery::SealDraw& command) {
  const auto found = draws_.find(command.draw);
  if (found == draws_.end()) {
    return refusal(404, "not_found");
  }
  Draw& draw = found->second;
  if (draw.state == DrawState::open) {
    return refusal(409, "irreversible");
  }
  const bool first = draw.state == DrawState::closed;
  const Manifest right = first ? manifest(command.draw) : draw.sealed;
  if (command.count != right.count || command.sum != right.sum || command.root != right.root) {
    return refusal(409, first ? "mismatch" : "irreversible");
  }
  if (first) {
    draw.sealed = right;
    draw.state = DrawState::sealed;
  }
  return {200, result_text(command.draw, draw)};
}

Reply ReferencePurchases::run(const lottery::DrawNumbers& command) {
  if (command.seed.empty() || command.seed.size() > 256) {
    return refusal(400, "bad_request");
  }
  const auto found = draws_.find(command.draw);
  if (found == draws_.end()) {
    return refusal(404, "not_found");
  }
  Draw& draw = found->second;
  if (draw.state == DrawState::sealed) {
    if (sha256_hex(command.seed) != draw.commitment) {
      return refusal(409, "mismatch");
    }
    draw.seed = command.seed;
    draw.numbers = numbers_of(draw.seed, draw.sealed.root);
    draw.state = DrawState::drawn;
  } else if (draw.seed != command.seed) {
    return refusal(409, "irreversible");
  }
  return {200, result_text(command.draw, draw)};
}

Reply ReferencePurchases::run(const lottery::PublishDraw& command) {
  const auto found = draws_.find(command.draw);
  if (found == draws_.end()) {
    return refusal(404, "not_found");
  }
  Draw& draw = found->second;
  if (draw.state == DrawState::drawn) {
    draw.state = DrawState::published;
    draw.offset = index_;
    outbox_.tell("draw:" + command.draw, "published", result_text(command.draw, draw));
  } else if (draw.state != DrawState::published) {
    return refusal(409, "irreversible");
  }
  return {200, result_text(command.draw, draw)};
}

TableRows ReferencePurchases::draw_rows() const {
  TableRows rows;
  for (const auto& [id, draw] : draws_) {
    rows.push_back({id, draw.sku, std::string(name(draw.state)), std::to_string(draw.capacity),
                    std::to_string(draw.price), std::to_string(draw.closes_at_us),
                    std::to_string(draw.hold_ttl_us), std::to_string(draw.next_ticket),
                    std::to_string(draw.version), draw.commitment});
  }
  return rows;
}

TableRows ReferencePurchases::result_rows() const {
  TableRows rows;
  for (const auto& [id, draw] : draws_) {
    if (draw.state == DrawState::open || draw.state == DrawState::closed) {
      continue;
    }
    std::string numbers;
    for (const std::int64_t number : draw.numbers) {
      numbers += (numbers.empty() ? "" : ",") + std::to_string(number);
    }
    rows.push_back({id, std::to_string(draw.sealed.count), std::to_string(draw.sealed.sum),
                    draw.sealed.root, draw.seed, numbers, std::to_string(draw.offset)});
  }
  return rows;
}

}  // namespace properties
