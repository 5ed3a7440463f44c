// What a user means to do: everything that he, and not his browser, decides. Plain data, known
// before the run, so that one user or one intent can be taken away and no other changes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace lottery {

enum class Act : std::uint8_t {
  pay,
  cancel,     // gives the tickets back
  walk_away,  // lets the hold run out
};

// One look at the held tickets. Another one follows when the bank declines the card.
struct Try {
  std::int64_t think_ms = 0;  // before he acts
  Act act = Act::pay;
  // Of pay:
  bool declined = false;            // the bank will not take the card
  std::int64_t gives_up_after = 0;  // so many answers "not yet", then he cancels; 0: never
  std::optional<std::int64_t> press_again_ms = {};  // presses twice, the second time so much later
  bool operator==(const Try&) const = default;
};

// That he wants tickets once. After the last try he walks away.
struct Intent {
  std::int64_t number = 1;    // its name; grows from one to the next, not always by one
  std::int64_t think_ms = 0;  // before it: since he arrived, or since the end of the one before
  std::int64_t tickets = 1;
  std::optional<std::int64_t> press_again_ms = {};  // of the hold, as for Try
  bool other_cart = false;  // the second press of the hold asks for something else under its key
  std::vector<Try> tries = {Try{}};                  // not empty
  std::optional<std::int64_t> cancel_again_ms = {};  // of the cancel, if it comes to that
  bool operator==(const Intent&) const = default;
};

}  // namespace lottery
