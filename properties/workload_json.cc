#include <set>
#include <utility>

#include "faults/fault.h"
#include "properties/workload.h"

namespace properties {
namespace {

using faults::Fields;
using faults::InputError;
using faults::Json;
using lottery::Act;
using lottery::Try;

constexpr std::int64_t kTicketsMax = 10;
constexpr std::int64_t kPressLimit_ms = 60'000;
constexpr std::int64_t kPatienceLimit = 1000;

constexpr std::pair<Act, const char*> kActs[] = {
    {Act::pay, "pay"}, {Act::cancel, "cancel"}, {Act::walk_away, "walk_away"}};

Act read_act(Fields& fields) {
  const std::string text = fields.text_or("act", "pay");
  std::string known;
  for (const auto& [act, name] : kActs) {
    if (text == name) {
      return act;
    }
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  fields.fail("act", "one of " + known);
}

std::optional<std::int64_t> read_press(Fields& fields, const char* name) {
  if (!fields.has(name)) {
    return std::nullopt;
  }
  return fields.integer(name, 0, kPressLimit_ms);
}

Try read_try(Fields fields) {
  Try result;
  result.think_ms = fields.integer_or("think_ms", 0, 0, faults::kDay_ms);
  result.act = read_act(fields);
  if (result.act == Act::pay) {
    result.declined = fields.boolean_or("declined", false);
    result.gives_up_after = fields.integer_or("gives_up_after", 0, 0, kPatienceLimit);
    result.press_again_ms = read_press(fields, "press_again_ms");
  }
  fields.finish();
  return result;
}

void check_length(const Fields& fields, const char* name, const Json& list, std::size_t low,
                  std::size_t high) {
  if (list.size() < low || list.size() > high) {
    throw InputError(fields.path(name) + ": expected " + std::to_string(low) + " to " +
                     std::to_string(high) + " elements, got " + std::to_string(list.size()));
  }
}

std::vector<Try> read_tries(Fields& fields, const std::string& where) {
  const Json& list = fields.array("tries");
  check_length(fields, "tries", list, 1, kTriesMax);
  std::vector<Try> tries;
  for (std::size_t i = 0; i < list.size(); ++i) {
    tries.push_back(read_try(Fields(list[i], where + ".tries[" + std::to_string(i) + "]")));
  }
  return tries;
}

// `after`: the number of the intent before, which it must exceed.
lottery::Intent read_intent(Fields fields, const std::string& where, std::int64_t after) {
  lottery::Intent intent;
  intent.number = fields.integer("intent", 1, kIntentsPerUserMax);
  if (intent.number <= after) {
    fields.fail("intent", "more than the " + std::to_string(after) + " before it");
  }
  intent.think_ms = fields.integer_or("think_ms", 0, 0, faults::kDay_ms);
  intent.tickets = fields.integer_or("tickets", 1, 1, kTicketsMax);
  intent.press_again_ms = read_press(fields, "press_again_ms");
  intent.other_cart = fields.boolean_or("other_cart", false);
  if (intent.other_cart && !intent.press_again_ms) {
    fields.fail("other_cart", "false, because there is no press_again_ms");
  }
  if (fields.has("tries")) {
    intent.tries = read_tries(fields, where);
  }
  intent.cancel_again_ms = read_press(fields, "cancel_again_ms");
  fields.finish();
  return intent;
}

User read_user(Fields fields, const std::string& where, const std::set<std::string>& known) {
  User user;
  user.name = fields.text("user");
  if (!known.contains(user.name)) {
    fields.fail("user", "the name of a user of the scenario");
  }
  user.arrives_ms = fields.integer("arrives_ms", 0, faults::kDay_ms);
  const Json& list = fields.array("intents");
  check_length(fields, "intents", list, 0, static_cast<std::size_t>(kIntentsPerUserMax));
  fields.finish();
  std::int64_t last = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string place = where + ".intents[" + std::to_string(i) + "]";
    user.intents.push_back(read_intent(Fields(list[i], place), place, last));
    last = user.intents.back().number;
  }
  return user;
}

// Members that have their default are left out.
void put(Json& json, const char* name, std::int64_t value, std::int64_t otherwise) {
  if (value != otherwise) {
    json[name] = value;
  }
}

void put(Json& json, const char* name, const std::optional<std::int64_t>& value) {
  if (value) {
    json[name] = *value;
  }
}

Json to_json(const Try& each) {
  Json json = Json::object();
  put(json, "think_ms", each.think_ms, 0);
  if (each.act != Act::pay) {
    json["act"] = kActs[static_cast<std::size_t>(each.act)].second;
  }
  if (each.declined) {
    json["declined"] = true;
  }
  put(json, "gives_up_after", each.gives_up_after, 0);
  put(json, "press_again_ms", each.press_again_ms);
  return json;
}

Json to_json(const lottery::Intent& intent) {
  Json json = {{"intent", intent.number}};
  put(json, "think_ms", intent.think_ms, 0);
  put(json, "tickets", intent.tickets, 1);
  put(json, "press_again_ms", intent.press_again_ms);
  if (intent.other_cart) {
    json["other_cart"] = true;
  }
  if (intent.tries != std::vector<Try>{Try{}}) {
    json["tries"] = Json::array();
    for (const Try& each : intent.tries) {
      json["tries"].push_back(to_json(each));
    }
  }
  put(json, "cancel_again_ms", intent.cancel_again_ms);
  return json;
}

Json to_json(const User& user) {
  Json json = {{"user", user.name}, {"arrives_ms", user.arrives_ms}, {"intents", Json::array()}};
  for (const lottery::Intent& intent : user.intents) {
    json["intents"].push_back(to_json(intent));
  }
  return json;
}

std::set<std::string> names_of(const Scenario& scenario) {
  const std::vector<std::string> clients = scenario.clients();
  return {clients.begin(), clients.end()};
}

}  // namespace

Json to_json(const Workload& workload) {
  Json json = Json::object();
  json["version"] = kWorkloadVersion;
  json["users"] = Json::array();
  for (const User& user : workload.users) {
    json["users"].push_back(to_json(user));
  }
  return json;
}

Workload workload_from_json(const Json& json, const std::string& where, const Scenario& scenario) {
  Fields fields(json, where);
  fields.integer("version", kWorkloadVersion, kWorkloadVersion);
  const Json& list = fields.array("users");
  fields.finish();
  const std::set<std::string> known = names_of(scenario);
  std::set<std::string> named;
  Workload workload;
  std::size_t intents = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string place = where + ": users[" + std::to_string(i) + "]";
    const Fields user(list[i], place);
    workload.users.push_back(read_user(user, place, known));
    if (!named.insert(workload.users.back().name).second) {
      user.fail("user", "each user once");
    }
    intents += workload.users.back().intents.size();
    if (intents > static_cast<std::size_t>(kIntentsMax)) {
      throw InputError(place + ".intents: expected at most " + std::to_string(kIntentsMax) +
                       " intents in all");
    }
  }
  return workload;
}

}  // namespace properties
