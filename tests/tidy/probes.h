// Rules for the names of probes (system/probe/probe.h).
#pragma once

#include <string>
#include <vector>

#include "tests/tidy/tree.h"

namespace tidy {

struct ProbeInSource {
  std::string name;
  std::string at;  // file:line
};

// Of the files of system/.
std::vector<ProbeInSource> probes_of(const std::vector<File>& files);

// A name has the form "area.what_happened" and stands in one place only, so that its count is
// that of one branch.
Findings check_probes(const std::vector<ProbeInSource>& probes);

}  // namespace tidy
