#include "tests/tidy/probes.h"

#include <map>
#include <regex>

namespace tidy {

std::vector<ProbeInSource> probes_of(const std::vector<File>& files) {
  static const std::regex call(R"(\bprobe::hit(_if)?\s*<\s*"([^"]*)\"\s*>)");
  std::vector<ProbeInSource> probes;
  for (const File& file : files) {
    if (!is_cpp(file.path) || !starts_with_folder(file.path, "system") ||
        starts_with_folder(file.path, "system/probe")) {
      continue;
    }
    const std::string& text = file.text;
    for (std::sregex_iterator it(text.begin(), text.end(), call), end; it != end; ++it) {
      const int line = line_at(text, static_cast<std::size_t>(it->position()));
      probes.push_back({(*it)[2], file.path + ":" + std::to_string(line)});
    }
  }
  return probes;
}

Findings check_probes(const std::vector<ProbeInSource>& probes) {
  static const std::regex form("[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*");
  Findings findings;
  std::map<std::string, std::string> places;
  for (const ProbeInSource& probe : probes) {
    if (!std::regex_match(probe.name, form)) {
      findings.push_back(probe.at + ": probe \"" + probe.name +
                         "\" has not the form area.what_happened");
    }
    const auto [first, is_new] = places.emplace(probe.name, probe.at);
    if (!is_new) {
      findings.push_back(probe.at + ": probe \"" + probe.name + "\" stands at " + first->second +
                         " already");
    }
  }
  return findings;
}

}  // namespace tidy
