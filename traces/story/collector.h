// Listens to one run and keeps what a Story is made of. Use once:
//   Collector collector(universe); universe.run(...); collector.finish(report, recipe)
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "faults/fault.h"
#include "properties/universe.h"
#include "traces/story/story.h"
#include "traces/story/wire.h"

namespace story {

class Collector : public properties::Watcher {
 public:
  // Registers itself with the universe, which it must outlive. REQUIRES: nothing else watches.
  explicit Collector(properties::Universe& universe);

  void on_event(simnet::Time at, const std::string& host, const env::EventRef& event) override;
  void on_fault(simnet::Time at, const faults::Fault& fault, bool strikes) override;
  void on_books(simnet::Time at, const properties::Evidence& evidence) override;

  Story finish(const properties::Report& report, Recipe recipe);

 private:
  HostIndex host_of(const std::string& name) const;
  std::vector<HostIndex> struck(const faults::Fault& fault) const;
  void lead(Time_us at, HostIndex host, std::uint64_t term);
  void step_down(Time_us at, HostIndex host, std::uint64_t term);
  void end_leaders(Time_us at, HostIndex host);
  void add_down();
  void add_purchases();
  void add_violations(const properties::Report& report);

  Wire wire_;
  Story story_;
  std::map<std::string, HostIndex, std::less<>> hosts_;
  std::vector<std::pair<faults::Fault, std::size_t>> under_way_;        // with their spans
  std::map<HostIndex, std::pair<std::uint64_t, std::size_t>> leading_;  // term and span
  std::map<std::string, std::size_t> accounts_;                         // last change of each
  std::map<std::string, std::size_t> purchases_;
  std::map<std::int64_t, std::size_t> bank_;  // by sequence
};

}  // namespace story
