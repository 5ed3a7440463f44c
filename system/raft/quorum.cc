#include "system/raft/quorum.h"

#include <algorithm>
#include <functional>

namespace raft {

std::size_t majority(std::size_t voters) { return voters / 2 + 1; }

std::uint64_t reached_by_majority(std::vector<std::uint64_t> values) {
  if (values.empty()) {
    return 0;
  }
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(majority(values.size()) - 1);
  std::nth_element(values.begin(), nth, values.end(), std::greater<>());
  return *nth;
}

Verdict count_votes(const std::vector<NodeId>& voters, const std::map<NodeId, bool>& answers) {
  std::size_t granted = 0;
  std::size_t refused = 0;
  for (const NodeId voter : voters) {
    const auto answer = answers.find(voter);
    if (answer != answers.end()) {
      ++(answer->second ? granted : refused);
    }
  }
  if (granted >= majority(voters.size())) {
    return Verdict::won;
  }
  return voters.size() - refused < majority(voters.size()) ? Verdict::lost : Verdict::open;
}

}  // namespace raft
