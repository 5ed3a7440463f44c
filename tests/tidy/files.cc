#include "tests/tidy/files.h"

#include <algorithm>
#include <map>
#include <regex>

#include "tests/tidy/edges.h"

namespace tidy {
namespace {

// The folders whose *.cc a target compiles, from the CMake files themselves.
std::set<std::string> compiled_folders(const std::vector<File>& files) {
  static const std::regex tests(R"(\n\s*drawproof_tests\(\s*(\w+))");
  static const std::regex glob(R"(CONFIGURE_DEPENDS\s+\$\{CMAKE_SOURCE_DIR\}/([\w/]+)/\*\.cc)");
  std::set<std::string> folders;
  for (const File& file : files) {
    if (!file.path.ends_with("CMakeLists.txt") && !file.path.ends_with(".cmake")) {
      continue;
    }
    for (const Library& library : libraries_of(file.text)) {
      folders.insert(library.folder);
    }
    const std::string& text = file.text;
    for (std::sregex_iterator it(text.begin(), text.end(), tests), end; it != end; ++it) {
      folders.insert("tests/" + (*it)[1].str());
    }
    for (std::sregex_iterator it(text.begin(), text.end(), glob), end; it != end; ++it) {
      folders.insert((*it)[1].str());
    }
  }
  return folders;
}

// The CMakeLists.txt of each project of its own, by its folder.
std::map<std::string, std::string> projects_of(const std::vector<File>& files) {
  std::map<std::string, std::string> projects;
  for (const File& file : files) {
    if (file.path.ends_with("/CMakeLists.txt")) {
      projects.emplace(folder_of(file.path), file.text);
    }
  }
  return projects;
}

bool names_file(const std::string& cmake, const std::string& name) {
  return std::regex_search(
      cmake, std::regex("[\\s(]" + std::regex_replace(name, std::regex("\\."), "\\.") + "[\\s)]"));
}

std::string normal_path(const std::string& path) {
  return std::filesystem::path(path).lexically_normal().generic_string();
}

bool exists(const std::vector<File>& files, std::string path) {
  if (path.ends_with('/')) {
    path.pop_back();
  }
  return path.empty() || path == "." || std::ranges::any_of(files, [&](const File& file) {
           return file.path == path || starts_with_folder(file.path, path);
         });
}

}  // namespace

Findings check_dead_files(const std::vector<File>& files) {
  const std::map<std::string, std::string> projects = projects_of(files);
  std::set<std::string> included;
  for (const File& file : files) {
    if (is_cpp(file.path)) {
      const std::string folder = folder_of(file.path);
      for (const Include& include : includes_of(file)) {
        included.insert(include.target);  // also from a project of its own: as installed
        if (projects.contains(folder)) {
          included.insert(folder + "/" + include.target);
        }
      }
    }
  }
  const std::set<std::string> folders = compiled_folders(files);
  Findings findings;
  for (const File& file : files) {
    const std::string folder = folder_of(file.path);
    const auto project = projects.find(folder);
    const bool compiled = project == projects.end()
                              ? folders.contains(folder)
                              : names_file(project->second, file.path.substr(folder.size() + 1));
    if (file.path.ends_with(".cc") && !compiled) {
      findings.push_back(file.path + " is compiled by no target");
    }
    if (file.path.ends_with(".h") && !included.contains(file.path)) {
      findings.push_back(file.path + " is included by nothing");
    }
  }
  return findings;
}

Findings check_readmes(const std::vector<File>& files) {
  std::set<std::string> folders;
  for (const File& file : files) {
    const std::string folder = folder_of(file.path);
    if (folder.empty() || folder.starts_with(".")) {
      continue;
    }
    folders.insert(folder.substr(0, folder.find('/')));
    if (starts_with_folder(folder, "system")) {
      folders.insert(folder);
    }
  }
  Findings findings;
  for (const std::string& folder : folders) {
    if (std::ranges::find(files, folder + "/README.md", &File::path) == files.end()) {
      findings.push_back(folder + "/ has no README.md");
    }
  }
  return findings;
}

Findings check_text(const File& file) {
  struct Rule {
    std::regex pattern;
    const char* why;
  };
  // Spelt in pieces, or this file would not pass itself.
  static const Rule rules[] = {
      {std::regex(R"((^|[^\w./])/)"
                  "(home|Users|root|work|mnt|tmp)"
                  R"((/|\b))"),
       "a path of somebody's machine"},
      {std::regex("\\b(TO"
                  "DO|FIX"
                  "ME|XX"
                  "X|HA"
                  "CK)\\b"),
       "postponed work; do it or file it"},
  };
  Findings findings;
  if (file.path == "LICENSE") {
    return findings;
  }
  for (const Rule& rule : rules) {
    for (std::sregex_iterator it(file.text.begin(), file.text.end(), rule.pattern), end; it != end;
         ++it) {
      const auto last = static_cast<std::size_t>(it->position() + it->length() - 1);
      findings.push_back(file.path + ":" + std::to_string(line_at(file.text, last)) + ": `" +
                         it->str() + "`: " + rule.why);
    }
  }
  return findings;
}

Findings check_links_of_markdown(const File& file, const std::vector<File>& files) {
  static const std::regex link(R"(\]\(([^)#\s]+)(#[^)]*)?\))");
  Findings findings;
  for (std::sregex_iterator it(file.text.begin(), file.text.end(), link), end; it != end; ++it) {
    const std::string target = (*it)[1];
    if (target.find("://") != std::string::npos || target.starts_with("mailto:")) {
      continue;
    }
    const std::string folder = folder_of(file.path);
    if (!exists(files, normal_path(folder.empty() ? target : folder + "/" + target))) {
      findings.push_back(file.path + ": the link to " + target + " leads nowhere");
    }
  }
  return findings;
}

}  // namespace tidy
