// An inline function with a probe, for two units.
#pragma once

#include "system/probe/probe.h"

namespace probe {

inline void twin() { hit<"test.twin">(); }
void call_twin_elsewhere();

}  // namespace probe
