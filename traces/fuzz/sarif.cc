#include "simnet/digest.h"
#include "traces/fuzz/reports.h"

namespace fuzz {
namespace {

// The same in every campaign, so that a viewer can tell what is new.
std::string fingerprint(const Cause& cause) {
  const std::string text = std::string(to_string(cause.kind)) + '\0' + cause.property + '\0' +
                           cause.place + '\0' + cause.shape;
  return traces::hex(simnet::hash_bytes(text));
}

// A relative or absolute path as a URI reference (RFC 3986): unreserved characters and '/'.
std::string uri_of(const std::string& path) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string uri;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      uri += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      uri += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return uri;
}

// A viewer wants a file. Without a trace it is the scenario's.
Json location_of(const FindingView& finding) {
  const bool file = finding.smallest.scenario.ends_with(".json");
  const std::string path = !finding.trace.empty() ? finding.trace
                           : file                 ? finding.smallest.scenario
                                  : "properties/scenarios/" + finding.smallest.scenario + ".json";
  Json physical;
  physical["artifactLocation"]["uri"] = uri_of(path);
  physical["region"]["startLine"] = 1;
  return {{"physicalLocation", std::move(physical)}};
}

Json result_of(const FindingView& finding, const ReportContext& context,
               const std::vector<Rule>& rules) {
  Json json;
  json["ruleId"] = rule_of(finding);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].id == rule_of(finding)) {
      json["ruleIndex"] = i;
    }
  }
  json["kind"] = "fail";
  json["level"] = "error";
  json["message"]["text"] = finding.message + "\nIn " + std::to_string(finding.count) +
                            " runs. Run it again: " + context.reproduce(finding);
  json["locations"] = Json::array({location_of(finding)});
  json["partialFingerprints"]["drawproofCause/v1"] = fingerprint(finding.cause);
  json["occurrenceCount"] = finding.count;
  json["properties"] = {{"scenario", finding.smallest.scenario},
                        {"seed", std::to_string(finding.smallest.seed)},
                        {"build", finding.build},
                        {"diagnostics", finding.diagnostics}};
  return json;
}

Json driver_of(const ReportContext& context, const std::vector<Rule>& rules) {
  Json driver;
  driver["name"] = "drawproof";
  driver["version"] = context.program_version;
  driver["rules"] = Json::array();
  for (const Rule& rule : rules) {
    Json entry;
    entry["id"] = rule.id;
    entry["shortDescription"]["text"] = rule.statement;
    entry["defaultConfiguration"]["level"] = "error";
    driver["rules"].push_back(std::move(entry));
  }
  return driver;
}

}  // namespace

std::vector<Rule> all_rules(const ReportContext& context) {
  std::vector<Rule> rules = context.properties;
  rules.push_back({"aborted", "no process of the system under test ends by itself"});
  rules.push_back({"crashed", "the process that runs a universe does not crash"});
  rules.push_back({"hung", "every run comes to its end"});
  rules.push_back({"non_determinism", "a seed has the same digest in every process"});
  return rules;
}

Json sarif(const Overview& overview, const ReportContext& context) {
  const std::vector<Rule> rules = all_rules(context);
  Json run;
  run["tool"]["driver"] = driver_of(context, rules);
  run["results"] = Json::array();
  for (const FindingView& finding : overview.findings) {
    run["results"].push_back(result_of(finding, context, rules));
  }
  Json log;
  log["$schema"] =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
      "sarif-schema-2.1.0.json";
  log["version"] = "2.1.0";
  log["runs"] = Json::array({std::move(run)});
  return log;
}

}  // namespace fuzz
