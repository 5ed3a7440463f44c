// Random universes for RapidCheck, and how a test asks for a few of them. What reaches into
// RapidCheck's `detail` is in check.cc.
#pragma once

#include <rapidcheck.h>

#include <functional>
#include <optional>
#include <string>

#include "properties/generators/case.h"

namespace properties {

// Shrinks by simpler(). RapidCheck knows no budget and a case is a whole universe, so shrinking
// ends after `shrinks_max` of them; the simplest failure so far stands.
rc::Gen<Case> any_case(int shrinks_max = 200);

struct Search {
  std::string name;  // finds a failure again: RC_PARAMS="reproduce=..."
  // RC_PARAMS="max_success=1000" makes ten times as many of it, 100 being RapidCheck's default.
  int cases = 100;
  std::optional<std::uint64_t> seed = std::nullopt;  // else RapidCheck's, another in every run
};

// Runs `property`, which draws its input and ends by RapidCheck's assertions, on `cases` inputs.
// Returns what there is to say of a failure, with the shrunk input; empty when it held.
std::string failure_of(const Search& search, const std::function<void()>& property);

}  // namespace properties
