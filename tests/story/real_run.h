// A whole run of scenario `quick` as a story.
#pragma once

#include <cstdint>

#include "traces/story/collector.h"

namespace story {

struct Watched {
  explicit Watched(std::uint64_t seed) {
    const properties::Scenario scenario = properties::load_scenario("quick");
    properties::Universe universe(scenario, seed, properties::draw_plan(scenario, seed),
                                  properties::draw_workload(scenario, seed));
    Collector collector(universe);
    report = universe.run({});
    story = collector.finish(report, {});
  }
  properties::Report report;
  Story story;
};

}  // namespace story
