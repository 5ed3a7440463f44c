// The determinism rules as a ban list. Limits: it looks at names, not at meaning;
// a clock hidden behind a library call passes. The digest comparison of
// tests/determinism and tests/all is the second net.
#pragma once

#include "tests/tidy/tree.h"

namespace tidy {

Findings check_determinism(const File& file);

}  // namespace tidy
