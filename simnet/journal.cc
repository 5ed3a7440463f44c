#include "simnet/journal.h"

#include <algorithm>
#include <cstdio>

namespace simnet {
namespace {

constexpr std::size_t kDrawsShown = 6;

std::string host_name(std::uint32_t host, const std::vector<std::string>& names) {
  if (host == 0) {
    return "world";
  }
  return host <= names.size() ? names[host - 1] : "host " + std::to_string(host);
}

std::string describe(const Journal::Event& event, const std::vector<std::string>& names) {
  std::array<char, 24> payload{};
  std::snprintf(payload.data(), payload.size(), "%016llx",
                static_cast<unsigned long long>(event.payload));
  return std::to_string(event.at.time_since_epoch().count()) + " ns, " +
         host_name(event.host, names) + ", " + std::string(to_string(event.kind)) + ", content " +
         payload.data();
}

// The event and the last choices made before it.
std::string side(const char* title, const Recording& run, std::size_t index,
                 const std::vector<std::string>& names) {
  std::string text = std::string("  ") + title + ": ";
  std::size_t draws = run.draws.size();
  if (index < run.events.size()) {
    text += describe(run.events[index], names) + "\n";
    draws = std::min<std::size_t>(draws, run.events[index].draws);
  } else {
    text += "no event, the run is over\n";
  }
  for (std::size_t i = draws > kDrawsShown ? draws - kDrawsShown : 0; i < draws; ++i) {
    text += "    choice " + std::to_string(i) + ": " + to_string(run.draws[i]) + "\n";
  }
  return text;
}

std::size_t first_difference(const std::vector<Journal::Event>& a,
                             const std::vector<Journal::Event>& b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (a[i] != b[i]) {
      return i;
    }
  }
  return common;
}

}  // namespace

std::string_view to_string(EventKind kind) {
  switch (kind) {
    case EventKind::post:
      return "posted function";
    case EventKind::timer:
      return "timer";
    case EventKind::io:
      return "completion";
    case EventKind::packet:
      return "packet";
    case EventKind::world:
      return "world";
    case EventKind::crash:
      return "crash";
    case EventKind::disk:
      return "sync";
    case EventKind::emit:
      return "event of a service";
  }
  return "unknown";
}

std::optional<Divergence> compare(const Recording& first, const Recording& second,
                                  const std::vector<std::string>& host_names) {
  const std::size_t index = first_difference(first.events, second.events);
  if (index == first.events.size() && index == second.events.size()) {
    return std::nullopt;
  }
  std::string report = "the runs part at event " + std::to_string(index) + "\n";
  if (index > 0) {
    report += "  last common event: " + describe(first.events[index - 1], host_names) + "\n";
  }
  report += side("first run", first, index, host_names);
  report += side("second run", second, index, host_names);
  return Divergence{index, report};
}

}  // namespace simnet
