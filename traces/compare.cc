#include "traces/compare.h"

#include <algorithm>
#include <cstdio>
#include <type_traits>

namespace traces {
namespace {

std::string moment(std::uint64_t events, simnet::Time at) {
  char text[64];
  std::snprintf(text, sizeof text, "event %llu (%.6f s)", static_cast<unsigned long long>(events),
                std::chrono::duration<double>(at.time_since_epoch()).count());
  return text;
}

const Checkpoint* at_event(const std::vector<Checkpoint>& checkpoints, std::uint64_t events) {
  const auto found = std::ranges::lower_bound(checkpoints, events, {},
                                              [](const Checkpoint& c) { return c.events; });
  return found != checkpoints.end() && found->events == events ? &*found : nullptr;
}

std::string parting(const Checkpoint& last_same, const std::string& until, const std::string& how) {
  return "the runs part between " + moment(last_same.events, last_same.at) + " and " + until +
         ": " + how;
}

// What is different about a member of the verdict, or nothing.
template <class T>
std::string difference(const char* name, const T& was, const T& is) {
  if (was == is) {
    return {};
  }
  if constexpr (std::is_integral_v<T>) {
    return std::string(name) + " was " + std::to_string(was) + ", is " + std::to_string(is);
  } else {
    return std::string(name) + " was \"" + std::string(was) + "\", is \"" + std::string(is) + "\"";
  }
}

std::string difference(const Verdict& was, const Verdict& is) {
  for (const std::string& found :
       {difference("outcome", to_string(was.outcome), to_string(is.outcome)),
        difference("property", was.property, is.property), difference("at_us", was.at_us, is.at_us),
        difference("message", was.message, is.message),
        difference("number of aborts", was.aborts.size(), is.aborts.size())}) {
    if (!found.empty()) {
      return found;
    }
  }
  return was.aborts == is.aborts ? "" : "the aborts are others";
}

// How the checkpoints part, or nothing. `result.checkpoints` counts those that are equal.
std::string divergence(const Trace& trace, const Rerun& rerun, Comparison& result) {
  Checkpoint last_same{0, {}, 0};
  for (const Checkpoint& recorded : trace.checkpoints) {
    if (!rerun.whole && recorded.at >= rerun.end) {
      return {};
    }
    const Checkpoint* now = at_event(rerun.checkpoints, recorded.events);
    if (now != nullptr && same(*now, recorded)) {
      last_same = recorded;
      ++result.checkpoints;
      continue;
    }
    const std::string until = moment(recorded.events, recorded.at);
    if (now != nullptr) {
      return parting(last_same, until,
                     "the digest was " + hex(recorded.value) + ", is " + hex(now->value));
    }
    if (rerun.checkpoints.empty() || rerun.checkpoints.back().events < recorded.events) {
      const std::uint64_t events = rerun.checkpoints.empty() ? 0 : rerun.checkpoints.back().events;
      return parting(last_same, until, "this run is over after " + std::to_string(events));
    }
  }
  if (rerun.whole && trace.verdict.whole && trace.verdict.digest != rerun.verdict.digest) {
    return parting(
        last_same, "the end of the run",
        "the digest was " + hex(trace.verdict.digest) + ", is " + hex(rerun.verdict.digest));
  }
  return {};
}

}  // namespace

Comparison compare(const Trace& trace, const Rerun& rerun) {
  Comparison result;
  result.text = divergence(trace, rerun, result);
  if (!result.text.empty()) {
    result.same = false;
    return result;
  }
  const std::string equal = std::to_string(result.checkpoints) + " of " +
                            std::to_string(trace.checkpoints.size()) + " checkpoints";
  if (!rerun.whole || !trace.verdict.whole) {
    result.text = "same as far as both runs went, at " + equal;
    return result;
  }
  const std::string verdicts = difference(trace.verdict, rerun.verdict);
  result.same = verdicts.empty();
  result.text = result.same ? "same verdict and digest, at " + equal
                            : "the same events, but another verdict: " + verdicts;
  return result;
}

}  // namespace traces
