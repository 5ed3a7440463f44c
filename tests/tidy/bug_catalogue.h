// The rules of properties/bugs.json that need no compiler. properties/bugs.cmake
// enforces the first of them again, where the bugs are built.
#pragma once

#include <set>

#include "tests/tidy/tree.h"

namespace tidy {

// The ids that some file of properties/ spells as a literal: "S3", "L1".
std::set<std::string> property_ids(const std::vector<File>& files);

// Each entry has all its members; its file is there and holds the search text
// exactly once; the properties named exist; ids are unique; a bug that needs a
// fault names it.
Findings check_bug_catalogue(std::string_view json, const std::vector<File>& files);

}  // namespace tidy
