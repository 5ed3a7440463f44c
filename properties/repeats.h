// A check that fails often fails again with the same words: told once, with how often.
#pragma once

#include <cstdint>
#include <vector>

#include "properties/property.h"

namespace properties {

struct Repeats {
  const Violation* first;  // of the vector that was given
  simnet::Time last;
  std::uint64_t times = 1;
};

// In the order in which each was first found.
std::vector<Repeats> each_once(const std::vector<Violation>& violations);

}  // namespace properties
