// The part of JSON Schema 2020-12 that traces/schema.json uses; a keyword beyond it is a
// problem, so that nothing of the schema is passed over.
#pragma once

#include <string>

#include "faults/input.h"

namespace traces_test {

// What is wrong with the document, with its place; empty: it fits.
std::string problem_of(const faults::Json& schema, const faults::Json& document);

}  // namespace traces_test
