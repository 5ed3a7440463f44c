// A part of a run.
#pragma once

#include "traces/story/story.h"

namespace story {

// What happened from `from_us` to `until_us`, both included: messages sent then (one that arrived
// later is still under way; none knows what it answers), spans cut to it, and violations found
// then, without their steps.
Story within(Story story, Time_us from_us, Time_us until_us);

}  // namespace story
