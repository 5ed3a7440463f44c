// A scenario: how many users want how many tickets when. With a seed and a plan it
// is a universe. README.md documents every field of the JSON.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "faults/input.h"
#include "faults/swarm.h"

namespace properties {

// Of all users: what the file of a workload can hold.
inline constexpr std::int64_t kIntentsMax = 200'000;

struct Scenario {
  std::string name;
  std::string about;
  std::int64_t duration_s = 0;   // users arrive and faults strike until then
  std::int64_t closes_at_s = 0;  // the draw
  std::int64_t users = 0;
  std::int64_t rush_percent = 0;  // of the users arrive in the last rush_s before closing
  std::int64_t rush_s = 0;
  std::int64_t intents_per_user = 0;
  std::int64_t tickets_max = 0;  // per intent
  std::int64_t capacity = 0;
  std::int64_t price = 0;  // minor units per ticket
  std::int64_t hold_ttl_s = 0;
  std::int64_t think_max_ms = 0;
  std::int64_t decline_percent = 0;
  std::int64_t walk_away_percent = 0;
  std::int64_t cancel_percent = 0;
  std::int64_t give_up_percent = 0;
  std::int64_t double_press_percent = 0;
  std::int64_t grace_s = 0;               // after the faults end, for liveness
  std::int64_t faults_per_kind = 0;       // at most
  std::int64_t kind_off_percent = 0;      // how often a kind of fault stays out of a run
  std::vector<faults::Kind> fault_kinds;  // which may be in; none listed: all that are not aimed
  // Of the ledger.
  std::int64_t voters = 0;                 // 3 or 5
  std::int64_t tick_ms = 0;                // of its replicas' clocks
  std::int64_t append_bytes_max = 0;       // of entries that one message carries
  std::int64_t appends_in_flight_max = 0;  // messages, per follower

  // The names of the hosts that a universe of this scenario has.
  std::vector<std::string> servers() const;
  std::vector<std::string> clients() const;
  std::set<std::string> hosts() const;
  static std::set<std::string> regions();
  faults::SwarmTargets swarm_targets() const;
};

// Errors: faults::InputError naming file and field.
Scenario scenario_from_json(const faults::Json& json, const std::string& where);

// With every field, also those that have their default.
faults::Json to_json(const Scenario& scenario);

// `name_or_file`: a shipped scenario, or a path (anything with a '/' or ending in
// ".json"). Errors: faults::InputError; an unknown name lists the known ones.
Scenario load_scenario(const std::string& name_or_file);

}  // namespace properties
