// What led to a violation: of all that happened before it, the events and messages that concern
// what it is about (subject.h), and the faults that struck those who took part.
//
// Limits: a step is taken for what it says, not for what it caused: not all of them need have
// mattered, and what mattered without naming anything is missing.
#pragma once

#include "traces/story/story.h"

namespace story {

inline constexpr std::size_t kStepsMax = 200;  // of one violation; the last ones

// Fills in `named`, `hosts` and `steps` of each violation.
void slice(Story& story);

}  // namespace story
