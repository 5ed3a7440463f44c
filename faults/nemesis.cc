#include "faults/nemesis.h"

#include <algorithm>
#include <utility>

namespace faults {
namespace {

simnet::Time to_time(std::int64_t ms) { return simnet::Time(std::chrono::milliseconds(ms)); }

}  // namespace

Nemesis::Nemesis(simnet::World& world, Plan plan) : world_(world), plan_(std::move(plan)) {}

void Nemesis::start() {
  for (std::size_t i = 0; i < plan_.faults.size(); ++i) {
    const Fault& fault = plan_.faults[i];
    world_.at(to_time(fault.at_ms), [this, i] { strike(i); });
    if (fault.kind != Kind::clock_jump) {
      world_.at(to_time(fault.at_ms + fault.for_ms), [this, i] { end(i); });
    }
  }
}

std::set<std::uint32_t> Nemesis::ids(const std::vector<std::string>& names) {
  std::set<std::uint32_t> result;
  for (const std::string& name : names) {
    result.insert(world_.find(name)->id());
  }
  return result;
}

void Nemesis::cut_links(const Fault& fault, std::size_t index, bool both_ways) {
  simnet::LinkRule rule;
  rule.from = ids(fault.hosts);
  rule.to = ids(fault.peers);
  rule.block = true;
  rules_[index].push_back(world_.network().add_rule(rule));
  if (both_ways) {
    std::swap(rule.from, rule.to);
    rules_[index].push_back(world_.network().add_rule(rule));
  }
}

void Nemesis::degrade_links(const Fault& fault, std::size_t index) {
  simnet::LinkRule rule;
  rule.from = ids(fault.hosts);
  rule.to = ids(fault.peers);
  rule.extra_latency = std::chrono::milliseconds(fault.extra_latency_ms);
  rule.loss_ppm = static_cast<std::uint32_t>(fault.loss_ppm);
  rule.duplicate_ppm = static_cast<std::uint32_t>(fault.duplicate_ppm);
  rules_[index].push_back(world_.network().add_rule(rule));
  std::swap(rule.from, rule.to);
  rules_[index].push_back(world_.network().add_rule(rule));
}

void Nemesis::strike(std::size_t index) {
  if (healed_) {
    return;
  }
  const Fault& fault = plan_.faults[index];
  ++struck_[fault.kind];
  active_.insert(index);
  switch (fault.kind) {
    case Kind::partition:
      cut_links(fault, index, true);
      return;
    case Kind::one_way:
      cut_links(fault, index, false);
      return;
    case Kind::degrade:
      degrade_links(fault, index);
      return;
    default:
      break;
  }
  for (const std::string& name : fault.hosts) {
    simnet::Host& host = *world_.find(name);
    const simnet::Time back = to_time(fault.at_ms + fault.for_ms);
    switch (fault.kind) {
      case Kind::crash:
        host.stop_until(simnet::StopKind::process, back);
        break;
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
      default:
        host.set(fault.name, fault.value);
        break;
    }
  }
}

void Nemesis::end(std::size_t index) {
  if (active_.erase(index) == 0) {
    return;
  }
  const Fault& fault = plan_.faults[index];
  for (const simnet::Network::RuleId rule : rules_[index]) {
    world_.network().remove_rule(rule);
  }
  for (const std::string& name : fault.hosts) {
    simnet::Host& host = *world_.find(name);
    if (fault.kind == Kind::pause) {
      host.resume();
      continue;
    }
    const Fault* other = still_active(fault, name);
    if (fault.kind == Kind::power_cut && other == nullptr) {
      host.disk().disarm_power_cut();
    } else if (fault.kind == Kind::setting && other == nullptr) {
      host.unset(fault.name);
    } else if (fault.kind == Kind::setting) {
      host.set(fault.name, other->value);
    }
  }
}

const Fault* Nemesis::still_active(const Fault& ended, const std::string& host) const {
  for (auto index = active_.rbegin(); index != active_.rend(); ++index) {
    const Fault& fault = plan_.faults[*index];
    if (fault.kind == ended.kind && fault.name == ended.name &&
        std::find(fault.hosts.begin(), fault.hosts.end(), host) != fault.hosts.end()) {
      return &fault;
    }
  }
  return nullptr;
}

void Nemesis::heal() {
  healed_ = true;
  const std::set<std::size_t> active = active_;
  for (const std::size_t index : active) {
    end(index);
  }
  for (const auto& host : world_.hosts()) {
    host->boot();
  }
}

}  // namespace faults
