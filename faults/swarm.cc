#include "faults/swarm.h"

#include <algorithm>
#include <utility>

namespace faults {
namespace {

using simnet::Random;

struct Span {
  std::int64_t low;
  std::int64_t high;
};

// How long a fault of this kind lasts, in ms.
Span duration_of(Kind kind) {
  switch (kind) {
    case Kind::crash:
    case Kind::power_loss:
      return {100, 4000};
    case Kind::power_cut:
      return {2000, 8000};  // how long it stays armed
    case Kind::pause:
      return {200, 6000};
    case Kind::partition:
    case Kind::one_way:
      return {500, 10'000};
    default:
      return {1000, 15'000};
  }
}

const std::string& pick(Random& random, const std::vector<std::string>& from) {
  return from[random.below(from.size())];
}

// Some of them, at least one, in their order.
std::vector<std::string> pick_some(Random& random, const std::vector<std::string>& from) {
  std::vector<std::string> result;
  const std::uint64_t share = 1 + random.below(3);  // of 4
  for (const std::string& each : from) {
    if (random.ratio(share, 4)) {
      result.push_back(each);
    }
  }
  if (result.empty()) {
    result.push_back(pick(random, from));
  }
  return result;
}

std::vector<std::string> without(std::vector<std::string> all,
                                 const std::vector<std::string>& taken) {
  std::erase_if(all, [&](const std::string& each) {
    return std::find(taken.begin(), taken.end(), each) != taken.end();
  });
  return all;
}

// One side of a cut: some servers, or some clients; the other side: everybody else.
void draw_sides(Random& random, const SwarmTargets& targets, Fault& fault) {
  const bool clients = !targets.clients.empty() && random.ratio(1, 4);
  fault.hosts = pick_some(random, clients ? targets.clients : targets.servers);
  if (!clients && random.ratio(1, 2)) {
    fault.hosts = {pick(random, targets.servers)};
  }
  fault.peers = without(targets.servers, fault.hosts);
  if (!clients) {
    fault.peers.insert(fault.peers.end(), targets.clients.begin(), targets.clients.end());
  }
}

void draw_details(Random& random, const SwarmTargets& targets, Fault& fault) {
  switch (fault.kind) {
    case Kind::crash: {
      const bool client = !targets.clients.empty() && random.ratio(1, 3);
      fault.hosts = {pick(random, client ? targets.clients : targets.servers)};
      break;
    }
    case Kind::power_loss: {
      const bool client = !targets.clients.empty() && random.ratio(1, 5);
      const auto& servers = random.ratio(2, 3) ? targets.durable : targets.servers;
      fault.hosts = {pick(random, client ? targets.clients : servers)};
      break;
    }
    case Kind::power_cut:
      fault.hosts = {pick(random, targets.durable)};
      fault.value = random.between(1, 200);
      break;
    case Kind::pause:
      fault.hosts = {pick(random, targets.servers)};
      break;
    case Kind::partition:
    case Kind::one_way:
      draw_sides(random, targets, fault);
      break;
    case Kind::degrade:
      draw_sides(random, targets, fault);
      fault.extra_latency_ms = random.between(0, 400);
      fault.loss_ppm = random.between(0, 200'000);
      fault.duplicate_ppm = random.between(0, 200'000);
      break;
    case Kind::clock_jump:
      fault.hosts = {pick(random, targets.servers)};
      fault.value = random.between(-5000, 5000);
      break;
    case Kind::setting: {
      const SettingTarget& target = targets.settings[random.below(targets.settings.size())];
      fault.hosts = {target.host};
      fault.name = target.name;
      fault.value = random.between(target.low, target.high);
      break;
    }
  }
}

}  // namespace

Plan draw_plan(simnet::StreamKey randomness, const SwarmTargets& targets,
               const SwarmOptions& options) {
  Plan plan;
  const std::int64_t earliest = options.duration_ms / 20;
  for (const Kind kind : all_kinds()) {
    const simnet::StreamKey stream = randomness.child(to_string(kind));
    Random swarm(stream);
    const bool off = swarm.below(100) < static_cast<std::uint64_t>(options.kind_off_percent);
    const bool on = !off && !(kind == Kind::setting && targets.settings.empty());
    const auto count = static_cast<std::uint64_t>(swarm.between(1, options.faults_per_kind));
    for (std::uint64_t i = 0; on && i < count; ++i) {
      Random random(stream.child(i));
      Fault fault;
      fault.kind = kind;
      fault.at_ms = random.between(earliest, options.duration_ms - 1);
      if (kind != Kind::clock_jump) {
        const Span span = duration_of(kind);
        const std::int64_t left = options.duration_ms - fault.at_ms;
        fault.for_ms =
            std::max<std::int64_t>(1, std::min(random.between(span.low, span.high), left));
      }
      draw_details(random, targets, fault);
      if (fault.peers.empty() &&
          (kind == Kind::partition || kind == Kind::one_way || kind == Kind::degrade)) {
        continue;  // everybody on one side
      }
      insert(plan, std::move(fault));
    }
  }
  return plan;
}

}  // namespace faults
