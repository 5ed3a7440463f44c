#include "system/lottery/draws.h"

#include <algorithm>
#include <array>

namespace lottery {
namespace {

// In the order of DrawState.
constexpr std::array<std::string_view, 5> kStateNames{"OPEN", "CLOSED", "SEALED", "DRAWN",
                                                      "PUBLISHED"};

DrawState state_named(std::string_view name) {
  const auto found = std::find(kStateNames.begin(), kStateNames.end(), name);
  if (found == kStateNames.end()) {
    throw store::Error(SQLITE_CORRUPT, "draw state " + std::string(name) + " is unknown");
  }
  return static_cast<DrawState>(found - kStateNames.begin());
}

}  // namespace

std::string_view name_of(DrawState state) {
  return kStateNames.at(static_cast<std::size_t>(state));
}

std::optional<Draw> Draws::find(std::string_view id) {
  if (const auto found = known_.find(id); found != known_.end()) {
    return found->second;
  }
  std::optional<Draw> draw = read(id);
  if (draw) {
    known_.emplace(id, *draw);
  }
  return draw;
}

std::optional<Draw> Draws::read(std::string_view id) {
  store::Query query = database_.query(
      "SELECT sku, state, capacity, price, closes_at_us, hold_ttl_us, version, commitment FROM "
      "draws WHERE id "
      "= ?1",
      id);
  if (!query.step()) {
    return std::nullopt;
  }
  Draw draw;
  draw.id = id;
  draw.sku = query.text(0);
  draw.state = state_named(query.text(1));
  draw.capacity = query.integer(2);
  draw.price = query.integer(3);
  draw.closes_at_us = query.integer(4);
  draw.hold_ttl_us = query.integer(5);
  draw.version = query.integer(6);
  draw.commitment = query.text(7);
  return draw;
}

void Draws::insert(const Draw& draw) {
  database_.run(
      "INSERT INTO draws(id, sku, state, capacity, price, closes_at_us, hold_ttl_us, next_ticket, "
      "version, commitment) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?9)",
      draw.id, draw.sku, name_of(draw.state), draw.capacity, draw.price, draw.closes_at_us,
      draw.hold_ttl_us, draw.version, draw.commitment);
}

void Draws::amend(const Draw& draw) {
  known_.insert_or_assign(draw.id, draw);
  database_.run("UPDATE draws SET price = ?2, closes_at_us = ?3, version = ?4 WHERE id = ?1",
                draw.id, draw.price, draw.closes_at_us, draw.version);
}

void Draws::move_to(Draw& draw, DrawState state) {
  draw.state = state;
  known_.insert_or_assign(draw.id, draw);
  database_.run("UPDATE draws SET state = ?2 WHERE id = ?1", draw.id, name_of(state));
}

bool Draws::is_committed(std::string_view commitment) {
  return database_
      .query("SELECT 1 FROM draws WHERE commitment <> '' AND commitment = ?1", commitment)
      .step();
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
  view.state = name_of(draw.state);
  view.capacity = draw.capacity;
  view.available = available;
  view.price = draw.price;
  view.closes_at_us = draw.closes_at_us;
  view.version = draw.version;
  view.commitment = draw.commitment;
  return view;
}

}  // namespace lottery
