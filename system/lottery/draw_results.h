// What happens to a draw after it closed: CLOSED -> SEALED -> DRAWN -> PUBLISHED, each step
// one log entry, none of them with a way back (S11, S12).
//
// Sealing takes the count, the sum and the Merkle root of the tickets from somebody who
// computed them for himself, and computes them again: two computations that disagree
// stop the draw before there are numbers.
//
// Limits: sealing reads all tickets of the draw in one entry.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "system/lottery/draws.h"
#include "system/lottery/log_point.h"
#include "system/lottery/messages.h"
#include "system/lottery/outbox.h"
#include "system/lottery/sha256.h"
#include "system/store/database.h"

namespace lottery {

class DrawResults {
 public:
  DrawResults(store::Database& database, Draws& draws, Outbox& outbox)
      : database_(database), draws_(draws), outbox_(outbox) {}

  Reply run(const SealDraw& command);
  Reply run(const DrawNumbers& command);
  Reply run(const PublishDraw& command, const LogPoint& at);

  // Seed and numbers only once they are PUBLISHED.
  std::optional<DrawResultView> find(std::string_view draw);
  // Tickets of a draw with greater numbers than `after`; `limit` is clamped to 1..1000.
  TicketRows tickets(std::string_view draw, std::int64_t after, std::int64_t limit);

 private:
  struct Manifest {
    std::int64_t count = 0;
    std::int64_t sum = 0;  // of the tickets' prices
    Digest root;
  };
  Manifest manifest_of(std::string_view draw);
  DrawResultView read(const Draw& draw);
  Reply reply_about(const Draw& draw);

  store::Database& database_;
  Draws& draws_;
  Outbox& outbox_;
};

}  // namespace lottery
