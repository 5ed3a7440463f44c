// The union of campaigns: every run once, every finding with all its failures.
#pragma once

#include <cstdint>
#include <string>

#include "traces/fuzz/sqlite.h"

namespace fuzz {

struct Merged {
  std::uint64_t runs = 0;       // of the other that were new
  std::uint64_t known = 0;      // that both had
  std::uint64_t different = 0;  // of those, with another digest: now findings
};

// Adds what is in `other` to `into`. A run that both have and that ended differently in the two is
// a failure of kind non-determinism. All or nothing. Errors: faults::InputError.
Merged merge(Sqlite& into, Sqlite& other);

}  // namespace fuzz
