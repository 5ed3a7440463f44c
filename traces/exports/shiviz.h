// A run as a log for ShiViz (https://bestchai.bitbucket.io/shiviz/): a line per event with the
// host's vector clock.
//
// Source of the clocks' rules: F. Mattern, "Virtual Time and Global States of Distributed
// Systems", 1989; ShiViz wants a host's own figure to grow by one from line to line, from 1.
// Left out are messages that would hide all others: heartbeats, keep-alives, polls.
#pragma once

#include <string>
#include <string_view>

#include "traces/story/story.h"

namespace exports {

// The parser that ShiViz is to be given. It is the first line of the log too, which no event
// looks like; the second one, ShiViz's delimiter of executions, is empty.
inline constexpr std::string_view kShivizParser =
    R"(^(?<host>\S+) (?<clock>\{[^}]*\}) (?<event>.*)$)";

std::string to_shiviz(const story::Story& story);

}  // namespace exports
