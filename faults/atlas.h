// What a system must survive. For each fault and each host that it may strike: nothing
// to be said (it must be survived), or the reason why no system with these properties
// can. The swarm draws only what must be survived; a plan given by hand may contain
// anything. README.md repeats the reasons.
//
// Limits: it judges faults one by one. Everything that must be survived alone must be
// survived together. Faults that end are judged as such: a sector that cannot be read for
// ten seconds must be survived, one that never can be again need not.
#pragma once

#include <string_view>
#include <vector>

#include "faults/fault.h"

namespace faults {

// What a host is to the system, and what the system has against losing it.
struct Standing {
  bool keeps = false;           // its disk holds what it must not forget
  bool copies = false;          // others hold a copy and make it whole again
  bool promises = false;        // others rely on what it said it keeps, and on its votes
  bool disk_checks = false;     // what it reads from the disk is held against checksums
  bool message_checks = false;  // messages carry checksums of their own
};

// Why a host of that standing need not survive the fault; empty: it must.
std::string_view excuse(const Fault& fault, const Standing& standing);

// Every reason that excuse() can give.
const std::vector<std::string_view>& all_excuses();

// When a sound process may stop itself because of a fault of its host.
enum class Stops : std::uint8_t {
  never,
  while_it_lasts,  // calls fail
  from_then_on,    // what it leaves on the disk outlasts it
};
Stops stops_of(Kind kind);

}  // namespace faults
