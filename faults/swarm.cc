#include "faults/swarm.h"

#include <algorithm>
#include <utility>

namespace faults {
namespace {

using simnet::Random;
using Names = std::vector<std::string>;

constexpr std::int64_t kAfterMagnitudes = 11;  // after_ms below 2^11 ms

struct Span {
  std::int64_t low;
  std::int64_t high;
};

// How long a fault of this kind lasts, in ms.
Span duration_of(Kind kind) {
  switch (kind) {
    case Kind::crash:
    case Kind::power_loss:
    case Kind::disk_loss:
      return {100, 4000};
    case Kind::power_cut:
      return {2000, 8000};  // how long it stays armed
    case Kind::pause:
      return {200, 6000};
    case Kind::isolate_leader:
    case Kind::deafen_leader:
    case Kind::pause_leader:
    case Kind::crash_leader:
      return {50, 2000};
    case Kind::partition:
    case Kind::one_way:
    case Kind::bridge:
    case Kind::region:
    case Kind::clog:
    case Kind::disk_error:
    case Kind::disk_full:
      return {500, 10'000};
    default:
      return {1000, 15'000};
  }
}

// What the one figure of a kind may be. Of links and disks as bad as it can get while the
// work of a run still fits into what the scenario grants after the last fault.
Span value_of(Kind kind) {
  switch (kind) {
    case Kind::power_cut:
      return {1, 200};
    case Kind::clock_jump:
      return {-5000, 5000};
    case Kind::clock_drift:
      return {-200'000, 200'000};
    case Kind::slow_cpu:
      return {50, 5000};
    case Kind::short_io:
      return {10'000, 1'000'000};
    case Kind::flip:
      return {1000, 200'000};
    case Kind::slow_link:
      return {10'000, 1'000'000};
    case Kind::disk_slow:
      return {2, 200};
    case Kind::disk_error:
      return {1, 300};
    default:
      return {1000, 100'000};  // sectors per million
  }
}

const std::string& pick(Random& random, const Names& from) {
  return from[random.below(from.size())];
}

// Some of them, at least one, in their order.
Names pick_some(Random& random, const Names& from) {
  Names result;
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

Names without(Names all, const Names& taken) {
  std::erase_if(all, [&](const std::string& each) {
    return std::find(taken.begin(), taken.end(), each) != taken.end();
  });
  return all;
}

Names joined(Names all, const Names& more) {
  all.insert(all.end(), more.begin(), more.end());
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
    fault.peers = joined(fault.peers, targets.clients);
  }
}

// The targets of one run: which replicas may be damaged in it.
struct Victims {
  const SwarmTargets& targets;
  Names sound;
  Names damaged;

  Victims(const SwarmTargets& all, Random random) : targets(all), sound(all.replicas) {
    while (damaged.size() < all.replicas_damaged_max && !sound.empty()) {
      damaged.push_back(pick(random, sound));
      sound = without(sound, damaged);
    }
  }

  // Whose disks matter.
  Names keepers() const { return joined(joined(targets.durable, sound), damaged); }
};

// A list of hosts that the atlas lets be struck; the others are left out.
struct Pool {
  const Names& hosts;
  const Standing& standing;
};

Names survivable(const Fault& fault, const std::vector<Pool>& pools) {
  Names result;
  for (const Pool& pool : pools) {
    if (excuse(fault, pool.standing).empty()) {
      result = joined(std::move(result), pool.hosts);
    }
  }
  return result;
}

// Whom a fault may strike that is about the machine, of clients one in `client_share`.
void draw_victim(Random& random, const Names& servers, const Names& clients,
                 std::uint64_t client_share, Fault& fault) {
  const bool client = !clients.empty() && random.ratio(1, client_share);
  const Names& from = client || servers.empty() ? clients : servers;
  if (!from.empty()) {
    fault.hosts = {pick(random, from)};
  }
}

Names survivable_keepers(const Fault& fault, const Victims& victims) {
  const SwarmTargets& targets = victims.targets;
  return survivable(fault, {{targets.durable, targets.as_durable},
                            {victims.sound, targets.as_replica},
                            {victims.damaged, targets.as_minority}});
}

void draw_machine(Random& random, const Victims& victims, Fault& fault) {
  const SwarmTargets& targets = victims.targets;
  const Names keepers = victims.keepers();
  const Names stateless = without(targets.servers, keepers);
  switch (fault.kind) {
    case Kind::crash:
      draw_victim(random, targets.servers, targets.clients, 3, fault);
      break;
    case Kind::power_loss: {
      const bool client = !targets.clients.empty() && random.ratio(1, 5);
      const Names& servers = random.ratio(2, 3) ? keepers : targets.servers;
      fault.hosts = {pick(random, client ? targets.clients : servers)};
      break;
    }
    case Kind::power_cut:
      fault.hosts = {pick(random, keepers)};
      break;
    case Kind::disk_loss:
      draw_victim(random,
                  joined(survivable(fault, {{stateless, targets.as_server}}),
                         survivable_keepers(fault, victims)),
                  survivable(fault, {{targets.clients, targets.as_client}}), 3, fault);
      break;
    default:
      fault.hosts = {pick(random, targets.servers)};
      break;
  }
}

// Of hosts without a disk that matters there is no call to strike.
void draw_disk(Random& random, const Victims& victims, Fault& fault) {
  const SwarmTargets& targets = victims.targets;
  draw_victim(random, survivable_keepers(fault, victims),
              survivable(fault, {{targets.clients, targets.as_client}}), 4, fault);
  if (fault.kind == Kind::disk_slow && random.ratio(1, 2)) {
    fault.stall_permille = random.between(1, 50);
    fault.stall_ms = random.between(10, 1000);
  }
}

void draw_links(Random& random, const SwarmTargets& targets, Fault& fault) {
  draw_sides(random, targets, fault);
  switch (fault.kind) {
    case Kind::degrade:
      fault.extra_latency_ms = random.between(0, 400);
      fault.loss_ppm = random.between(0, 200'000);
      fault.duplicate_ppm = random.between(0, 200'000);
      fault.reorder_ppm = random.between(0, 300'000);
      break;
    case Kind::bridge:
      fault.bridges = {pick(random, targets.servers)};
      fault.hosts = without(fault.hosts, fault.bridges);
      fault.peers = without(fault.peers, fault.bridges);
      break;
    case Kind::flip: {
      Fault unnoticed = fault;
      unnoticed.checksum = false;
      const bool survived = excuse(unnoticed, targets.as_server).empty() &&
                            excuse(unnoticed, targets.as_durable).empty() &&
                            excuse(unnoticed, targets.as_minority).empty() &&
                            excuse(unnoticed, targets.as_client).empty();
      fault.checksum = !(survived && random.ratio(1, 2));
      break;
    }
    default:
      break;
  }
}

// Short delays are as likely as long ones: a leader is another one before its first entry
// arrives anywhere, with some of its log out, and established.
void draw_aim(Random& random, const SwarmTargets& targets, Fault& fault) {
  Names left = targets.replicas;
  while (!left.empty()) {
    fault.hosts.push_back(pick(random, left));
    left = without(left, fault.hosts);
  }
  const std::int64_t magnitude = std::int64_t{1} << random.between(0, kAfterMagnitudes);
  fault.after_ms = random.between(0, magnitude - 1);
  if (fault.kind == Kind::isolate_leader && random.ratio(1, 2)) {
    fault.reaches = random.between(1, 2);
  }
}

void draw_setting(Random& random, const SwarmTargets& targets, Fault& fault) {
  if (targets.settings.empty()) {
    return;
  }
  const SettingTarget& target = targets.settings[random.below(targets.settings.size())];
  fault.hosts = {target.host};
  fault.name = target.name;
  fault.value = random.between(target.low, target.high);
}

void draw_details(Random& random, const Victims& victims, Fault& fault) {
  const SwarmTargets& targets = victims.targets;
  const Shape& shape = shape_of(fault.kind);
  if (shape.family == Family::service) {
    draw_setting(random, targets, fault);
    return;
  }
  if (shape.aimed) {
    draw_aim(random, targets, fault);
  } else if (shape.regions) {
    if (!targets.regions.empty()) {
      fault.regions = {pick(random, targets.regions)};
    }
  } else if (shape.peers) {
    draw_links(random, targets, fault);
  } else if (shape.family == Family::disk) {
    draw_disk(random, victims, fault);
  } else {
    draw_machine(random, victims, fault);
  }
  const bool has_value = !shape.numbers.empty() && shape.numbers.front().member == &Fault::value;
  if (has_value) {
    const Span span = value_of(fault.kind);
    fault.value = random.between(span.low, span.high);
  }
}

// There may be nobody to strike: on the other side, or whom the atlas does not spare.
bool strikes_somebody(const Fault& fault) {
  const Shape& shape = shape_of(fault.kind);
  return !(shape.hosts && fault.hosts.empty()) && !(shape.peers && fault.peers.empty()) &&
         !(shape.regions && fault.regions.empty());
}

bool may_be_in(Kind kind, const SwarmOptions& options) {
  return options.kinds.empty()
             ? !shape_of(kind).aimed
             : std::find(options.kinds.begin(), options.kinds.end(), kind) != options.kinds.end();
}

}  // namespace

Plan draw_plan(simnet::StreamKey randomness, const SwarmTargets& targets,
               const SwarmOptions& options) {
  Plan plan;
  const Victims victims(targets, Random(randomness.child("minority")));
  const std::int64_t earliest = options.duration_ms / 20;
  for (const Kind kind : all_kinds()) {
    if (!may_be_in(kind, options)) {
      continue;
    }
    const simnet::StreamKey stream = randomness.child(to_string(kind));
    Random swarm(stream);
    const bool off = swarm.below(100) < static_cast<std::uint64_t>(options.kind_off_percent);
    const auto count = static_cast<std::uint64_t>(swarm.between(1, options.faults_per_kind));
    for (std::uint64_t i = 0; !off && i < count; ++i) {
      Random random(stream.child(i));
      Fault fault;
      fault.kind = kind;
      fault.at_ms = random.between(earliest, options.duration_ms - 1);
      if (shape_of(kind).lasts) {
        const Span span = duration_of(kind);
        const std::int64_t left = options.duration_ms - fault.at_ms;
        fault.for_ms =
            std::max<std::int64_t>(1, std::min(random.between(span.low, span.high), left));
      }
      draw_details(random, victims, fault);
      if (strikes_somebody(fault)) {
        insert(plan, std::move(fault));
      }
    }
  }
  return plan;
}

}  // namespace faults
