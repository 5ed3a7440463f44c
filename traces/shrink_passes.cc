// The passes of a shrink, cheapest gain first. They know where in a recipe things are and which
// values are simple; whether a recipe is one at all its reader says.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "traces/ddmin.h"
#include "traces/shrinker.h"

namespace traces {
namespace {

using Pointer = Shrinker::Pointer;

const Pointer kFaults("/plan/faults");
const Pointer kUsers("/workload/users");

// The draw closes no later than that, and nothing happens in a plan after the end.
Json ending_at(Json recipe, std::int64_t duration_s) {
  Json& scenario = recipe.at("scenario");
  scenario["duration_s"] = duration_s;
  const std::int64_t closes_at_s =
      std::min(scenario.at("closes_at_s").get<std::int64_t>(), duration_s);
  scenario["closes_at_s"] = closes_at_s;
  if (scenario.contains("rush_s")) {
    scenario["rush_s"] = std::min(scenario.at("rush_s").get<std::int64_t>(), closes_at_s);
  }
  Json before_the_end = Json::array();
  for (const Json& fault : recipe.at(kFaults)) {
    if (fault.at("at_ms").get<std::int64_t>() < duration_s * 1000) {
      before_the_end.push_back(fault);
    }
  }
  recipe.at(kFaults) = std::move(before_the_end);
  return recipe;
}

struct Place {
  std::size_t user;
  std::size_t intent;
};

std::vector<Place> places_of(const Json& users) {
  std::vector<Place> places;
  for (std::size_t user = 0; user < users.size(); ++user) {
    for (std::size_t intent = 0; intent < users[user].at("intents").size(); ++intent) {
      places.push_back({user, intent});
    }
  }
  return places;
}

Pointer intent_at(const Place& place) { return kUsers / place.user / "intents" / place.intent; }

void thin_intents(Shrinker& shrinker, std::size_t parts_max) {
  const Json users = shrinker.recipe().at(kUsers);
  const std::vector<Place> all = places_of(users);
  const auto first_failing = [&](const std::vector<Kept>& choices) {
    const std::size_t now = size_of(shrinker.recipe()).intents;
    std::vector<Json> candidates;
    std::vector<std::size_t> seeds;
    for (const Kept& kept : choices) {
      Json candidate = shrinker.recipe();
      candidate.at(kUsers) = users;
      for (Json& user : candidate.at(kUsers)) {
        user.at("intents") = Json::array();
      }
      for (const std::size_t index : kept) {
        const Place& place = all[index];
        candidate.at(kUsers)[place.user].at("intents").push_back(
            users[place.user].at("intents")[place.intent]);
      }
      candidates.push_back(std::move(candidate));
      seeds.push_back(shrinker.seeds_for(kept.size(), now));
    }
    return shrinker.take_first(candidates, seeds);
  };
  ddmin(all.size(), first_failing, parts_max);
}

// Of every user's intents the first half, or the other one.
bool half_of_intents(Shrinker& shrinker, std::size_t seeds) {
  std::vector<Json> halves;
  for (const bool first : {true, false}) {
    Json candidate = shrinker.recipe();
    for (Json& user : candidate.at(kUsers)) {
      const Json all = user.at("intents");
      const auto middle = all.begin() + static_cast<std::ptrdiff_t>((all.size() + 1) / 2);
      user.at("intents") =
          first ? Json(Json::array_t(all.begin(), middle)) : Json(Json::array_t(middle, all.end()));
    }
    if (size_of(candidate).intents < size_of(shrinker.recipe()).intents) {
      halves.push_back(std::move(candidate));
    }
  }
  return shrinker.take_first(halves, std::vector<std::size_t>(halves.size(), seeds)) <
         halves.size();
}

bool without(Shrinker& shrinker, const Pointer& list) {
  Json candidate = shrinker.recipe();
  if (candidate.at(list).empty()) {
    return false;
  }
  candidate.at(list) = Json::array();
  return shrinker.take(candidate, shrinker.seeds_for(0, 1));
}

// Only the faults of one kind, or those that strike one host: most failures take one or the other,
// and halves of the list mix them. There are many sorts, so each is tried with few seeds.
void one_of_a_sort(Shrinker& shrinker) {
  constexpr std::size_t kSeeds = 4;
  const Json all = shrinker.recipe().at(kFaults);
  std::map<std::string, Json> sorts;
  for (const Json& fault : all) {
    sorts["kind " + fault.at("kind").get<std::string>()].push_back(fault);
    for (const Json& host : fault.value("hosts", Json::array())) {
      sorts["host " + host.get<std::string>()].push_back(fault);
    }
  }
  std::multimap<std::size_t, Json> by_size;
  for (auto& [sort, faults] : sorts) {
    if (faults.size() < all.size()) {
      Json candidate = shrinker.recipe();
      candidate.at(kFaults) = std::move(faults);
      by_size.emplace(candidate.at(kFaults).size(), std::move(candidate));
    }
  }
  std::vector<Json> candidates;
  for (auto& [size, candidate] : by_size) {
    candidates.push_back(std::move(candidate));
  }
  shrinker.take_first(candidates, std::vector<std::size_t>(candidates.size(), kSeeds));
}

// An intent and nothing else: one ticket, bought at once.
Json plain(const Json& intent) { return {{"intent", intent.at("intent")}}; }

// What has a default, and what needs it.
void drop_members(Shrinker& shrinker, const Pointer& object) {
  shrinker.drop_each(object, {{"press_again_ms", "other_cart"},
                              {"other_cart"},
                              {"cancel_again_ms"},
                              {"think_ms"},
                              {"tickets"},
                              {"declined"},
                              {"gives_up_after"},
                              {"act"}});
}

void halve_members(Shrinker& shrinker, const Pointer& object,
                   const std::vector<std::pair<const char*, std::int64_t>>& members) {
  for (const auto& [member, low] : members) {
    if (shrinker.recipe().at(object).contains(member)) {
      shrinker.halve(object / member, low);
    }
  }
}

void simplify_intent(Shrinker& shrinker, const Pointer& intent) {
  Json candidate = shrinker.recipe();
  candidate.at(intent) = plain(candidate.at(intent));
  if (shrinker.take(candidate)) {
    return;
  }
  drop_members(shrinker, intent);
  halve_members(shrinker, intent,
                {{"think_ms", 0}, {"tickets", 1}, {"press_again_ms", 0}, {"cancel_again_ms", 0}});
  if (!shrinker.recipe().at(intent).contains("tries") || shrinker.drop(intent, {"tries"})) {
    return;
  }
  shrinker.thin(intent / "tries");
  for (std::size_t i = 0; i < shrinker.recipe().at(intent / "tries").size(); ++i) {
    const Pointer each = intent / "tries" / i;
    drop_members(shrinker, each);
    halve_members(shrinker, each, {{"think_ms", 0}, {"gives_up_after", 1}, {"press_again_ms", 0}});
  }
}

// When a fault strikes is left alone: another moment is another fault.
void simplify_fault(Shrinker& shrinker, const Pointer& fault) {
  for (const char* list : {"hosts", "peers", "bridges", "regions"}) {
    if (shrinker.recipe().at(fault).contains(list)) {
      while (shrinker.half(fault / list)) {
      }
    }
  }
  const Json members = shrinker.recipe().at(fault);
  for (const auto& [name, value] : members.items()) {
    if (name == "at_ms" || !(value.is_number_integer() || value.is_boolean())) {
      continue;
    }
    if (!shrinker.drop(fault, {name}) && value.is_number_integer()) {
      shrinker.halve(fault / name, 0);
    }
  }
}

}  // namespace

void cut_time(Shrinker& shrinker) {
  const auto duration_s = [&] {
    return shrinker.recipe().at("scenario").at("duration_s").get<std::int64_t>();
  };
  const std::int64_t after_failure_s = shrinker.at_us() / 1'000'000 + 1;
  if (after_failure_s < duration_s()) {
    shrinker.take(ending_at(shrinker.recipe(), after_failure_s));
  } else {
    while (duration_s() > 1 && shrinker.take(ending_at(shrinker.recipe(), duration_s() / 2))) {
    }
  }
  if (shrinker.options().grace_may_go) {
    Json candidate = shrinker.recipe();
    candidate.at("scenario")["grace_s"] = 1;
    shrinker.take(candidate);
  }
}

void halve_all(Shrinker& shrinker) {
  cut_time(shrinker);
  shrinker.halve(Pointer("/scenario/capacity"), 1);  // few tickets are sold out by few users
  without(shrinker, kFaults);
  one_of_a_sort(shrinker);
  without(shrinker, kUsers);
  for (bool smaller = true; smaller && !shrinker.stopped();) {
    const std::size_t seeds = shrinker.seeds_for(1, 2);
    smaller = shrinker.half(kFaults, seeds);
    smaller |= shrinker.half(kUsers, seeds);
    smaller |= half_of_intents(shrinker, seeds);
    if (smaller) {
      cut_time(shrinker);
    }
  }
}

void thin_faults(Shrinker& shrinker, std::size_t parts_max) { shrinker.thin(kFaults, parts_max); }

void thin_users(Shrinker& shrinker, std::size_t parts_max) {
  shrinker.thin(kUsers, parts_max);
  thin_intents(shrinker, parts_max);
  shrinker.thin(kUsers, parts_max);  // those that have nothing left to do
}

bool make_plain(Shrinker& shrinker) {
  Json candidate = shrinker.recipe();
  for (const Place& place : places_of(candidate.at(kUsers))) {
    Json& intent = candidate.at(intent_at(place));
    intent = plain(intent);
  }
  return shrinker.take(candidate);
}

void simplify_intents(Shrinker& shrinker) {
  if (make_plain(shrinker)) {
    return;
  }
  for (const Place& place : places_of(shrinker.recipe().at(kUsers))) {
    simplify_intent(shrinker, intent_at(place));
  }
}

void simplify_faults(Shrinker& shrinker) {
  for (std::size_t i = 0; i < shrinker.recipe().at(kFaults).size(); ++i) {
    simplify_fault(shrinker, kFaults / i);
  }
}

void thin_tape(Shrinker& shrinker) { shrinker.thin(Pointer("/tape")); }

}  // namespace traces
