// Writes a trace: as JSON, as the text of a file, and as a file.
#pragma once

#include <string>
#include <vector>

#include "traces/trace.h"

namespace traces {

Json to_json(const Verdict& verdict);
Json to_json(const Trace& trace);

// One line per element of a list, so that two traces can be compared line by line. What is no
// UTF-8 is replaced.
std::string to_text(const Trace& trace);

// At most kCheckpointsMax of them, evenly spaced; the last one stays.
std::vector<Checkpoint> thinned(const std::vector<Checkpoint>& checkpoints);

// The text as a reader of JSON gets it back: what is no UTF-8 replaced.
std::string legible(const std::string& text);

// To be called before the run whose trace it will be. `option` is named in messages.
// Errors: faults::InputError when the file exists and `replace` is false, or there is no such
// folder.
void check_can_save(const std::string& path, bool replace, const std::string& option);

// The text of a file that is there whole or not at all, as `save` does it.
void save_text(const std::string& text, const std::string& path, bool replace,
               const std::string& option);

// Under a temporary name first, so that a kill leaves no half file under its own. Errors:
// faults::InputError, naming `option`; then no file is left.
void save_text(const std::string& text, const std::string& path, bool replace,
               const std::string& option);
void save(const Trace& trace, const std::string& path, bool replace, const std::string& option);

}  // namespace traces
