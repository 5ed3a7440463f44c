#include "faults/plan.h"

#include <algorithm>
#include <array>
#include <utility>

namespace faults {
namespace {

constexpr std::int64_t kDay_ms = 86'400'000;
constexpr std::int64_t kMillion = 1'000'000;

constexpr std::array<std::pair<Kind, std::string_view>, 9> kNames{{
    {Kind::crash, "crash"},
    {Kind::power_loss, "power_loss"},
    {Kind::power_cut, "power_cut"},
    {Kind::pause, "pause"},
    {Kind::partition, "partition"},
    {Kind::one_way, "one_way"},
    {Kind::degrade, "degrade"},
    {Kind::clock_jump, "clock_jump"},
    {Kind::setting, "setting"},
}};

bool has_peers(Kind kind) {
  return kind == Kind::partition || kind == Kind::one_way || kind == Kind::degrade;
}

bool has_value(Kind kind) {
  return kind == Kind::power_cut || kind == Kind::clock_jump || kind == Kind::setting;
}

Kind read_kind(Fields& fields) {
  const std::string text = fields.text("kind");
  std::string known;
  for (const auto& [kind, name] : kNames) {
    if (name == text) {
      return kind;
    }
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  fields.fail("kind", "one of " + known);
}

std::vector<std::string> read_hosts(Fields& fields, const char* name,
                                    const std::set<std::string>& known) {
  std::vector<std::string> hosts = fields.texts(name);
  for (const std::string& host : hosts) {
    if (!known.contains(host)) {
      fields.fail(name, "names of hosts; there is no host \"" + host + "\"");
    }
  }
  return hosts;
}

Fault read_fault(Fields fields, const std::set<std::string>& known) {
  Fault fault;
  fault.kind = read_kind(fields);
  fault.at_ms = fields.integer("at_ms", 0, kDay_ms);
  fault.hosts = read_hosts(fields, "hosts", known);
  if (fault.kind != Kind::clock_jump) {
    fault.for_ms = fields.integer("for_ms", 1, kDay_ms);
  }
  if (has_peers(fault.kind)) {
    fault.peers = read_hosts(fields, "peers", known);
  }
  if (fault.kind == Kind::setting) {
    fault.name = fields.text("name");
  }
  if (has_value(fault.kind)) {
    const bool positive = fault.kind == Kind::power_cut;
    fault.value = fields.integer("value", positive ? 1 : -kDay_ms, kDay_ms);
  }
  if (fault.kind == Kind::degrade) {
    fault.extra_latency_ms = fields.integer_or("extra_latency_ms", 0, 0, kDay_ms);
    fault.loss_ppm = fields.integer_or("loss_ppm", 0, 0, kMillion);
    fault.duplicate_ppm = fields.integer_or("duplicate_ppm", 0, 0, kMillion);
  }
  fields.finish();
  return fault;
}

Json fault_to_json(const Fault& fault) {
  Json json = Json::object();
  json["kind"] = to_string(fault.kind);
  json["at_ms"] = fault.at_ms;
  if (fault.kind != Kind::clock_jump) {
    json["for_ms"] = fault.for_ms;
  }
  json["hosts"] = fault.hosts;
  if (has_peers(fault.kind)) {
    json["peers"] = fault.peers;
  }
  if (fault.kind == Kind::setting) {
    json["name"] = fault.name;
  }
  if (has_value(fault.kind)) {
    json["value"] = fault.value;
  }
  if (fault.kind == Kind::degrade) {
    json["extra_latency_ms"] = fault.extra_latency_ms;
    json["loss_ppm"] = fault.loss_ppm;
    json["duplicate_ppm"] = fault.duplicate_ppm;
  }
  return json;
}

}  // namespace

std::string_view to_string(Kind kind) { return kNames.at(static_cast<std::size_t>(kind)).second; }

const std::vector<Kind>& all_kinds() {
  static const std::vector<Kind> kinds = [] {
    std::vector<Kind> result;
    for (const auto& [kind, name] : kNames) {
      result.push_back(kind);
    }
    return result;
  }();
  return kinds;
}

void insert(Plan& plan, Fault fault) {
  const auto place =
      std::upper_bound(plan.faults.begin(), plan.faults.end(), fault,
                       [](const Fault& a, const Fault& b) { return a.at_ms < b.at_ms; });
  plan.faults.insert(place, std::move(fault));
}

Json to_json(const Plan& plan) {
  Json json = Json::object();
  json["version"] = kPlanVersion;
  json["faults"] = Json::array();
  for (const Fault& fault : plan.faults) {
    json["faults"].push_back(fault_to_json(fault));
  }
  return json;
}

Plan plan_from_json(const Json& json, const std::string& where,
                    const std::set<std::string>& hosts) {
  Fields fields(json, where);
  fields.integer("version", kPlanVersion, kPlanVersion);
  const Json& list = fields.array("faults");
  fields.finish();
  Plan plan;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string place = where + ": faults[" + std::to_string(i) + "]";
    insert(plan, read_fault(Fields(list[i], place), hosts));
  }
  return plan;
}

}  // namespace faults
