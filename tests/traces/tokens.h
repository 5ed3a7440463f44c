// Spoils a JSON text on the level of its tokens, so that much of what comes out is still JSON:
// swaps two, deletes or repeats a member or element, replaces a value.
#pragma once

#include <string>
#include <vector>

#include "simnet/random.h"

namespace traces_test {

// Names, values and punctuation, without the blanks between them.
std::vector<std::string> tokens_of(const std::string& json);

std::string spoil_tokens(std::vector<std::string> tokens, simnet::Random& random);

}  // namespace traces_test
