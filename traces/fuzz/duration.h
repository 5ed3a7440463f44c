// Lengths of time as people type them.
#pragma once

#include <cstdint>
#include <string>

namespace fuzz {

// "90s", "10m", "1h30m", "1500ms": numbers with h, m, s or ms, each unit at most once and the
// larger first. In microseconds; more than 0, at most 365 days. Errors: faults::InputError naming
// `option`.
std::int64_t parse_duration(const std::string& text, const std::string& option);

}  // namespace fuzz
