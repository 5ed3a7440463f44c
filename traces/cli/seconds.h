// Virtual seconds as an option of the command line.
#pragma once

#include <string>

#include "simnet/time.h"

namespace cli {

// Empty text: `otherwise`. Errors: faults::InputError naming `option`.
simnet::Time parse_seconds(const std::string& text, const std::string& option,
                           simnet::Time otherwise);

}  // namespace cli
