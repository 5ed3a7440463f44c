// A run as JSON lines, for programs: everything a Story holds, one thing per line, in the order
// of time. traces/README.md has the members.
#pragma once

#include <string>

#include "traces/story/story.h"

namespace exports {

std::string to_jsonl(const story::Story& story);

}  // namespace exports
