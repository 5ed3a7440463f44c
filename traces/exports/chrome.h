// A run in the Trace Event Format of Chrome, for Perfetto (ui.perfetto.dev) and chrome://tracing.
//
// A region is a process, a host a thread. Time without a process is a complete event (X);
// whatever may overlap on a lane (faults, leaders, purchases) is an asynchronous one (b, e).
// A message is a short slice at both ends and a flow (s, f) between them. What a service said is
// an instant; stock, holds and money are counters.
// Source: "Trace Event Format", Google 2016.
#pragma once

#include <string>

#include "traces/story/story.h"

namespace exports {

std::string to_chrome(const story::Story& story);

}  // namespace exports
