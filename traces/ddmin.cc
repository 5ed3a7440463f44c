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

Kept ddmin(std::size_t count, const std::function<bool(const Kept&)>& fails) {
  Kept kept;
  for (std::size_t i = 0; i < count; ++i) {
    kept.push_back(i);
  }
  if (count > 0 && fails({})) {
    return {};
  }
  std::size_t parts = 2;
  // Takes the first of the pieces, or of what they leave, that fails.
  const auto reduce = [&](auto choose, std::size_t parts_then) {
    for (std::size_t part = 0; part < parts; ++part) {
      Kept fewer = choose(kept, piece_of(kept.size(), part, parts));
      if (fails(fewer)) {
        kept = std::move(fewer);
        parts = std::max<std::size_t>(2, parts_then);
        return true;
      }
    }
    return false;
  };
  while (kept.size() >= 2) {
    parts = std::min(parts, kept.size());
    if (reduce(only, 2) || (parts > 2 && reduce(without, parts - 1))) {
      continue;
    }
    if (parts == kept.size()) {
      break;
    }
    parts *= 2;
  }
  return kept;
}

}  // namespace traces
