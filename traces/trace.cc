#include "traces/trace.h"

#include <algorithm>
#include <cstdio>

namespace traces {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::holds:
      return "holds";
    case Outcome::safety_violated:
      return "safety_violated";
    case Outcome::liveness_violated:
      return "liveness_violated";
    case Outcome::aborted:
      return "aborted";
    case Outcome::interrupted:
      return "interrupted";
  }
  return "unknown";
}

bool same(const Checkpoint& a, const Checkpoint& b) {
  return a.events == b.events && a.at == b.at && a.value == b.value;
}

bool Trace::operator==(const Trace& other) const {
  return made_by == other.made_by && note == other.note && scenario == other.scenario &&
         seed == other.seed && plan == other.plan && workload == other.workload &&
         tape == other.tape && std::ranges::equal(checkpoints, other.checkpoints, same) &&
         verdict == other.verdict;
}

std::string hex(std::uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
  return text;
}

std::int64_t microseconds(simnet::Time time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

}  // namespace traces
