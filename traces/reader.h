// Reads a trace: exact, as plans are read. Every problem is one line that names file,
// member and what was expected; whatever the bytes, nothing else happens.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "traces/trace.h"

namespace traces {

// Checks an object; `where` names it in messages. Errors: faults::InputError.
using Check = std::function<void(const Json& object, const std::string& where)>;

// What a universe of a scenario has; a plan may name nothing else.
struct Names {
  std::set<std::string> hosts;
  std::set<std::string> regions;
  Check workload;
};

// Checks a scenario's object. A callback, because scenarios and workloads are none of this
// library's business. Errors: faults::InputError.
using ScenarioReader = std::function<Names(const Json& scenario, const std::string& where)>;

// `where` is the file's name. Errors: faults::InputError.
Trace trace_from_json(const Json& json, const std::string& where, const ScenarioReader& scenario);

// Errors: faults::InputError.
Trace read_trace_file(const std::string& path, const ScenarioReader& scenario);

}  // namespace traces
