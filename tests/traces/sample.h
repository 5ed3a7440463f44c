// A small trace that has every member.
#pragma once

#include <string>

#include "properties/scenario.h"
#include "properties/workload.h"
#include "traces/reader.h"

namespace traces_test {

using faults::Json;
using traces::Trace;

inline traces::Names read_scenario(const Json& json, const std::string& where) {
  const properties::Scenario scenario = properties::scenario_from_json(json, where);
  const auto workload = [scenario](const Json& object, const std::string& place) {
    properties::workload_from_json(object, place, scenario);
  };
  return {scenario.hosts(), properties::Scenario::regions(), workload};
}

// With every member that there is.
inline properties::Workload sample_workload() {
  lottery::Intent intent;
  intent.number = 2;
  intent.think_ms = 300;
  intent.tickets = 2;
  intent.press_again_ms = 40;
  intent.other_cart = true;
  intent.cancel_again_ms = 50;
  intent.tries.front() = {
      .think_ms = 70, .declined = true, .gives_up_after = 1, .press_again_ms = 20};
  intent.tries.push_back({.act = lottery::Act::cancel});
  return {{{"user-2", 1'000, {intent}}}};
}

inline Trace parse(const std::string& text) {
  return traces::trace_from_json(faults::parse_json(text, "t.json"), "t.json", read_scenario);
}

inline simnet::Time at_ms(std::int64_t ms) { return simnet::Time(std::chrono::milliseconds(ms)); }

inline Trace sample() {
  Trace trace;
  trace.made_by = {"0.1.0", "0123456789ab+"};
  trace.note = "a \"note\"\nof two lines";
  properties::Scenario scenario;
  scenario.name = "small";
  scenario.duration_s = scenario.closes_at_s = 20;
  scenario.users = 2;
  scenario.intents_per_user = scenario.tickets_max = scenario.capacity = 1;
  scenario.hold_ttl_s = scenario.grace_s = 5;
  scenario.faults_per_kind = 4;
  scenario.kind_off_percent = 50;
  scenario.fault_kinds = {faults::Kind::crash, faults::Kind::isolate_leader};
  scenario.voters = 3;
  scenario.tick_ms = 100;
  scenario.append_bytes_max = 65'536;
  scenario.appends_in_flight_max = 16;
  trace.scenario = properties::to_json(scenario);
  trace.seed = UINT64_MAX;
  faults::Fault fault;
  fault.at_ms = 100;
  fault.for_ms = 200;
  fault.hosts = {"bank", "user-2"};
  faults::insert(trace.plan, fault);
  fault.kind = faults::Kind::region;
  fault.hosts.clear();
  fault.regions = {"home"};
  faults::insert(trace.plan, fault);
  trace.workload = properties::to_json(sample_workload());
  trace.tape = {{"net jitter", simnet::place_of(1, 2), 7, 3, 0xfedcba9876543210ULL},
                {"net jitter", simnet::place_of(1, 2), 7, UINT64_MAX, 1}};
  trace.checkpoints = {{1024, at_ms(5'000), 1}, {2048, at_ms(5'000), 2}, {2100, at_ms(20'000), 3}};
  trace.verdict.outcome = traces::Outcome::safety_violated;
  trace.verdict.property = "S3";
  trace.verdict.message = "charged twice";
  trace.verdict.at_us = 12'345'678;
  trace.verdict.digest = 3;
  trace.verdict.aborts = {{1'000'000, "bank", "what it said"}};
  return trace;
}

}  // namespace traces_test
