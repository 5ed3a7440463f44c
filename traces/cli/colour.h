// Whether output is coloured.
#pragma once

#include <string>

namespace cli {

// `when`: always, never or auto, which means on a terminal and unless NO_COLOR is set
// (no-color.org). Errors: faults::InputError.
bool wants_colour(const std::string& when);

}  // namespace cli
