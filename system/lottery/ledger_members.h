// Who keeps the ledger: the replicas that vote, and learners that only follow and
// serve reads. Every node and every caller is given the same list.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lottery {

struct LedgerMember {
  std::uint64_t id = 0;  // from 1
  std::string host;
  bool learner = false;
};
using LedgerMembers = std::vector<LedgerMember>;

}  // namespace lottery
