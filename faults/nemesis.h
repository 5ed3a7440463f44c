// Runs a plan against a world: strikes each fault at its time and takes it back
// after its duration. heal() ends everything that is still under way.
//
// Overlaps: a host that is down or paused by two faults comes back when the last
// of them ends. Of two settings of one name, or two power cuts, the later one counts
// from when it strikes; a setting that ends gives way to the latest still under way.
// Limits: a clock jump is never taken back; an earlier power cut is not armed again.
#pragma once

#include <cstdint>
#include <map>

#include "faults/plan.h"
#include "simnet/world.h"

namespace faults {

class Nemesis {
 public:
  // REQUIRES: every host of the plan exists in the world, and the world runs no
  // further than the nemesis lives.
  Nemesis(simnet::World& world, Plan plan);

  // Schedules the whole plan. Call once, at time zero.
  void start();
  // From now on nothing strikes any more, and every host is up or booting.
  void heal();

  // How many faults of each kind have struck.
  const std::map<Kind, std::uint64_t>& struck() const { return struck_; }

 private:
  void strike(std::size_t index);
  void end(std::size_t index);
  // The latest fault under way of this kind and setting on that host, or null.
  const Fault* still_active(const Fault& ended, const std::string& host) const;
  void cut_links(const Fault& fault, std::size_t index, bool both_ways);
  void degrade_links(const Fault& fault, std::size_t index);
  std::set<std::uint32_t> ids(const std::vector<std::string>& names);

  simnet::World& world_;
  const Plan plan_;
  bool healed_ = false;
  std::map<Kind, std::uint64_t> struck_;
  std::set<std::size_t> active_;
  std::map<std::size_t, std::vector<simnet::Network::RuleId>> rules_;
};

}  // namespace faults
