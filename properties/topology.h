// Where the ledger's replicas stand: three or five voters over three regions, so that any one
// region may be lost, and a learner as a read replica in two of them.
#pragma once

#include <cstdint>
#include <vector>

namespace properties {

struct Replica {
  std::uint64_t id = 0;
  const char* host = "";
  const char* region = "";
  bool learner = false;
};

// `voters`: 3 or 5.
inline const std::vector<Replica>& ledger_replicas(std::int64_t voters) {
  static const std::vector<Replica> three = {
      {1, "ledger-1", "centre", false}, {2, "ledger-2", "east", false},
      {3, "ledger-3", "west", false},   {4, "reader-1", "centre", true},
      {5, "reader-2", "east", true},
  };
  static const std::vector<Replica> five = {
      {1, "ledger-1", "centre", false}, {2, "ledger-2", "centre", false},
      {3, "ledger-3", "east", false},   {4, "ledger-4", "east", false},
      {5, "ledger-5", "west", false},   {6, "reader-1", "centre", true},
      {7, "reader-2", "east", true},
  };
  return voters == 3 ? three : five;
}

}  // namespace properties
