// The checkout as the tidy tests see it: text files with their repo-root path.
// Build folders and hidden files are left out, so an untracked file counts too.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tidy {

struct File {
  std::string path;  // "system/env/env.h"
  std::string text;
};

// One thing wrong: where, and what to do about it.
using Findings = std::vector<std::string>;

// Every text file of the checkout, ordered by path; read once.
const std::vector<File>& tree();

// The text with comments and the insides of literals turned into spaces. Lines
// and columns stay.
std::string code_only(std::string_view text);

struct Include {
  int line = 0;
  std::string target;   // what stands between the quotes or angle brackets
  bool quoted = false;  // "..." rather than <...>
};
std::vector<Include> includes_of(const File& file);

int line_at(std::string_view text, std::size_t position);
std::string folder_of(std::string_view path);  // "" for a file at the root
bool is_cpp(std::string_view path);
bool starts_with_folder(std::string_view path, std::string_view folder);
std::string join(const Findings& findings);

}  // namespace tidy
