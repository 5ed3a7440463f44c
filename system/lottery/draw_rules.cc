#include "system/lottery/draw_rules.h"

#include "system/lottery/refusals.h"
#include "system/probe/probe.h"

namespace lottery {
namespace {

// Ids end up between brackets, commas and colons in account and transfer ids.
bool is_plain(std::string_view id) { return id.find_first_of("[],:") == std::string_view::npos; }

bool is_price(std::int64_t price) { return price >= 0 && price <= kMaxTicketPrice; }

bool is_commitment(std::string_view text) {
  return text.empty() || (text.size() == 64 &&
                          text.find_first_not_of("0123456789abcdef") == std::string_view::npos);
}

bool is_valid(const OpenDraw& command) {
  return is_commitment(command.commitment) && is_plain(command.draw) && is_plain(command.sku) &&
         command.capacity >= 1 && is_price(command.price) && command.hold_ttl_us >= 1 &&
         command.hold_ttl_us <= kMaxHoldTtl_us;
}

}  // namespace

Reply DrawRules::open(const OpenDraw& command) {
  if (!is_valid(command)) {
    return refuse(Refusal::bad_request);
  }
  if (draws_.find(command.draw).has_value()) {
    probe::hit<"draws.opened_twice">();
    return refuse(Refusal::exists);
  }
  if (!command.commitment.empty() && draws_.is_committed(command.commitment)) {
    return refuse(Refusal::seed_reused);
  }
  Draw draw;
  draw.id = command.draw;
  draw.sku = command.sku;
  draw.capacity = command.capacity;
  draw.price = command.price;
  draw.closes_at_us = command.closes_at_us;
  draw.hold_ttl_us = command.hold_ttl_us;
  draw.commitment = command.commitment;
  draws_.insert(draw);
  books_.post(Ledger::tickets, {"mint:" + draw.id + ":" + draw.sku, mint_account(draw.id, draw.sku),
                                stock_account(draw.id, draw.sku), draw.capacity});
  return reply_with(201, view(draw));
}

// Neither the old closing time nor the new one may have passed: an end of sale that
// somebody may have seen is not moved.
Reply DrawRules::amend(const AmendDraw& command, const LogPoint& at) {
  std::optional<Draw> draw = draws_.find(command.draw);
  if (!draw.has_value()) {
    return refuse(Refusal::not_found);
  }
  if (!is_price(command.price) || command.closes_at_us <= at.now_us) {
    return refuse(Refusal::bad_request);
  }
  if (!draw->sells_at(at.now_us)) {
    return refuse(Refusal::closed);
  }
  const bool repeated = command.expected_version == draw->version - 1 &&
                        command.price == draw->price && command.closes_at_us == draw->closes_at_us;
  if (!repeated) {
    if (command.expected_version != draw->version) {
      probe::hit<"draws.amended_by_two">();
      return refuse_with(Refusal::changed, view(*draw));
    }
    draw->price = command.price;
    draw->closes_at_us = command.closes_at_us;
    draw->version += 1;
    probe::hit<"draws.amended">();
    draws_.amend(*draw);
  }
  return reply_with(200, view(*draw));
}

DrawView DrawRules::view(const Draw& draw) {
  return view_of(draw, books_.account(stock_account(draw.id, draw.sku)).spare());
}

}  // namespace lottery
