// The order in which a failing case is made simpler. Most of a plan has nothing to do with the
// failure, so faults go first, many at a time (Zeller, Hildebrandt: "Simplifying and Isolating
// Failure-Inducing Input", 2002).
#include <algorithm>
#include <set>
#include <utility>

#include "properties/generators/case.h"

namespace properties {
namespace {

using faults::Fault;

void without_parts(const Case& from, std::vector<Case>& into) {
  const std::size_t count = from.plan.faults.size();
  for (std::size_t part = count; part > 0; part /= 2) {
    for (std::size_t begin = 0; begin < count; begin += part) {
      Case next = from;
      auto& faults = next.plan.faults;
      const std::size_t end = std::min(count, begin + part);
      faults.erase(faults.begin() + static_cast<std::ptrdiff_t>(begin),
                   faults.begin() + static_cast<std::ptrdiff_t>(end));
      into.push_back(std::move(next));
    }
  }
}

void with_milder_fault(const Case& from, std::size_t index, std::vector<Case>& into) {
  const Fault& fault = from.plan.faults[index];
  if (fault.for_ms > 1) {
    into.push_back(from);
    into.back().plan.faults[index].for_ms /= 2;
  }
  for (auto list : {&Fault::hosts, &Fault::peers, &Fault::bridges}) {
    if ((fault.*list).size() > 1) {
      into.push_back(from);
      auto& hosts = into.back().plan.faults[index].*list;
      hosts.resize(hosts.size() / 2);
    }
  }
}

// Removes from a fault whoever does not exist; false when nobody is left whom it strikes.
bool restrict_to(Fault& fault, const std::set<std::string>& existing) {
  const auto restricted = [&](std::vector<std::string>& hosts) {
    const bool had = !hosts.empty();
    std::erase_if(hosts, [&](const std::string& host) { return !existing.contains(host); });
    return !had || !hosts.empty();
  };
  const bool struck = restricted(fault.hosts);
  const bool other_side = restricted(fault.peers);
  const bool bridged = restricted(fault.bridges);
  return struck && other_side && bridged;
}

void with_scenario(const Case& from, const Scenario& scenario, std::vector<Case>& into) {
  Case next{scenario, from.seed, {}};
  const std::set<std::string> existing = scenario.hosts();
  for (Fault fault : from.plan.faults) {
    if (restrict_to(fault, existing)) {
      next.plan.faults.push_back(std::move(fault));
    }
  }
  into.push_back(std::move(next));
}

struct Simplest {
  std::int64_t Scenario::*field;
  std::int64_t value;
};

// What is off or at its least. `capacity`, `hold_ttl_s` and `closes_at_s` have no simple side.
constexpr Simplest kSimplest[] = {
    {&Scenario::users, 1},
    {&Scenario::intents_per_user, 1},
    {&Scenario::tickets_max, 1},
    {&Scenario::voters, 3},
    {&Scenario::double_press_percent, 0},
    {&Scenario::give_up_percent, 0},
    {&Scenario::cancel_percent, 0},
    {&Scenario::walk_away_percent, 0},
    {&Scenario::decline_percent, 0},
    {&Scenario::rush_percent, 0},
    {&Scenario::think_max_ms, 0},
    {&Scenario::tick_ms, 100},
    {&Scenario::append_bytes_max, 65'536},
    {&Scenario::appends_in_flight_max, 16},
};

void with_less_going_on(const Case& from, std::vector<Case>& into) {
  for (const auto& [field, value] : kSimplest) {
    const std::int64_t now = from.scenario.*field;
    std::set<std::int64_t> tried{now};
    for (const std::int64_t next : {value, value + (now - value) / 2}) {
      const bool possible = field != &Scenario::voters || next == value;  // 4 are not
      if (possible && tried.insert(next).second) {
        Scenario scenario = from.scenario;
        scenario.*field = next;
        with_scenario(from, scenario, into);
      }
    }
  }
}

}  // namespace

std::vector<Case> simpler(const Case& from) {
  std::vector<Case> result;
  without_parts(from, result);
  for (std::size_t i = 0; i < from.plan.faults.size(); ++i) {
    with_milder_fault(from, i, result);
  }
  with_less_going_on(from, result);
  return result;
}

}  // namespace properties
