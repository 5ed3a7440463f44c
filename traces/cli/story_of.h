// The run of a trace once more, told as a Story.
#pragma once

#include <optional>
#include <string>

#include "traces/story/story.h"

namespace cli {

struct Retold {
  story::Story story;
  std::string warning;  // why it is not the run of the trace; empty: it is
};

// Shows progress on a terminal. Nullopt: interrupted. Errors: faults::InputError.
std::optional<Retold> story_of(const std::string& trace_file, const std::string& called_as);

// Writes what a command made of a story and says so, or why not. Returns the exit code.
// Errors: faults::InputError.
int deliver(const Retold& retold, const std::string& text, const std::string& path, bool replace);

}  // namespace cli
