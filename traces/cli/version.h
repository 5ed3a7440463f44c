// What was built: the version and the commit.
#pragma once

#include <string>

namespace cli {

std::string version();  // "0.1.0"
std::string commit();   // the short hash, with "+" when the tree had changes; "unknown" outside git

}  // namespace cli
