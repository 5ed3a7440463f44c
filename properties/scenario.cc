#include "properties/scenario.h"

#include "faults/plan.h"
#include "properties/shipped_scenarios.h"
#include "properties/topology.h"

namespace properties {
namespace {

constexpr std::int64_t kDay_s = 86'400;

void check_times(const faults::Fields& fields, const Scenario& scenario) {
  if (scenario.closes_at_s > scenario.duration_s) {
    fields.fail("closes_at_s", "at most duration_s (" + std::to_string(scenario.duration_s) + ")");
  }
  if (scenario.rush_percent > 0 && scenario.rush_s == 0) {
    fields.fail("rush_s", "at least 1, because rush_percent is above 0");
  }
  if (scenario.rush_s > scenario.closes_at_s) {
    fields.fail("rush_s", "at most closes_at_s (" + std::to_string(scenario.closes_at_s) + ")");
  }
}

// A workload's file holds no more.
void check_intents(const faults::Fields& fields, const Scenario& scenario) {
  const std::int64_t most = kIntentsMax / scenario.users;
  if (scenario.intents_per_user > most) {
    fields.fail("intents_per_user", "at most " + std::to_string(most) + ", because users is " +
                                        std::to_string(scenario.users));
  }
}

void read_fault_kinds(faults::Fields& fields, Scenario& scenario) {
  if (!fields.has("fault_kinds")) {
    return;
  }
  for (const std::string& name : fields.texts("fault_kinds")) {
    scenario.fault_kinds.push_back(faults::kind_from(fields, "fault_kinds", name));
  }
}

void read_ledger(faults::Fields& fields, Scenario& scenario) {
  scenario.voters = fields.integer_or("voters", 5, 3, 5);
  if (scenario.voters == 4) {
    fields.fail("voters", "3 or 5");
  }
  scenario.tick_ms = fields.integer_or("tick_ms", 100, 10, 1000);
  scenario.append_bytes_max = fields.integer_or("append_bytes_max", 65'536, 1, 1 << 20);
  scenario.appends_in_flight_max = fields.integer_or("appends_in_flight_max", 16, 1, 1000);
}

}  // namespace

Scenario scenario_from_json(const faults::Json& json, const std::string& where) {
  faults::Fields fields(json, where);
  fields.integer("version", 1, 1);
  Scenario s;
  s.name = fields.text("name");
  s.about = fields.text_or("about", "");
  s.duration_s = fields.integer("duration_s", 1, kDay_s);
  s.closes_at_s = fields.integer("closes_at_s", 1, kDay_s);
  s.users = fields.integer("users", 1, 10'000);
  s.rush_percent = fields.integer_or("rush_percent", 0, 0, 100);
  s.rush_s = fields.integer_or("rush_s", 0, 0, kDay_s);
  s.intents_per_user = fields.integer("intents_per_user", 1, 1000);
  s.tickets_max = fields.integer("tickets_max", 1, 10);
  s.capacity = fields.integer("capacity", 1, 1'000'000'000);
  s.price = fields.integer("price", 0, 1'000'000'000);
  s.hold_ttl_s = fields.integer("hold_ttl_s", 1, kDay_s);
  s.think_max_ms = fields.integer("think_max_ms", 0, kDay_s * 1000);
  s.decline_percent = fields.integer_or("decline_percent", 0, 0, 100);
  s.walk_away_percent = fields.integer_or("walk_away_percent", 0, 0, 100);
  s.cancel_percent = fields.integer_or("cancel_percent", 0, 0, 100);
  s.give_up_percent = fields.integer_or("give_up_percent", 0, 0, 100);
  s.double_press_percent = fields.integer_or("double_press_percent", 0, 0, 100);
  s.grace_s = fields.integer("grace_s", 1, kDay_s);
  s.faults_per_kind = fields.integer_or("faults_per_kind", 4, 1, 1000);
  s.kind_off_percent = fields.integer_or("kind_off_percent", 50, 0, 100);
  read_fault_kinds(fields, s);
  read_ledger(fields, s);
  fields.finish();
  check_times(fields, s);
  check_intents(fields, s);
  return s;
}

faults::Json to_json(const Scenario& s) {
  faults::Json json = faults::Json::object();
  json["version"] = 1;
  json["name"] = s.name;
  json["about"] = s.about;
  json["duration_s"] = s.duration_s;
  json["closes_at_s"] = s.closes_at_s;
  json["users"] = s.users;
  json["rush_percent"] = s.rush_percent;
  json["rush_s"] = s.rush_s;
  json["intents_per_user"] = s.intents_per_user;
  json["tickets_max"] = s.tickets_max;
  json["capacity"] = s.capacity;
  json["price"] = s.price;
  json["hold_ttl_s"] = s.hold_ttl_s;
  json["think_max_ms"] = s.think_max_ms;
  json["decline_percent"] = s.decline_percent;
  json["walk_away_percent"] = s.walk_away_percent;
  json["cancel_percent"] = s.cancel_percent;
  json["give_up_percent"] = s.give_up_percent;
  json["double_press_percent"] = s.double_press_percent;
  json["grace_s"] = s.grace_s;
  json["faults_per_kind"] = s.faults_per_kind;
  json["kind_off_percent"] = s.kind_off_percent;
  if (!s.fault_kinds.empty()) {
    json["fault_kinds"] = faults::Json::array();
    for (const faults::Kind kind : s.fault_kinds) {
      json["fault_kinds"].push_back(faults::to_string(kind));
    }
  }
  json["voters"] = s.voters;
  json["tick_ms"] = s.tick_ms;
  json["append_bytes_max"] = s.append_bytes_max;
  json["appends_in_flight_max"] = s.appends_in_flight_max;
  return json;
}

Scenario load_scenario(const std::string& name_or_file) {
  const bool file = name_or_file.find('/') != std::string::npos || name_or_file.ends_with(".json");
  if (file) {
    return scenario_from_json(faults::read_json_file(name_or_file), name_or_file);
  }
  const auto& shipped = shipped_scenarios();
  const auto found = shipped.find(name_or_file);
  if (found == shipped.end()) {
    std::string known;
    for (const auto& [name, text] : shipped) {
      known += (known.empty() ? "" : ", ") + name;
    }
    throw faults::InputError("--scenario: there is no scenario \"" + name_or_file +
                             "\"; known: " + known + "; a file's name ends in .json");
  }
  return scenario_from_json(faults::Json::parse(found->second), name_or_file + ".json");
}

std::vector<std::string> Scenario::servers() const {
  std::vector<std::string> names = {"edge", "app-1", "app-2", "planner-1", "planner-2", "bank"};
  for (const Replica& replica : ledger_replicas(voters)) {
    names.emplace_back(replica.host);
  }
  return names;
}

std::vector<std::string> Scenario::clients() const {
  std::vector<std::string> names;
  for (std::int64_t i = 1; i <= users; ++i) {
    names.push_back("user-" + std::to_string(i));
  }
  return names;
}

std::set<std::string> Scenario::hosts() const {
  std::set<std::string> result;
  for (const auto& group : {servers(), clients()}) {
    result.insert(group.begin(), group.end());
  }
  return result;
}

std::set<std::string> Scenario::regions() { return {"bank", "centre", "east", "home", "west"}; }

// One bank, one browser per user: they have no copy anywhere. The ledger's replicas have each
// other, but are bound by their votes and by what they said they hold; its databases carry
// checksums, messages carry none.
faults::SwarmTargets Scenario::swarm_targets() const {
  faults::SwarmTargets targets;
  targets.servers = servers();
  targets.durable = {"bank"};
  for (const Replica& replica : ledger_replicas(voters)) {
    targets.replicas.emplace_back(replica.host);
  }
  targets.replicas_damaged_max = static_cast<std::size_t>(voters / 2);  // a minority
  targets.clients = clients();
  const std::set<std::string> all_regions = regions();
  targets.regions.assign(all_regions.begin(), all_regions.end());
  targets.settings = {
      {"bank", "bank.latency_ms", 500, 15'000},
      {"bank", "bank.refuse_ppm", 100'000, 900'000},
      {"bank", "bank.fail_after_ppm", 100'000, 900'000},
      {"bank", "bank.mute_ppm", 100'000, 900'000},
  };
  return targets;
}

}  // namespace properties
