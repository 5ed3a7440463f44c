// Pieces of the JSON reports.
#pragma once

#include <string_view>
#include <vector>

#include "faults/input.h"
#include "properties/universe.h"

namespace cli {

faults::Json properties_json(const std::vector<properties::PropertyResult>& results);
std::string_view verdict_word(properties::Verdict verdict);

}  // namespace cli
