// The chat in a simulated world: one server with a disk, a handful of clients in three
// regions, users who talk, and faults drawn from the seed: partitions in one or both
// directions, crashes of processes, power losses. Then everything is repaired and the
// chat has to come to rest.
#pragma once

#include <cstdint>
#include <string>

namespace chat {

struct Verdict {
  std::string wrong;  // empty when the property holds
  std::uint64_t digest = 0;
  std::uint64_t said = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t connections = 0;  // of the clients' last processes
  std::uint64_t repeats = 0;      // messages that reached the server more than once
  std::uint64_t crashes = 0;
  std::uint64_t power_losses = 0;
};

Verdict run_universe(std::uint64_t seed);

}  // namespace chat
