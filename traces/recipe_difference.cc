#include "traces/recipe_difference.h"

#include <algorithm>
#include <map>

namespace traces {
namespace {

using Lines = std::vector<std::string>;

std::string shown(const Json& scenario, const std::string& member) {
  return scenario.contains(member)
             ? scenario.at(member).dump(-1, ' ', false, Json::error_handler_t::replace)
             : "(none)";
}

void compare_scenarios(const Json& a, const Json& b, Lines& lines) {
  std::vector<std::string> members;
  for (const Json* scenario : {&a, &b}) {
    for (const auto& [member, value] : scenario->items()) {
      if (std::ranges::find(members, member) == members.end()) {
        members.push_back(member);
      }
    }
  }
  for (const std::string& member : members) {
    const std::string was = shown(a, member);
    const std::string is = shown(b, member);
    if (was != is) {
      lines.push_back("scenario." + member + "  " + was + " | " + is);
    }
  }
}

// Faults of `from` without a partner in `other`, in their order.
void only_in(const faults::Plan& from, const faults::Plan& other, const char* sign, Lines& lines) {
  std::vector<faults::Fault> partners = other.faults;
  for (const faults::Fault& fault : from.faults) {
    const auto found = std::ranges::find(partners, fault);
    if (found != partners.end()) {
      partners.erase(found);
    } else {
      lines.push_back(sign + faults::to_json(fault).dump());
    }
  }
}

// A workload's users by name; none when the seed draws it.
std::map<std::string, std::string> users_of(const Json& workload) {
  std::map<std::string, std::string> users;
  if (!workload.is_null()) {
    for (const Json& user : workload.at("users")) {
      users[user.at("user").get<std::string>()] = user.dump();
    }
  }
  return users;
}

void compare_workloads(const Json& a, const Json& b, Lines& lines) {
  const auto one = users_of(a);
  const auto other = users_of(b);
  const auto lone = [&lines](const auto& from, const auto& in, const char* sign) {
    for (const auto& [name, user] : from) {
      const auto found = in.find(name);
      if (found == in.end() || found->second != user) {
        lines.push_back(sign + user);
      }
    }
  };
  if (a.is_null() != b.is_null()) {
    lines.push_back(std::string("workload  ") + (a.is_null() ? "(drawn)" : "given") + " | " +
                    (b.is_null() ? "(drawn)" : "given"));
    return;
  }
  lone(one, other, "- ");
  lone(other, one, "+ ");
}

}  // namespace

Lines recipe_difference(const Trace& a, const Trace& b) {
  Lines lines;
  if (a.seed != b.seed) {
    lines.push_back("seed  " + std::to_string(a.seed) + " | " + std::to_string(b.seed));
  }
  compare_scenarios(a.scenario, b.scenario, lines);
  only_in(a.plan, b.plan, "- ", lines);
  only_in(b.plan, a.plan, "+ ", lines);
  compare_workloads(a.workload, b.workload, lines);
  if (a.tape != b.tape) {
    lines.push_back("tape  " + std::to_string(a.tape.size()) + " | " +
                    std::to_string(b.tape.size()) + " choices, not the same");
  }
  return lines;
}

}  // namespace traces
