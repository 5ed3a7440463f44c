// What is different about two recipes.
#pragma once

#include <string>
#include <vector>

#include "traces/trace.h"

namespace traces {

// A line each: a seed, a member of the scenario, "- " a fault that only `a` has, "+ " one that
// only `b` has, the choices of the tapes. Empty: both are one recipe.
std::vector<std::string> recipe_difference(const Trace& a, const Trace& b);

}  // namespace traces
