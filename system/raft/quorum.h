// The arithmetic of majorities (paper sections 5.2 and 5.3). Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "system/raft/types.h"

namespace raft {

// How many of `voters` make a majority. Of nobody: one, which nobody can reach.
std::size_t majority(std::size_t voters);

// The largest value that a majority has reached, of one value per voter. Of nobody: 0.
std::uint64_t reached_by_majority(std::vector<std::uint64_t> values);

enum class Verdict : std::uint8_t { open, won, lost };

// `answers`: who granted or refused so far; those of others than `voters` do not count.
Verdict count_votes(const std::vector<NodeId>& voters, const std::map<NodeId, bool>& answers);

}  // namespace raft
