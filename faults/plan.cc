#include "faults/plan.h"

#include <algorithm>
#include <utility>

namespace faults {
namespace {

// What exists; a null list is not checked.
struct Known {
  const std::set<std::string>* hosts;
  const std::set<std::string>* regions;
};

std::vector<std::string> read_names(Fields& fields, const char* name, std::string_view of_what,
                                    const std::set<std::string>* known) {
  std::vector<std::string> names = fields.texts(name);
  for (const std::string& each : names) {
    if (known != nullptr && !known->contains(each)) {
      const std::string what(of_what);
      fields.fail(name, "names of " + what + "s; there is no " + what + " \"" + each + "\"");
    }
  }
  return names;
}

std::int64_t read_number(Fields& fields, const Number& number) {
  const std::string name(number.name);
  return number.otherwise
             ? fields.integer_or(name.c_str(), *number.otherwise, number.low, number.high)
             : fields.integer(name.c_str(), number.low, number.high);
}

Fault read_fault(Fields fields, const Known& known) {
  Fault fault;
  fault.kind = kind_from(fields, "kind", fields.text("kind"));
  const Shape& shape = shape_of(fault.kind);
  fault.at_ms = fields.integer("at_ms", 0, kDay_ms);
  if (shape.hosts) {
    fault.hosts = read_names(fields, "hosts", "host", known.hosts);
  }
  if (shape.regions) {
    fault.regions = read_names(fields, "regions", "region", known.regions);
  }
  if (shape.lasts) {
    fault.for_ms = fields.integer("for_ms", 1, kDay_ms);
  }
  if (shape.peers) {
    fault.peers = read_names(fields, "peers", "host", known.hosts);
  }
  if (shape.bridges) {
    fault.bridges = read_names(fields, "bridges", "host", known.hosts);
  }
  if (shape.named) {
    fault.name = fields.text("name");
  }
  for (const Number& number : shape.numbers) {
    fault.*number.member = read_number(fields, number);
  }
  if (shape.checksum) {
    fault.checksum = fields.boolean_or("checksum", true);
  }
  fields.finish();
  return fault;
}

}  // namespace

void insert(Plan& plan, Fault fault) {
  const auto place =
      std::upper_bound(plan.faults.begin(), plan.faults.end(), fault,
                       [](const Fault& a, const Fault& b) { return a.at_ms < b.at_ms; });
  plan.faults.insert(place, std::move(fault));
}

Json to_json(const Fault& fault) {
  const Shape& shape = shape_of(fault.kind);
  Json json = Json::object();
  json["kind"] = shape.name;
  json["at_ms"] = fault.at_ms;
  if (shape.lasts) {
    json["for_ms"] = fault.for_ms;
  }
  if (shape.hosts) {
    json["hosts"] = fault.hosts;
  }
  if (shape.regions) {
    json["regions"] = fault.regions;
  }
  if (shape.peers) {
    json["peers"] = fault.peers;
  }
  if (shape.bridges) {
    json["bridges"] = fault.bridges;
  }
  if (shape.named) {
    json["name"] = fault.name;
  }
  for (const Number& number : shape.numbers) {
    json[std::string(number.name)] = fault.*number.member;
  }
  if (shape.checksum) {
    json["checksum"] = fault.checksum;
  }
  return json;
}

Kind kind_from(const Fields& fields, const char* name, const std::string& text) {
  std::string known;
  for (const Kind kind : all_kinds()) {
    if (to_string(kind) == text) {
      return kind;
    }
    known += (known.empty() ? "" : ", ") + std::string(to_string(kind));
  }
  fields.fail(name, "one of " + known);
}

Json to_json(const Plan& plan) {
  Json json = Json::object();
  json["version"] = kPlanVersion;
  json["faults"] = Json::array();
  for (const Fault& fault : plan.faults) {
    json["faults"].push_back(to_json(fault));
  }
  return json;
}

Plan plan_from_json(const Json& json, const std::string& where, const std::set<std::string>& hosts,
                    const std::set<std::string>* regions) {
  Fields fields(json, where);
  fields.integer("version", kPlanVersion, kPlanVersion);
  const Json& list = fields.array("faults");
  fields.finish();
  Plan plan;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string place = where + ": faults[" + std::to_string(i) + "]";
    insert(plan, read_fault(Fields(list[i], place), {&hosts, regions}));
  }
  return plan;
}

}  // namespace faults
