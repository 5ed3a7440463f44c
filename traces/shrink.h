// Makes the recipe of a failure small: fewer faults, users, intents and choices, shorter and
// milder ones, less virtual time. Knows nothing of universes: whether a smaller recipe still has
// the same failure it is told. README.md has the order of the passes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "faults/input.h"

namespace traces {

using faults::Json;

// What came of a recipe.
struct Tried {
  bool same = false;       // the failure that is being shrunk
  bool ran = true;         // false: it is no recipe, which costs nothing to find out
  std::int64_t at_us = 0;  // of the failure, virtual time
};

// A run that was begun. Destroyed before it was waited for, it ends.
class Attempt {
 public:
  virtual ~Attempt() = default;
  virtual Tried wait() = 0;  // once
};

struct ShrinkOptions {
  // Begins to run a recipe: a trace's JSON whose checkpoints and verdict mean nothing.
  std::function<std::unique_ptr<Attempt>(const Json& recipe)> start;
  // How many runs are under way at once: those that come next if none has the failure. The
  // result is that of one at a time, but for `stop`.
  std::size_t jobs = 1;
  // Asked before each run: true when time is up, or the user has had enough. What was found until
  // then is the result.
  std::function<bool()> stop;
  std::size_t runs_max = SIZE_MAX;
  // Whether the time that is granted after the faults is of no meaning to the failure. It is for a
  // liveness property: with less of it anything is stuck.
  bool grace_may_go = false;
};

// How much there is to a recipe.
struct RecipeSize {
  std::size_t faults = 0;
  std::size_t users = 0;
  std::size_t intents = 0;
  std::size_t tickets = 0;  // that they want
  std::size_t tape = 0;
  std::int64_t duration_s = 0;
  std::int64_t capacity = 0;  // tickets for sale
};

RecipeSize size_of(const Json& recipe);

struct Shrunk {
  Json recipe;
  std::size_t runs = 0;
  std::size_t known = 0;  // recipes that came up again; they are run once
  bool whole = true;      // nothing smaller was left to try; false: stopped
};

// `recipe` has the failure, at `at_us`. REQUIRES: it has a workload.
Shrunk shrink(Json recipe, std::int64_t at_us, const ShrinkOptions& options);

}  // namespace traces
