#include <cstdio>

#include "faults/input.h"
#include "traces/cli/report.h"
#include "traces/cli/report_json.h"
#include "traces/cli/trace_of.h"
#include "traces/cli/version.h"

namespace cli {
namespace {

using faults::Json;
using properties::Report;
using traces::hex;
using traces::microseconds;

}  // namespace

Json properties_json(const std::vector<properties::PropertyResult>& results) {
  Json list = Json::array();
  for (const auto& result : results) {
    Json entry;
    entry["id"] = result.id;
    entry["statement"] = result.statement;
    entry["checks"] = result.checks;
    entry["violations"] = Json::array();
    for (const auto& violation : result.violations) {
      entry["violations"].push_back(
          {{"at_us", microseconds(violation.at)}, {"what", violation.what}});
    }
    list.push_back(std::move(entry));
  }
  return list;
}

std::string_view verdict_word(properties::Verdict verdict) {
  return traces::to_string(outcome_of(verdict));
}

void print_json(const RunOptions& options, const Report& report, const RunFigures& figures) {
  Json json;
  json["version"] = 1;
  json["program"] = version();
  json["commit"] = commit();
  json["scenario"] = options.scenario.name;
  json["seed"] = options.seed;
  json["verdict"] = verdict_word(report.verdict);
  json["digest"] = hex(report.digest);
  if (figures.repeated) {
    json["repeat_check"] = figures.divergence.empty() ? "same" : figures.divergence;
  }
  json["settled"] = report.settled;
  json["purchases"] = report.tally.purchases_by_state;
  json["tickets_sold"] = report.tally.tickets_sold;
  json["charges"] = report.tally.charges;
  json["refunds"] = report.tally.refunds;
  json["declines"] = report.tally.declines;
  json["intents"] = {{"users", report.users},
                     {"given", report.intents},
                     {"begun", report.tally.intents},
                     {"satisfied", report.tally.intents_satisfied}};
  json["double_presses"] = report.double_presses;
  json["retries"] = report.retries;
  json["faults"] = Json::object();
  for (const auto& [kind, count] : report.faults) {
    json["faults"][std::string(faults::to_string(kind))] = count;
  }
  json["process_crashes"] = report.hosts.process_crashes;
  json["power_losses"] = report.hosts.power_losses;
  json["power_cuts"] = report.hosts.power_cuts;
  json["packets"] = report.network.sent;
  json["virtual_us"] = microseconds(report.end);
  json["wall_s"] = figures.wall_s;
  json["events"] = report.events;
  json["emitted"] = report.emitted;
  json["probes"] = report.probes;
  json["properties"] = properties_json(report.properties);
  json["aborts"] = Json::array();
  for (const auto& abort : report.aborts) {
    json["aborts"].push_back(
        {{"at_us", microseconds(abort.at)}, {"host", abort.host}, {"what", abort.what}});
  }
  json["fail_stops"] = Json::array();
  for (const auto& stop : report.fail_stops) {
    json["fail_stops"].push_back(
        {{"at_us", microseconds(stop.at)}, {"host", stop.host}, {"what", stop.what}});
  }
  json["unreadable"] = report.unreadable;
  json["reproduce"] = options.reproduce(options.seed);
  json["plan"] = faults::to_json(options.plan_for(options.seed));
  std::printf("%s\n", json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

}  // namespace cli
