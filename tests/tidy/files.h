// Rules about files rather than code: nothing dead, nothing undocumented, no path
// of somebody's machine, no postponed work, no link into the void.
#pragma once

#include <set>

#include "tests/tidy/tree.h"

namespace tidy {

// Every .cc is in a folder that a target compiles, every .h is included. A folder below the
// root with a CMakeLists.txt is a project of its own: it names its .cc files one by one and
// includes from its own root, and what is installed.
Findings check_dead_files(const std::vector<File>& files);

// Every top-level folder and every folder of system/ has a README.md.
Findings check_readmes(const std::vector<File>& files);

// Machine paths and words that mark unfinished work.
Findings check_text(const File& file);

// Relative links of a Markdown file lead to a file or folder of `files`.
Findings check_links_of_markdown(const File& file, const std::vector<File>& files);

}  // namespace tidy
