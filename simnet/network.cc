#include "simnet/network.h"

#include "simnet/host.h"
#include "simnet/world.h"

namespace simnet {
namespace {

// One packet's draws, each at its own counter.
enum Draw : std::uint64_t { kJitter, kTail, kLoss, kDuplicate, kDuplicateDelay };

std::uint64_t segment_hash(const Segment& segment) {
  std::uint64_t hash = segment.bytes ? hash_bytes(*segment.bytes) : 0;
  hash ^= (segment.source << 32) + (segment.destination << 16) + (segment.sequence << 3) +
          static_cast<std::uint64_t>(segment.type);
  return hash;
}

}  // namespace

void Network::set_region_link(const std::string& a, const std::string& b,
                              const LinkOptions& options) {
  region_links_[{a, b}] = options;
  region_links_[{b, a}] = options;
}

Network::RuleId Network::add_rule(LinkRule rule) {
  rules_.emplace(next_rule_, std::move(rule));
  return next_rule_++;
}

const LinkOptions& Network::options(const Host& from, const Host& to) const {
  const auto found = region_links_.find({from.region(), to.region()});
  return found != region_links_.end() ? found->second : default_link_;
}

Duration Network::base_latency(const Host& from, const Host& to) const {
  return options(from, to).latency_base;
}

Network::Conditions Network::conditions(std::uint32_t from, std::uint32_t to) const {
  Conditions result;
  for (const auto& [id, rule] : rules_) {
    if (rule.from.contains(from) && rule.to.contains(to)) {
      result.extra_latency += rule.extra_latency;
      result.loss_ppm += rule.loss_ppm;
      result.duplicate_ppm += rule.duplicate_ppm;
    }
  }
  return result;
}

bool Network::blocked(std::uint32_t from, std::uint32_t to) const {
  for (const auto& [id, rule] : rules_) {
    if (rule.block && rule.from.contains(from) && rule.to.contains(to)) {
      return true;
    }
  }
  return false;
}

void Network::send(Host& from, std::uint32_t to_id, Segment segment) {
  if (!from.tcp().powered()) {
    return;
  }
  Host& to = world_.host(to_id);
  ++statistics_.sent;
  const std::uint64_t counter = packet_counters_[{from.id(), to_id}]++;
  const StreamKey packet = randomness_.child(from.id()).child(to_id).child(counter);
  const LinkOptions& link = options(from, to);
  const Conditions now = conditions(from.id(), to_id);

  const bool lost = ratio(packet.at(kLoss), link.loss_ppm + now.loss_ppm, 1'000'000);
  schedule_arrival(from, to, segment, packet, now.extra_latency, lost);
  if (ratio(packet.at(kDuplicate), link.duplicate_ppm + now.duplicate_ppm, 1'000'000)) {
    ++statistics_.duplicated;
    const Duration later(static_cast<std::int64_t>(below(packet.at(kDuplicateDelay), 20'000'000)));
    schedule_arrival(from, to, segment, packet, now.extra_latency + later, false);
  }
}

void Network::schedule_arrival(Host& from, Host& to, const Segment& segment, StreamKey packet,
                               Duration extra, bool lost) {
  const LinkOptions& link = options(from, to);
  const auto jitter = static_cast<std::uint64_t>(link.latency_jitter.count());
  Duration delay = link.latency_base + extra +
                   Duration(static_cast<std::int64_t>(below(packet.at(kJitter), jitter + 1)));
  if (ratio(packet.at(kTail), link.tail_ppm, 1'000'000)) {
    delay += link.tail_extra;
  }
  const Time departure = std::max(world_.now(), from.busy_until());
  world_.at(departure + delay, EventKind::packet, to.id(), segment_hash(segment),
            [this, from_id = from.id(), to_id = to.id(), segment, lost] {
              arrive(from_id, to_id, segment, lost);
            });
}

void Network::arrive(std::uint32_t from_id, std::uint32_t to_id, Segment segment, bool lost) {
  Host& from = world_.host(from_id);
  Host& to = world_.host(to_id);
  const bool cut = blocked(from_id, to_id);
  const bool arrived = !lost && !cut && to.tcp().powered();
  bool received = false;
  statistics_.lost += lost ? 1 : 0;
  statistics_.blocked += !lost && cut ? 1 : 0;
  statistics_.delivered += arrived ? 1 : 0;
  if (arrived) {
    received = to.tcp().receive(from_id, segment);
  }
  if (segment.type == Segment::Type::reset) {
    return;
  }
  // An acknowledgement is a packet without content that nobody waits for alone:
  // it counts as received at once unless the way back is cut.
  if (received && !blocked(to_id, from_id)) {
    from.tcp().acknowledged(segment);
  } else {
    from.tcp().unanswered(segment);
  }
}

}  // namespace simnet
