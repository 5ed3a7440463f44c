// Who may use whom. One table, held against every #include and against the link
// graph of the CMake files. Limits: the CMake files are read as text, so a link
// made in any other way than drawproof_library() is seen only through its includes.
#pragma once

#include <map>
#include <set>

#include "tests/tidy/tree.h"

namespace tidy {

// The folder of the table that `path` belongs to; "" for a file that the table
// does not rule, such as a test.
std::string module_of(std::string_view path);

Findings check_includes(const File& file);

struct Library {
  std::string name;
  std::string folder;
  std::set<std::string> deps;
};
// The drawproof_library(name folder DEPS ...) calls of a CMake file.
std::vector<Library> libraries_of(std::string_view cmake);
Findings check_links(const std::vector<Library>& libraries);

}  // namespace tidy
