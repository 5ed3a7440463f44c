// Histories as JSON lines: one event per line,
//   {"process":0,"type":"invoke","f":"write","key":"x","value":3}
// Blank lines are skipped. README.md documents the members.
#pragma once

#include <string_view>

#include "properties/linearizability/history.h"

namespace linearizability {

// Nesting of one line's JSON; no history needs more.
inline constexpr int kDepthLimit = 32;

// One JSON document. Errors: InputError; `where` begins its text.
Value parse_json(std::string_view text, const std::string& where);

// Errors: InputError.
History read_jsonl(std::string_view text, const HistoryOptions& options);

}  // namespace linearizability
