#include "tests/tidy/edges.h"

#include <algorithm>
#include <regex>
#include <sstream>

namespace tidy {
namespace {

struct Module {
  std::string_view folder;
  std::set<std::string_view> modules;    // folders whose headers it may include
  std::set<std::string_view> externals;  // first words of <...> includes, beyond C++ and C
};

// traces/cli and tests/ may use everything and are not listed.
const Module kModules[] = {
    {"system/probe", {}, {}},
    {"system/env", {}, {"boost"}},
    {"system/raft", {"system/probe"}, {}},
    {"system/store", {"system/env", "system/probe"}, {"boost", "sqlite3.h", "xxhash.h"}},
    {"system/rpc", {"system/env", "system/probe"}, {"boost", "nlohmann"}},
    {"system/real", {"system/env"}, {"boost", "sqlite3.h"}},
    {"system/replica",
     {"system/env", "system/probe", "system/raft", "system/store", "system/rpc"},
     {"boost", "nlohmann", "sqlite3.h", "xxhash.h"}},
    {"system/lottery",
     {"system/env", "system/probe", "system/raft", "system/store", "system/rpc", "system/replica"},
     {"boost", "nlohmann", "openssl", "sqlite3.h", "xxhash.h"}},
    {"simnet", {}, {"boost", "sqlite3.h", "xxhash.h"}},
    {"simnet/env", {"simnet", "system/env"}, {"boost", "sqlite3.h"}},
    {"faults", {"simnet"}, {"boost", "nlohmann"}},
    {"traces", {"simnet", "faults"}, {"nlohmann"}},
    {"traces/fuzz", {"simnet", "faults", "traces"}, {"nlohmann", "sqlite3.h"}},
    {"traces/story",
     {"simnet", "faults", "traces", "system/env", "system/raft", "system/rpc", "system/replica",
      "system/lottery", "properties"},
     {"boost", "nlohmann"}},
    {"traces/exports", {"faults", "traces/story"}, {"nlohmann"}},
    {"traces/view", {"faults", "traces/story"}, {"nlohmann"}},
    {"properties/linearizability", {}, {"nlohmann"}},
    {"properties",
     {"system/env", "system/probe", "system/raft", "system/store", "system/rpc", "system/replica",
      "system/lottery", "simnet", "simnet/env", "faults", "properties/linearizability"},
     {"boost", "nlohmann", "openssl", "sqlite3.h", "xxhash.h"}},
    {"properties/generators", {"properties", "simnet", "faults"}, {"rapidcheck", "rapidcheck.h"}},
};

const std::set<std::string_view> kExternals = {"boost",        "nlohmann", "openssl",
                                               "sqlite3.h",    "xxhash.h", "rapidcheck",
                                               "rapidcheck.h", "CLI",      "gtest"};

const Module* find(std::string_view folder) {
  const auto it = std::ranges::find(kModules, folder, &Module::folder);
  return it == std::end(kModules) ? nullptr : it;
}

std::string first_word(const std::string& target) { return target.substr(0, target.find('/')); }

void check_include(const File& file, const Module& module, const Include& include,
                   Findings& findings) {
  const std::string at = file.path + ":" + std::to_string(include.line) + ": ";
  if (!include.quoted) {
    const std::string word = first_word(include.target);
    if (kExternals.contains(word) && !module.externals.contains(word)) {
      findings.push_back(at + std::string(module.folder) + " may not use <" + include.target + ">");
    }
    return;
  }
  const std::string target = module_of(include.target);
  if (target.empty()) {
    findings.push_back(at + "\"" + include.target +
                       "\" is no header of a library; include by the path from the root");
  } else if (target != module.folder && !module.modules.contains(target)) {
    findings.push_back(at + std::string(module.folder) + " may not use " + target + " (\"" +
                       include.target + "\")");
  }
}

}  // namespace

std::string module_of(std::string_view path) {
  if (starts_with_folder(path, "traces/cli")) {
    return "";
  }
  std::string_view best;
  for (const Module& module : kModules) {
    if (starts_with_folder(path, module.folder) && module.folder.size() > best.size()) {
      best = module.folder;
    }
  }
  return std::string(best);
}

Findings check_includes(const File& file) {
  Findings findings;
  const Module* module = find(module_of(file.path));
  if (module == nullptr || !is_cpp(file.path)) {
    return findings;
  }
  for (const Include& include : includes_of(file)) {
    check_include(file, *module, include, findings);
  }
  return findings;
}

std::vector<Library> libraries_of(std::string_view cmake) {
  static const std::regex call(R"(\n\s*drawproof_library\(\s*(\w+)\s+(\S+)([^)]*)\))");
  const std::string text = "\n" + std::string(cmake);
  std::vector<Library> libraries;
  for (std::sregex_iterator it(text.begin(), text.end(), call), end; it != end; ++it) {
    Library library{(*it)[1], (*it)[2], {}};
    std::istringstream words((*it)[3]);
    for (std::string word; words >> word;) {
      if (word != "DEPS") {
        library.deps.insert(word);
      }
    }
    libraries.push_back(std::move(library));
  }
  return libraries;
}

Findings check_links(const std::vector<Library>& libraries) {
  Findings findings;
  std::map<std::string, std::string> folder_of_target;
  for (const Library& library : libraries) {
    folder_of_target[library.name] = library.folder;
  }
  for (const Library& library : libraries) {
    const Module* module = find(library.folder);
    if (module == nullptr) {
      findings.push_back("target " + library.name + ": the table of edges has no row for " +
                         library.folder);
      continue;
    }
    for (const std::string& dep : library.deps) {
      const auto it = folder_of_target.find(dep);
      if (it != folder_of_target.end() && !module->modules.contains(it->second)) {
        findings.push_back("target " + library.name + " may not link " + dep);
      }
    }
  }
  return findings;
}

}  // namespace tidy
