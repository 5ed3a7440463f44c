#include "traces/ddmin.h"

#include <algorithm>

namespace traces {
namespace {

// The `part`-th of `parts` about equal pieces.
struct Piece {
  std::size_t begin;
  std::size_t end;
};

Piece piece_of(std::size_t size, std::size_t part, std::size_t parts) {
  return {size * part / parts, size * (part + 1) / parts};
}

Kept only(const Kept& all, Piece piece) {
  return {all.begin() + static_cast<std::ptrdiff_t>(piece.begin),
          all.begin() + static_cast<std::ptrdiff_t>(piece.end)};
}

Kept without(const Kept& all, Piece piece) {
  Kept rest = only(all, {0, piece.begin});
  rest.insert(rest.end(), all.begin() + static_cast<std::ptrdiff_t>(piece.end), all.end());
  return rest;
}

}  // namespace

Kept ddmin(std::size_t count, const FirstFailing& first_failing, std::size_t parts_max) {
  Kept kept;
  for (std::size_t i = 0; i < count; ++i) {
    kept.push_back(i);
  }
  if (count > 0 && first_failing({{}}) == 0) {
    return {};
  }
  std::size_t parts = 2;
  // Takes the first of the pieces, or of what they leave, that fails.
  const auto reduce = [&](auto choose, std::size_t parts_then) {
    std::vector<Kept> choices;
    for (std::size_t part = 0; part < parts; ++part) {
      choices.push_back(choose(kept, piece_of(kept.size(), part, parts)));
    }
    const std::size_t found = first_failing(choices);
    if (found == choices.size()) {
      return false;
    }
    kept = std::move(choices[found]);
    parts = std::max<std::size_t>(2, parts_then);
    return true;
  };
  while (kept.size() >= 2) {
    parts = std::min(parts, kept.size());
    if (reduce(only, 2) || (parts > 2 && reduce(without, parts - 1))) {
      continue;
    }
    if (parts == kept.size() || parts >= parts_max) {
      break;
    }
    parts *= 2;
  }
  return kept;
}

}  // namespace traces
