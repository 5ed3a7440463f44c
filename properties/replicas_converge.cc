#include "properties/replicas_converge.h"

namespace properties {

void ReplicasConverge::at_end(const FinalState& final, const Reference& reference) {
  if (!final.healed) {
    return;
  }
  for (const FinalReplica& replica : final.replicas) {
    expect(replica.applied_index >= reference.committed_index(), final.at, [&] {
      return "node " + std::to_string(replica.node) + " ended at entry " +
             std::to_string(replica.applied_index) + " of " +
             std::to_string(reference.committed_index());
    });
  }
}

}  // namespace properties
