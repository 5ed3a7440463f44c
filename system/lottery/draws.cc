#include "system/lottery/draws.h"

namespace lottery {
namespace {

std::string_view state_of(const Draw& draw) { return draw.open ? "OPEN" : "CLOSED"; }

}  // namespace

std::optional<Draw> Draws::find(std::string_view id) {
  store::Query query = database_.query(
      "SELECT sku, state, capacity, price, closes_at_us, hold_ttl_us, version FROM draws WHERE id "
      "= ?1",
      id);
  if (!query.step()) {
    return std::nullopt;
  }
  Draw draw;
  draw.id = id;
  draw.sku = query.text(0);
  draw.open = query.text(1) == "OPEN";
  draw.capacity = query.integer(2);
  draw.price = query.integer(3);
  draw.closes_at_us = query.integer(4);
  draw.hold_ttl_us = query.integer(5);
  draw.version = query.integer(6);
  return draw;
}

void Draws::insert(const Draw& draw) {
  database_.run(
      "INSERT INTO draws(id, sku, state, capacity, price, closes_at_us, hold_ttl_us, next_ticket, "
      "version) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8)",
      draw.id, draw.sku, state_of(draw), draw.capacity, draw.price, draw.closes_at_us,
      draw.hold_ttl_us, draw.version);
}

void Draws::amend(const Draw& draw) {
  database_.run("UPDATE draws SET price = ?2, closes_at_us = ?3, version = ?4 WHERE id = ?1",
                draw.id, draw.price, draw.closes_at_us, draw.version);
}

void Draws::close(std::string_view id) {
  database_.run("UPDATE draws SET state = 'CLOSED' WHERE id = ?1", id);
}

std::int64_t Draws::take_numbers(std::string_view id, std::int64_t count) {
  store::Query query = database_.query(
      "UPDATE draws SET next_ticket = next_ticket + ?2 WHERE id = ?1 RETURNING next_ticket - ?2",
      id, count);
  if (!query.step()) {
    throw store::Error(SQLITE_CORRUPT, "draw " + std::string(id) + " is missing");
  }
  return query.integer(0);
}

std::vector<std::string> Draws::due(std::int64_t now_us, std::int64_t limit) {
  store::Query query = database_.query(
      "SELECT id FROM draws WHERE state = 'OPEN' AND closes_at_us <= ?1 "
      "ORDER BY closes_at_us, id LIMIT ?2",
      now_us, limit);
  std::vector<std::string> ids;
  while (query.step()) {
    ids.push_back(query.text(0));
  }
  return ids;
}

DrawView view_of(const Draw& draw, std::int64_t available) {
  DrawView view;
  view.draw = draw.id;
  view.sku = draw.sku;
  view.state = state_of(draw);
  view.capacity = draw.capacity;
  view.available = available;
  view.price = draw.price;
  view.closes_at_us = draw.closes_at_us;
  view.version = draw.version;
  return view;
}

}  // namespace lottery
