// The checker's dumb twin: tries every order of a small history, with rules of its own.
#pragma once

#include "properties/linearizability/model.h"

namespace linearizability_test {

// REQUIRES: few operations, all of one object.
bool brute_force(const linearizability::ModelOptions& options,
                 const linearizability::Operations& operations);

}  // namespace linearizability_test
