// The text of properties/scenarios/*.json by name, compiled in.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace properties {

const std::map<std::string, std::string, std::less<>>& shipped_scenarios();

}  // namespace properties
