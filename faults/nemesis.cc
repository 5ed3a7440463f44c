#include "faults/nemesis.h"

#include <algorithm>
#include <utility>

#include "faults/atlas.h"
#include "faults/network.h"

namespace faults {
namespace {

simnet::Time to_time(std::int64_t ms) { return simnet::Time(std::chrono::milliseconds(ms)); }

std::int64_t to_ms(simnet::Time time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

bool on(const Fault& fault, const std::string& host) {
  return std::find(fault.hosts.begin(), fault.hosts.end(), host) != fault.hosts.end();
}

}  // namespace

Nemesis::Nemesis(simnet::World& world, Plan plan)
    : world_(world), plan_(std::move(plan)), acts_(plan_.faults) {}

void Nemesis::start() {
  for (std::size_t i = 0; i < plan_.faults.size(); ++i) {
    const Fault& fault = plan_.faults[i];
    if (shape_of(fault.kind).aimed) {
      world_.at(to_time(fault.at_ms), [this, i] { aim(aim_.due(i, plan_.faults[i])); });
      continue;
    }
    world_.at(to_time(fault.at_ms), [this, i] { strike(i); });
    if (shape_of(fault.kind).lasts) {
      world_.at(to_time(fault.at_ms + fault.for_ms), [this, i] { end(i); });
    }
  }
}

void Nemesis::leads(const std::string& host) { aim(aim_.leads(host)); }

// Never at once: the leader may be in the middle of becoming one.
void Nemesis::aim(std::optional<Aim::Target> target) {
  if (!target || released_) {
    return;
  }
  const auto after = std::chrono::milliseconds(plan_.faults[target->fault].after_ms);
  world_.at(world_.now() + after, [this, target = *target] {
    if (aimed_ && !released_) {
      end(*aimed_);
    }
    aimed_ = target.fault;
    Fault& act = acts_[target.fault];
    act = aimed_at(plan_.faults[target.fault], target.leader, to_ms(world_.now()));
    strike(target.fault);
    world_.at(to_time(act.at_ms + act.for_ms), [this, i = target.fault] {
      end(i);
      aim(aim_.ended(i));
    });
  });
}

void Nemesis::strike(std::size_t index) {
  if (released_) {
    return;
  }
  const Fault& fault = acts_[index];
  ++struck_[plan_.faults[index].kind];
  if (observer_) {
    observer_(fault, true);
  }
  spells_[index] = {world_.now()};
  if (shape_of(fault.kind).lasts) {
    active_.insert(index);
  }
  for (simnet::LinkRule& rule : link_rules(fault, world_)) {
    rules_[index].push_back(world_.network().add_rule(std::move(rule)));
  }
  break_connections(fault, world_);
  spoil_names(fault, world_, true);
  for (const std::string& name : fault.hosts) {
    strike(fault, *world_.find(name));
  }
}

void Nemesis::strike(const Fault& fault, simnet::Host& host) {
  const simnet::Time back = to_time(fault.at_ms + fault.for_ms);
  switch (fault.kind) {
    case Kind::crash:
      host.stop_until(simnet::StopKind::process, back);
      break;
    case Kind::disk_loss:
      host.lose_disk();
      [[fallthrough]];
    case Kind::power_loss:
      host.stop_until(simnet::StopKind::power, back);
      break;
    case Kind::power_cut:
      host.disk().cut_power_after(static_cast<std::uint64_t>(fault.value));
      break;
    case Kind::pause:
      host.pause();
      break;
    case Kind::clock_jump:
      host.clock().jump_wall(std::chrono::milliseconds(fault.value));
      break;
    case Kind::setting:
      host.set(fault.name, fault.value);
      break;
    default:
      if (Knobs::turns(fault.kind)) {
        knobs_.turn(host, fault.kind, under_way_on(host.name()));
      }
      break;
  }
}

void Nemesis::end(std::size_t index) {
  if (active_.erase(index) == 0) {
    return;
  }
  const Fault& fault = acts_[index];
  spells_[index].until = world_.now();
  if (observer_) {
    observer_(fault, false);
  }
  for (const simnet::Network::RuleId rule : rules_[index]) {
    world_.network().remove_rule(rule);
  }
  spoil_names(fault, world_, false);
  for (const std::string& name : fault.hosts) {
    end(fault, *world_.find(name));
  }
}

void Nemesis::end(const Fault& fault, simnet::Host& host) {
  if (fault.kind == Kind::pause) {
    host.resume();
  } else if (Knobs::turns(fault.kind)) {
    knobs_.turn(host, fault.kind, under_way_on(host.name()));
  } else if (fault.kind == Kind::power_cut && still_active(fault, host.name()) == nullptr) {
    host.disk().disarm_power_cut();
  } else if (fault.kind == Kind::setting) {
    const Fault* other = still_active(fault, host.name());
    other != nullptr ? host.set(fault.name, other->value) : host.unset(fault.name);
  }
}

UnderWay Nemesis::under_way_on(const std::string& host) const {
  UnderWay result;
  for (const std::size_t index : active_) {
    if (on(acts_[index], host)) {
      result.push_back(&acts_[index]);
    }
  }
  return result;
}

const Fault* Nemesis::still_active(const Fault& ended, const std::string& host) const {
  const UnderWay under_way = under_way_on(host);
  const auto latest = std::find_if(under_way.rbegin(), under_way.rend(), [&](const Fault* fault) {
    return fault->kind == ended.kind && fault->name == ended.name;
  });
  return latest != under_way.rend() ? *latest : nullptr;
}

bool Nemesis::excuses_stop(const std::string& host, simnet::Time at) const {
  return std::any_of(spells_.begin(), spells_.end(), [&](const auto& entry) {
    const auto& [index, spell] = entry;
    const Fault& fault = acts_[index];
    const Stops stops = stops_of(fault.kind);
    return stops != Stops::never && on(fault, host) && at >= spell.from &&
           (stops == Stops::from_then_on || at <= spell.until);
  });
}

void Nemesis::release() {
  released_ = true;
  const std::set<std::size_t> active = active_;
  for (const std::size_t index : active) {
    end(index);
  }
}

void Nemesis::heal() {
  release();
  for (const auto& host : world_.hosts()) {
    host->boot();
  }
}

}  // namespace faults
