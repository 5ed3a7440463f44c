#include "tests/tidy/bug_catalogue.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>

namespace tidy {
namespace {

using nlohmann::json;

std::size_t occurrences(std::string_view text, std::string_view search) {
  std::size_t count = 0;
  for (std::size_t at = text.find(search); at != std::string_view::npos;
       at = text.find(search, at + 1)) {
    ++count;
  }
  return count;
}

struct Bug {
  std::string id;
  std::string file;
  std::string search;
  std::string replace;
  std::string fault;
  std::vector<std::string> caught_by;
  bool needs_fault;
};

// Throws json::exception when a member is missing or of the wrong type.
Bug parse(const json& entry) {
  entry.at("name").get<std::string>();
  entry.at("source").get<std::string>();
  entry.at("fast").get<bool>();
  return {entry.at("id"),    entry.at("file"),      entry.at("search"),     entry.at("replace"),
          entry.at("fault"), entry.at("caught_by"), entry.at("needs_fault")};
}

void check_text_of(const Bug& bug, const std::vector<File>& files, Findings& findings) {
  if (!bug.file.ends_with(".cc") ||
      !(bug.file.starts_with("system/") || bug.file.starts_with("simnet/") ||
        bug.file.starts_with("faults/"))) {
    findings.push_back(bug.id + ": " + bug.file + " is not a .cc file of system, simnet or faults");
  }
  const auto file = std::ranges::find(files, bug.file, &File::path);
  if (file == files.end()) {
    findings.push_back(bug.id + ": there is no file " + bug.file);
  } else if (bug.search.empty() || occurrences(file->text, bug.search) != 1) {
    findings.push_back(bug.id + ": its search text must occur exactly once in " + bug.file);
  }
  if (bug.search == bug.replace) {
    findings.push_back(bug.id + ": the replacement changes nothing");
  }
}

void check_claims_of(const Bug& bug, const std::set<std::string>& properties, Findings& findings) {
  if (bug.caught_by.empty()) {
    findings.push_back(bug.id + ": no property is named that must catch it");
    return;
  }
  // What else may catch one: the repeat check and the watch over processes of `drawproof fuzz`.
  static const std::set<std::string> others = {"abort", "determinism"};
  for (const std::string& property : bug.caught_by) {
    if (!properties.contains(property) && !others.contains(property)) {
      findings.push_back(bug.id + ": there is no property " + property);
    }
  }
  if (others.contains(bug.caught_by.front()) && bug.caught_by.size() > 1) {
    findings.push_back(bug.id + ": " + bug.caught_by.front() + " stands alone");
  }
  if (bug.needs_fault && bug.fault.empty()) {
    findings.push_back(bug.id + ": it needs a fault but `fault` does not name it");
  }
}

}  // namespace

std::set<std::string> property_ids(const std::vector<File>& files) {
  static const std::regex id("\"([SL][0-9]{1,2}w?)\"");
  std::set<std::string> ids;
  for (const File& file : files) {
    if (starts_with_folder(file.path, "properties") && is_cpp(file.path)) {
      for (std::sregex_iterator it(file.text.begin(), file.text.end(), id), end; it != end; ++it) {
        ids.insert((*it)[1]);
      }
    }
  }
  return ids;
}

Findings check_bug_catalogue(std::string_view text, const std::vector<File>& files) {
  Findings findings;
  const std::set<std::string> properties = property_ids(files);
  std::set<std::string> ids;
  try {
    const json catalogue = json::parse(text);
    if (catalogue.at("version") != 1) {
      findings.push_back("the version is not 1");
    }
    for (const json& entry : catalogue.at("bugs")) {
      const Bug bug = parse(entry);
      if (!ids.insert(bug.id).second) {
        findings.push_back(bug.id + ": this id is used twice");
      }
      check_text_of(bug, files, findings);
      check_claims_of(bug, properties, findings);
    }
  } catch (const json::exception& error) {
    findings.push_back(error.what());
  }
  return findings;
}

}  // namespace tidy
