#include "traces/cli/colour.h"

#include <unistd.h>

#include <cstdlib>

#include "faults/input.h"

namespace cli {

bool wants_colour(const std::string& when) {
  if (when == "always" || when == "never") {
    return when == "always";
  }
  if (when != "auto") {
    throw faults::InputError("--color: expected auto, always or never, got \"" + when + "\"");
  }
  const char* const refused = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && (refused == nullptr || *refused == '\0');
}

}  // namespace cli
