// Draws: what is sold, at which price, and until when; then how its numbers are drawn.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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
  // SHA-256 of the seed that its numbers will come from, in hex; empty: no numbers will be
  // drawn. Everybody can see it before the first ticket is sold.
  std::string commitment = {};
};
BOOST_DESCRIBE_STRUCT(OpenDraw, (),
                      (draw, sku, capacity, price, closes_at_us, hold_ttl_us, commitment))

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

// Fixes which tickets take part. The figures are the caller's own: `count` tickets that
// cost `sum` in all, and the Merkle root over them in hex. The ledger computes them too.
struct SealDraw {
  static constexpr std::string_view kType = "seal_draw";
  std::string draw;
  std::int64_t count = 0;
  std::int64_t sum = 0;
  std::string root;
};
BOOST_DESCRIBE_STRUCT(SealDraw, (), (draw, count, sum, root))

// Reveals the seed; the numbers follow from it and from the sealed root.
struct DrawNumbers {
  static constexpr std::string_view kType = "draw_numbers";
  std::string draw;
  std::string seed;  // at most kMaxSeedBytes
};
BOOST_DESCRIBE_STRUCT(DrawNumbers, (), (draw, seed))

// From here on the result may be shown. Its offset is the index of this entry.
struct PublishDraw {
  static constexpr std::string_view kType = "publish_draw";
  std::string draw;
};
BOOST_DESCRIBE_STRUCT(PublishDraw, (), (draw))

inline constexpr std::int64_t kMaxSeedBytes = 256;
inline constexpr std::int64_t kNumbersPerDraw = 6;

struct DrawView {
  std::string draw;
  std::string sku;
  std::string state;  // OPEN, CLOSED, SEALED, DRAWN or PUBLISHED
  std::int64_t capacity = 0;
  std::int64_t available = 0;
  std::int64_t price = 0;
  std::int64_t closes_at_us = 0;
  std::int64_t version = 0;  // 1 when opened, one more per change
  std::string commitment;
};
BOOST_DESCRIBE_STRUCT(DrawView, (),
                      (draw, sku, state, capacity, available, price, closes_at_us, version,
                       commitment))

// What is known of a draw's result: count, sum and root once SEALED, seed, numbers and
// offset once PUBLISHED.
struct DrawResultView {
  std::string draw;
  std::string state;
  std::string commitment;
  std::int64_t count = 0;
  std::int64_t sum = 0;
  std::string root;
  std::string seed;
  std::vector<std::int64_t> numbers;
  std::int64_t offset = 0;
};
BOOST_DESCRIBE_STRUCT(DrawResultView, (),
                      (draw, state, commitment, count, sum, root, seed, numbers, offset))

struct TicketRow {
  std::int64_t number = 0;
  std::string purchase;
  std::string owner;
  std::int64_t price = 0;  // of this ticket
};
BOOST_DESCRIBE_STRUCT(TicketRow, (), (number, purchase, owner, price))

struct TicketRows {
  std::vector<TicketRow> rows;
};
BOOST_DESCRIBE_STRUCT(TicketRows, (), (rows))

}  // namespace lottery
