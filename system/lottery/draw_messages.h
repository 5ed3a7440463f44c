// Draws: what is sold, at which price, and until when.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace lottery {

// Creates the draw and mints `capacity` tickets of one sku. An id that exists
// already: 409, nothing changes.
struct OpenDraw {
  static constexpr std::string_view kType = "open_draw";
  std::string draw;
  std::string sku;
  std::int64_t capacity = 0;
  std::int64_t price = 0;  // minor units per ticket
  std::int64_t closes_at_us = 0;
  std::int64_t hold_ttl_us = 0;
};
BOOST_DESCRIBE_STRUCT(OpenDraw, (), (draw, sku, capacity, price, closes_at_us, hold_ttl_us))

// Changes what is sold from now on: compare-and-set on the version that the writer saw.
// Purchases made before keep their price.
struct AmendDraw {
  static constexpr std::string_view kType = "amend_draw";
  std::string draw;
  std::int64_t expected_version = 0;
  std::int64_t price = 0;
  std::int64_t closes_at_us = 0;
};
BOOST_DESCRIBE_STRUCT(AmendDraw, (), (draw, expected_version, price, closes_at_us))

struct DrawView {
  std::string draw;
  std::string sku;
  std::string state;  // OPEN or CLOSED
  std::int64_t capacity = 0;
  std::int64_t available = 0;
  std::int64_t price = 0;
  std::int64_t closes_at_us = 0;
  std::int64_t version = 0;  // 1 when opened, one more per change
};
BOOST_DESCRIBE_STRUCT(DrawView, (),
                      (draw, sku, state, capacity, available, price, closes_at_us, version))

}  // namespace lottery
