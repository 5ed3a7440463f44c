// What went wrong in a run, and what it has in common with other runs: the cause. One bug should be
// one cause, however many seeds meet it.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "traces/fuzz/ending.h"

namespace fuzz {

// What a program's exit code tells apart, and more.
enum class Kind {
  safety_violated,
  liveness_violated,
  aborted,          // a process of the system under test ended by itself, inside the simulation
  crashed,          // the process that ran the simulation ended by itself
  hung,             // ... or did not end in time
  non_determinism,  // two runs of one seed differ
};

inline constexpr Kind kKinds[] = {
    Kind::safety_violated, Kind::liveness_violated, Kind::aborted, Kind::crashed, Kind::hung,
    Kind::non_determinism};

std::string_view to_string(Kind kind);
std::optional<Kind> kind_from(std::string_view word);

struct Cause {
  Kind kind = Kind::safety_violated;
  std::string property;  // "S3"; empty when none is violated
  std::string place;     // the host of an abort, the program counter of a crash; may be empty
  std::string shape;     // the message without what differs from seed to seed
  auto operator<=>(const Cause&) const = default;
};

struct Failure {
  Cause cause;
  std::string message;
  std::string diagnostics;  // what the process that ran it wrote to standard error
};

// The text with every word that has a digit in it (numbers, addresses, names of hosts, ids) and
// every quoted text and JSON value as '#', rows of those as one, and cut after some 80 bytes.
std::string shape_of(std::string_view text);

// Nothing when the run held.
std::optional<Failure> failure_of(const Ending& ending);

// Of two complete runs of one seed; nothing when they are the same.
std::optional<Failure> difference(const Result& first, const Result& second);

}  // namespace fuzz
