// The memory of the search: configurations, each once, and none that another one makes
// pointless.
//
// A configuration dominates another one when both have the same state and have linearised
// the same known operations that change it, and the first has linearised at least the same
// observers and used no other unknown operations. Whatever the rest of a linearisation does
// from the second, it can do from the first: observers that are done need no more place,
// unknown operations that are left over need not happen.
#pragma once

#include <cstdint>
#include <vector>

#include "properties/linearizability/bits.h"
#include "properties/linearizability/model.h"

namespace linearizability {

struct Configuration {
  State state;
  Bits done;  // slots of operations that are linearised, of those under way or unknown
};

// Which slots hold what; it must not change while a set is in use.
struct SlotKinds {
  Bits mutators;  // known operations that may change the state
  Bits observers;
  Bits unknowns;
};

class ConfigurationSet {
 public:
  // REQUIRES: kinds outlives the set. Holds at most `limit` configurations, and at most
  // `group_max` that differ in unknown operations and observers alone; of these it prefers
  // those that have used few unknown operations.
  ConfigurationSet(const SlotKinds& kinds, std::size_t limit, std::size_t group_max)
      : kinds_(kinds), limit_(limit), group_max_(group_max) {}

  // Errors: none; without room a configuration is dropped and overflowed() is true.
  void add(Configuration configuration);
  // In the order in which they were added; a dominated one stays, as dead.
  std::size_t size() const { return all_.size(); }
  bool alive(std::size_t i) const { return alive_[i]; }
  const Configuration& operator[](std::size_t i) const { return all_[i]; }
  bool overflowed() const { return overflowed_; }
  std::size_t unknowns_used(const Configuration& configuration) const;
  // Empties the set. Returns those alive.
  std::vector<Configuration> take();

 private:
  std::uint64_t hash(const Configuration& configuration) const;
  bool same_group(const Configuration& a, const Configuration& b) const;
  bool dominates(const Configuration& a, const Configuration& b) const;
  void grow();

  const SlotKinds& kinds_;
  const std::size_t limit_;
  const std::size_t group_max_;
  bool overflowed_ = false;
  std::vector<Configuration> all_;
  std::vector<bool> alive_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> next_;   // in the same bucket: index + 1, 0 for none
  std::vector<std::uint32_t> first_;  // by bucket; their number is a power of two
};

}  // namespace linearizability
