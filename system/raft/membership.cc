// Changing who takes part, one server at a time (thesis chapter 4).
#include <algorithm>
#include <iterator>
#include <set>
#include <stdexcept>

#include "system/probe/probe.h"
#include "system/raft/impl.h"

namespace raft {
namespace {

std::set<NodeId> members(const Configuration& configuration) {
  std::set<NodeId> all(configuration.voters.begin(), configuration.voters.end());
  all.insert(configuration.learners.begin(), configuration.learners.end());
  return all;
}

bool is_valid(const Configuration& configuration) {
  try {
    return !configuration.voters.empty() &&
           decode_configuration(encode(configuration)) == configuration;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

}  // namespace

// Majorities of two configurations that differ by one voter overlap (thesis section 4.1); that is
// all that a switch in two steps would be for.
bool is_single_step(const Configuration& now, const Configuration& next) {
  if (!is_valid(next)) {
    return false;
  }
  const std::set<NodeId> before = members(now);
  const std::set<NodeId> after = members(next);
  std::vector<NodeId> joined_or_left;
  std::ranges::set_symmetric_difference(before, after, std::back_inserter(joined_or_left));
  std::size_t promoted = 0;
  for (const NodeId id : after) {
    if (now.is_voter(id) && next.is_learner(id)) {
      return false;
    }
    promoted += now.is_learner(id) && next.is_voter(id) ? 1 : 0;
  }
  return joined_or_left.size() + promoted == 1;
}

// Who counts: by the latest configuration in the log, committed or not (thesis section 4.1).
const std::vector<NodeId>& Core::Impl::voters() const { return log_.configuration().voters; }

// The last change must be committed (thesis section 4.1) and so must an entry of this term: else
// two leaders' uncommitted changes could part the majorities (Ongaro, raft-dev, 2015-07-10).
std::optional<Core::Proposed> Core::Impl::change(const Configuration& next) {
  if (!leads() || log_.configuration_index() > commit_ || !own_term_committed() ||
      !is_single_step(log_.configuration(), next)) {
    probe::hit<"raft.membership_change_refused">();
    return std::nullopt;
  }
  const auto proposed = propose(EntryKind::configuration, encode(next));
  if (proposed) {
    probe::hit<"raft.membership_changed">();
    sync_peers();
  }
  return proposed;
}

}  // namespace raft
