// A universe as a value: what is drawn at random and made simpler when a property fails.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <vector>

#include "faults/plan.h"
#include "properties/scenario.h"

namespace properties {

struct Case {
  Scenario scenario;
  std::uint64_t seed = 0;
  faults::Plan plan;
};

// A small universe: up to 8 users, up to 30 virtual seconds until everything is healed, faults
// as the swarm draws them, in every third case also such as are aimed at leaders.
Case draw_case(std::uint64_t number);

// Simpler cases, simplest first: without parts of the plan (all, halves, ... one), then with
// shorter faults on fewer hosts, then with less going on. Each is a valid case, and one that must
// be survived if `from` must. Empty when nothing is left to take away.
std::vector<Case> simpler(const Case& from);

// As JSON, and the digest-giving seed: what `drawproof run --scenario FILE --plan FILE` takes.
std::ostream& operator<<(std::ostream& out, const Case& one);

}  // namespace properties
