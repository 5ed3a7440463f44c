// A full account of a run for finding where two runs that should be one part: every
// event, and (from the tape) every choice. The X-ray of a divergence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simnet/digest.h"
#include "simnet/tape.h"
#include "simnet/time.h"

namespace simnet {

class Journal {
 public:
  struct Event {
    Time at;
    std::uint32_t host;
    EventKind kind;
    std::uint64_t payload;
    std::uint64_t draws;  // choices made before it
    bool operator==(const Event&) const = default;
  };

  void note(const Event& event) { events_.push_back(event); }
  const std::vector<Event>& events() const { return events_; }

 private:
  std::vector<Event> events_;
};

// One run, kept: its events and the choices its tape recorded.
struct Recording {
  std::vector<Journal::Event> events;
  std::vector<Tape::Entry> draws;
};

struct Divergence {
  std::size_t event = 0;  // index of the first that differs, or the shorter run's length
  std::string report;     // both sides, with the last choices before it
};

// `host_names`: of host 1, 2, ...; for the report.
std::optional<Divergence> compare(const Recording& first, const Recording& second,
                                  const std::vector<std::string>& host_names);

std::string_view to_string(EventKind kind);

}  // namespace simnet
