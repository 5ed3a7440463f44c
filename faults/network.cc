#include "faults/network.h"

#include <algorithm>
#include <utility>

namespace faults {
namespace {

using HostSet = std::set<std::uint32_t>;

HostSet ids(const std::vector<std::string>& names, simnet::World& world) {
  HostSet result;
  for (const std::string& name : names) {
    result.insert(world.find(name)->id());
  }
  return result;
}

HostSet without(HostSet set, const HostSet& taken) {
  std::erase_if(set, [&](std::uint32_t id) { return taken.contains(id); });
  return set;
}

simnet::LinkRule region_rule(const Fault& fault, simnet::World& world) {
  simnet::LinkRule rule;
  for (const auto& host : world.hosts()) {
    const bool inside = std::find(fault.regions.begin(), fault.regions.end(), host->region()) !=
                        fault.regions.end();
    (inside ? rule.from : rule.to).insert(host->id());
  }
  rule.block = true;
  return rule;
}

std::uint32_t narrow(std::int64_t ppm) { return static_cast<std::uint32_t>(ppm); }

// What the fault does to a link.
simnet::LinkRule effect_of(const Fault& fault) {
  simnet::LinkRule rule;
  switch (fault.kind) {
    case Kind::partition:
    case Kind::one_way:
    case Kind::bridge:
      rule.block = true;
      break;
    case Kind::degrade:
      rule.extra_latency = std::chrono::milliseconds(fault.extra_latency_ms);
      rule.loss_ppm = narrow(fault.loss_ppm);
      rule.duplicate_ppm = narrow(fault.duplicate_ppm);
      rule.reorder_ppm = narrow(fault.reorder_ppm);
      break;
    case Kind::clog:
      rule.clog = true;
      break;
    case Kind::refuse:
      rule.refuse = true;
      break;
    case Kind::hang:
      rule.hang = true;
      break;
    case Kind::short_io:
      rule.short_ppm = narrow(fault.value);
      break;
    case Kind::flip:
      rule.flip_ppm = narrow(fault.value);
      rule.checksum = fault.checksum;
      break;
    case Kind::slow_link:
      rule.bandwidth_bytes_per_s = static_cast<std::uint64_t>(fault.value);
      break;
    default:
      break;
  }
  return rule;
}

}  // namespace

std::vector<simnet::LinkRule> link_rules(const Fault& fault, simnet::World& world) {
  const Shape& shape = shape_of(fault.kind);
  const bool on_links = shape.lasts && (shape.peers || shape.regions);
  if (!on_links) {
    return {};
  }
  simnet::LinkRule there = effect_of(fault);
  if (shape.regions) {
    there = region_rule(fault, world);
  } else {
    const HostSet bridges = ids(fault.bridges, world);
    there.from = without(ids(fault.hosts, world), bridges);
    there.to = without(ids(fault.peers, world), bridges);
  }
  if (fault.kind == Kind::one_way) {
    return {there};
  }
  simnet::LinkRule back = there;
  std::swap(back.from, back.to);
  return {there, back};
}

void break_connections(const Fault& fault, simnet::World& world) {
  if (fault.kind == Kind::reset) {
    world.network().reset_connections(ids(fault.hosts, world), ids(fault.peers, world));
  } else if (fault.kind == Kind::half_open) {
    world.network().half_open(ids(fault.hosts, world), ids(fault.peers, world));
  }
}

void spoil_names(const Fault& fault, simnet::World& world, bool on) {
  for (const std::string& name : fault.hosts) {
    const simnet::HostId asking = world.find(name)->id();
    if (fault.kind == Kind::dns_fail) {
      world.names().fail(asking, on);
    } else if (fault.kind == Kind::dns_stale) {
      world.names().go_stale(asking, on);
    }
  }
}

}  // namespace faults
