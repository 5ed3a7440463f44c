#include "properties/property.h"

#include <algorithm>
#include <utility>

namespace properties {

void Property::violated(simnet::Time at, std::string what) {
  ++violation_count_;
  if (violations_.size() < kKept) {
    violations_.push_back({std::string(id()), at, std::move(what)});
  }
}

const FinalReplica& FinalState::furthest() const {
  return *std::ranges::max_element(replicas, {}, &FinalReplica::applied_index);
}

}  // namespace properties
