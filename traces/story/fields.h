// An event of a service as JSON for people: the members as its type describes them, with the
// commands of a log entry written out.
#pragma once

#include <string>

#include "faults/input.h"
#include "system/env/event.h"

namespace story {

// An object. Of an event that nobody here knows it holds the encoded bytes.
faults::Json fields_of(const env::EventRef& event);

// As text; what is no UTF-8 is replaced.
std::string dumped(const faults::Json& json);

}  // namespace story
