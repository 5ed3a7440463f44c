// A workload: which users want what when, and how they behave. Plain data, JSON both ways
// (README.md); with a scenario, a seed and a plan it is a universe. Users and intents are named:
// one that is taken away leaves a gap, and all others as they were.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "faults/input.h"
#include "properties/scenario.h"
#include "system/lottery/intent.h"

namespace properties {

struct User {
  std::string name;             // of the scenario's clients
  std::int64_t arrives_ms = 0;  // virtual, from the start of the universe
  std::vector<lottery::Intent> intents;
  bool operator==(const User&) const = default;
};

struct Workload {
  std::vector<User> users;  // each once; the scenario's others do nothing
  bool operator==(const Workload&) const = default;

  std::size_t intents() const;
};

inline constexpr std::int64_t kWorkloadVersion = 1;
inline constexpr std::int64_t kIntentsPerUserMax = 1000;
inline constexpr std::size_t kTriesMax = 10;  // per intent

// What the seed draws for the scenario. Each decision has a stream of its own, of the user's
// name, the intent's number and what is decided.
Workload draw_workload(const Scenario& scenario, std::uint64_t seed);

faults::Json to_json(const Workload& workload);
// `where` is the file's name. Errors: faults::InputError naming file and field.
Workload workload_from_json(const faults::Json& json, const std::string& where,
                            const Scenario& scenario);

}  // namespace properties
