// Runs a plan against a world: strikes each fault at its time and takes it back
// after its duration. heal() ends everything that is still under way.
//
// Overlaps: a host that is down or paused by two faults comes back when the last
// of them ends. Of two settings of one name, or two power cuts, the later one counts
// from when it strikes; a setting that ends gives way to the latest still under way.
// Everything else adds up (knobs.h, simnet/link.h). An aimed fault is, from when it strikes, the
// fault on named hosts that it has become.
// Limits: a clock jump, and the damage that a write fault leaves, are never taken back; an
// earlier power cut is not armed again.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "faults/aim.h"
#include "faults/knobs.h"
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
  // From now on nothing strikes any more, and what was under way has ended.
  void release();
  // Likewise, and every host is up or booting.
  void heal();

  // That host leads its group from now on. Who runs the system tells it; without that, aimed
  // faults never strike.
  void leads(const std::string& host);

  // Is told of each fault as it strikes (true) and as one that lasts ends (false).
  using Observer = std::function<void(const Fault&, bool strikes)>;
  void set_observer(Observer observer) { observer_ = std::move(observer); }

  // How many faults of each kind have struck.
  const std::map<Kind, std::uint64_t>& struck() const { return struck_; }

  // Whether a process of that host that stopped itself then did what it should: a fault
  // made its disk calls fail, or give it back something else than it wrote.
  bool excuses_stop(const std::string& host, simnet::Time at) const;

 private:
  struct Spell {
    simnet::Time from;
    simnet::Time until = simnet::Time::max();
  };

  void aim(std::optional<Aim::Target> target);
  void strike(std::size_t index);
  void strike(const Fault& fault, simnet::Host& host);
  void end(std::size_t index);
  void end(const Fault& fault, simnet::Host& host);
  // Of those under way, in the order of the plan.
  UnderWay under_way_on(const std::string& host) const;
  // The latest fault under way of this kind and setting on that host, or null.
  const Fault* still_active(const Fault& ended, const std::string& host) const;

  simnet::World& world_;
  const Plan plan_;
  std::vector<Fault> acts_;  // the plan's faults, the aimed ones as what they became
  Aim aim_;
  std::optional<std::size_t> aimed_;  // that struck last
  Knobs knobs_;
  Observer observer_;
  bool released_ = false;
  std::map<Kind, std::uint64_t> struck_;
  std::map<std::size_t, Spell> spells_;
  std::set<std::size_t> active_;
  std::map<std::size_t, std::vector<simnet::Network::RuleId>> rules_;
};

}  // namespace faults
