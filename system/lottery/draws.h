// The draws: what is sold, at which price, until when, and the next ticket number.
// One sku per draw id. States only go forward; the rules of that are in saga.h
// and draw_results.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "system/lottery/messages.h"
#include "system/store/database.h"

namespace lottery {

enum class DrawState { open, closed, sealed, drawn, published };
std::string_view name_of(DrawState state);  // OPEN, CLOSED, ...

struct Draw {
  std::string id;
  std::string sku;
  DrawState state = DrawState::open;
  std::int64_t capacity = 0;
  std::int64_t price = 0;
  std::int64_t closes_at_us = 0;
  std::int64_t hold_ttl_us = 0;
  std::int64_t version = 1;
  std::string commitment;

  // The closing time itself is too late, whether CloseDraws came by or not.
  bool sells_at(std::int64_t now_us) const {
    return state == DrawState::open && now_us < closes_at_us;
  }
};

class Draws {
 public:
  explicit Draws(store::Database& database) : database_(database) {}

  // Before each transaction. Within one a draw that many commands name is read once.
  // REQUIRES: nothing else changes the draws.
  void begin() { known_.clear(); }

  std::optional<Draw> find(std::string_view id);
  void insert(const Draw& draw);
  // Writes price, closing time and version.
  void amend(const Draw& draw);
  void move_to(Draw& draw, DrawState state);
  bool is_committed(std::string_view commitment);  // by any draw
  // The first of `count` consecutive numbers nobody had; numbers start at 1.
  std::int64_t take_numbers(std::string_view id, std::int64_t count);
  // Open draws whose closing time has come, at most `limit` (-1: all), by closing
  // time and id.
  std::vector<std::string> due(std::int64_t now_us, std::int64_t limit);

 private:
  std::optional<Draw> read(std::string_view id);

  store::Database& database_;
  std::map<std::string, Draw, std::less<>> known_;
};

DrawView view_of(const Draw& draw, std::int64_t available);

}  // namespace lottery
