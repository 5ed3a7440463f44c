// How the faults of the network act: as rules of its links, as one blow to connections,
// or on the resolvers of hosts. Rules and counts add up by themselves, so overlapping
// faults need no care here.
#pragma once

#include <vector>

#include "faults/fault.h"
#include "simnet/world.h"

namespace faults {

// The rules in force while the fault lasts; none for kinds that act otherwise.
// Errors: none; a region without hosts gives rules that match no link.
std::vector<simnet::LinkRule> link_rules(const Fault& fault, simnet::World& world);

// reset and half_open. No effect for other kinds.
void break_connections(const Fault& fault, simnet::World& world);

// dns_fail and dns_stale: one more, or one less, on each host. No effect for other kinds.
void spoil_names(const Fault& fault, simnet::World& world, bool on);

}  // namespace faults
