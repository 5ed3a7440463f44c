// Checks a whole history: object by object, with a witness when one is not linearizable.
#pragma once

#include <optional>
#include <vector>

#include "properties/linearizability/history.h"
#include "properties/linearizability/model.h"
#include "properties/linearizability/wgl.h"
#include "properties/linearizability/witness.h"

namespace linearizability {

struct CheckReport {
  Verdict verdict = Verdict::linearizable;  // not_linearizable before undecided
  std::size_t operations = 0;               // without those that failed
  std::size_t unknown = 0;                  // of these, with an unknown outcome
  std::size_t failed = 0;
  std::size_t keys = 0;
  std::size_t configurations_max = 0;  // most at one time
  std::vector<Value> not_linearizable;
  std::vector<Value> undecided;
  // Of the object whose shortest prefix without a linearisation ends first.
  std::optional<Witness> witness;
};

// Errors: InputError for an operation that the model does not have, or an option.
CheckReport check(History history, const ModelOptions& model, const SearchOptions& options);

}  // namespace linearizability
