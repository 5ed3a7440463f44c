#include "simnet/network.h"

#include <algorithm>

#include "simnet/host.h"
#include "simnet/ppm.h"
#include "simnet/prefetch.h"
#include "simnet/world.h"

namespace simnet {
namespace {

// The draws of one packet.
constexpr Purpose kJitter("net jitter");
constexpr Purpose kTail("net tail");
constexpr Purpose kLoss("net loss");
constexpr Purpose kDuplicate("net duplicate");
constexpr Purpose kDuplicateDelay("net duplicate delay");
constexpr Purpose kReorder("net reorder");
constexpr Purpose kReorderDelay("net reorder delay");
constexpr Purpose kReset("net reset");
constexpr Purpose kFlip("net flip");
constexpr Purpose kFlippedBit("net flipped bit");
constexpr Purpose kShort("net short");
constexpr Purpose kShortSize("net short size");

Label label(Purpose purpose, const Link& link, std::uint64_t number) {
  return {purpose, place_of(link.from, link.to), 0, number};
}

std::uint64_t packet_hash(const Packet& packet) {
  std::uint64_t hash = packet.bytes ? hash_bytes(packet.bytes->view()) : 0;
  hash ^= (packet.source << 40) + (packet.destination << 20) + (packet.sequence << 3) +
          (static_cast<std::uint64_t>(packet.port) << 48) + static_cast<std::uint64_t>(packet.type);
  return hash;
}

std::uint32_t add_ppm(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(std::uint64_t{a} + b, kMillion));
}

}  // namespace

void LinkConditions::apply(const LinkRule& rule) {
  blocked |= rule.block;
  clogged |= rule.clog;
  refused |= rule.refuse;
  hanging |= rule.hang;
  checksum &= rule.checksum || rule.flip_ppm == 0;
  latency_base += rule.extra_latency;
  loss_ppm = add_ppm(loss_ppm, rule.loss_ppm);
  duplicate_ppm = add_ppm(duplicate_ppm, rule.duplicate_ppm);
  reorder_ppm = add_ppm(reorder_ppm, rule.reorder_ppm);
  reset_ppm = add_ppm(reset_ppm, rule.reset_ppm);
  flip_ppm = add_ppm(flip_ppm, rule.flip_ppm);
  short_ppm = add_ppm(short_ppm, rule.short_ppm);
  if (rule.bandwidth_bytes_per_s != 0 &&
      (bandwidth_bytes_per_s == 0 || rule.bandwidth_bytes_per_s < bandwidth_bytes_per_s)) {
    bandwidth_bytes_per_s = rule.bandwidth_bytes_per_s;
  }
}

struct Network::PacketTask final : Task {
  PacketTask(Network& network_, Link& link_, Packet&& packet_, bool lost_)
      : Task(kEveryStep), network(network_), link(link_), packet(std::move(packet_)), lost(lost_) {}
  void run() override { network.arrive(link, packet, lost); }
  void disarm() override {}
  void warm(unsigned step) const override {
    if (step == 0) {
      prefetch(&link, sizeof(Link));
      if (packet.bytes) {
        prefetch(packet.bytes.get(), kMessage_bytes);
      }
    }
    const Host& to = network.world_.host(host);
    if (packet.type == Packet::Type::datagram) {
      to.warm_datagram(packet.port, step);
    } else if (step == 0) {
      to.warm_datagram(0, step);
    }
  }

  static constexpr std::size_t kMessage_bytes = 128;
  Network& network;
  Link& link;
  Packet packet;
  bool lost;
};

void Network::set_default_link(const LinkOptions& options) {
  default_link_ = options;
  ++epoch_;
}

void Network::set_loopback(const LinkOptions& options) {
  loopback_ = options;
  ++epoch_;
}

void Network::set_region_link(const std::string& a, const std::string& b,
                              const LinkOptions& options) {
  region_links_[{a, b}] = options;
  region_links_[{b, a}] = options;
  ++epoch_;
}

Network::RuleId Network::add_rule(LinkRule rule) {
  rules_.emplace(next_rule_, std::move(rule));
  ++epoch_;
  return next_rule_++;
}

void Network::remove_rule(RuleId id) {
  rules_.erase(id);
  ++epoch_;
  release_held();
}

const LinkOptions& Network::options(const Host& from, const Host& to) const {
  if (&from == &to) {
    return loopback_;
  }
  if (region_links_.empty()) {
    return default_link_;
  }
  const auto found = region_links_.find({from.region(), to.region()});
  return found != region_links_.end() ? found->second : default_link_;
}

Link& Network::link(std::uint32_t from, std::uint32_t to) {
  if (outgoing_.size() <= from) {
    outgoing_.resize(from + 1);
  }
  Outgoing& out = outgoing_[from];
  if (out.latest != nullptr && out.latest->to == to) {
    return *out.latest;
  }
  auto place = std::lower_bound(
      out.links.begin(), out.links.end(), to,
      [](const std::unique_ptr<Link>& link, std::uint32_t host) { return link->to < host; });
  if (place == out.links.end() || (*place)->to != to) {
    place = out.links.insert(place, std::make_unique<Link>(from, to));
  }
  out.latest = place->get();
  return **place;
}

void Network::refresh(Link& link) {
  const LinkOptions& base = options(world_.host(link.from), world_.host(link.to));
  LinkConditions now;
  now.latency_base = base.latency_base;
  now.jitter_bound = static_cast<std::uint64_t>(base.latency_jitter.count()) + 1;
  now.tail_extra = base.tail_extra;
  now.tail_ppm = base.tail_ppm;
  now.loss_ppm = base.loss_ppm;
  now.duplicate_ppm = base.duplicate_ppm;
  now.reorder_ppm = base.reorder_ppm;
  now.reorder_extra = base.reorder_extra;
  now.bandwidth_bytes_per_s = base.bandwidth_bytes_per_s;
  for (const auto& [id, rule] : rules_) {
    if (rule.from.contains(link.from) && rule.to.contains(link.to)) {
      now.apply(rule);
    }
  }
  if (now.bandwidth_bytes_per_s != link.now.bandwidth_bytes_per_s) {
    link.free_at = Time();  // what is queued keeps its time, what follows does not wait for it
  }
  link.now = now;
  link.epoch = epoch_;
}

std::size_t Network::shorten(Link& link, std::size_t size) {
  const LinkConditions& now = conditions(link);
  if (now.short_ppm == 0 || size < 2) {
    return size;
  }
  const std::uint64_t number = link.stream_calls++;
  if (!world_.tape().chance(label(kShort, link, number), now.short_ppm, kMillion)) {
    return size;
  }
  ++statistics_.shortened;
  return 1 + world_.tape().below(label(kShortSize, link, number), size - 1);
}

void Network::send(Link& link, Packet&& packet) {
  if (!world_.host(link.from).tcp().powered()) {
    return;
  }
  ++statistics_.sent;
  if (world_.tap() != nullptr) {
    world_.tap()->on_sent(world_.now(), link.from, link.to, packet);
  }
  Tape& tape = world_.tape();
  const std::uint64_t number = link.packets++;
  const LinkConditions& now = conditions(link);
  bool lost = tape.chance(label(kLoss, link, number), now.loss_ppm, kMillion);
  const bool twice = tape.chance(label(kDuplicate, link, number), now.duplicate_ppm, kMillion);
  Packet copy = twice ? packet : Packet();
  if (tape.chance(label(kFlip, link, number), now.flip_ppm, kMillion)) {
    ++statistics_.flipped;
    if (now.checksum || packet.size() == 0) {
      lost = true;
    } else {
      flip_bit(link, packet, number);
    }
  }
  schedule_arrival(link, std::move(packet), number, {}, lost);
  if (twice) {
    ++statistics_.duplicated;
    const Duration later(
        static_cast<std::int64_t>(tape.below(label(kDuplicateDelay, link, number), 20 * kMillion)));
    schedule_arrival(link, std::move(copy), number, later, false);
  }
}

void Network::flip_bit(const Link& link, Packet& packet, std::uint64_t number) {
  PayloadPtr changed = Payload::copy_of(packet.bytes->view());
  const std::uint64_t bit =
      world_.tape().below(label(kFlippedBit, link, number), changed->size() * 8);
  changed->data()[bit / 8] = static_cast<char>(changed->data()[bit / 8] ^ (1 << (bit % 8)));
  packet.bytes = std::move(changed);
}

Time Network::departure(Link& link, const Packet& packet) {
  Time at = std::max(world_.now(), world_.host(link.from).busy_until());
  if (link.now.bandwidth_bytes_per_s != 0) {
    at = std::max(at, link.free_at);
    const std::uint64_t bytes = packet.size() + kHeader_bytes;
    at += Duration(
        static_cast<std::int64_t>(bytes * 1'000 * kMillion / link.now.bandwidth_bytes_per_s));
    link.free_at = at;
  }
  return at;
}

void Network::schedule_arrival(Link& link, Packet&& packet, std::uint64_t number, Duration extra,
                               bool lost) {
  const LinkConditions& now = link.now;
  Tape& tape = world_.tape();
  Duration delay = now.latency_base + extra;
  if (now.jitter_bound > 1) {
    delay += Duration(
        static_cast<std::int64_t>(tape.below(label(kJitter, link, number), now.jitter_bound)));
  }
  if (tape.chance(label(kTail, link, number), now.tail_ppm, kMillion)) {
    delay += now.tail_extra;
  }
  if (tape.chance(label(kReorder, link, number), now.reorder_ppm, kMillion)) {
    ++statistics_.reordered;
    const auto bound = static_cast<std::uint64_t>(now.reorder_extra.count()) + 1;
    delay +=
        Duration(static_cast<std::int64_t>(tape.below(label(kReorderDelay, link, number), bound)));
  }
  const Time at = departure(link, packet) + delay;
  const std::uint64_t hash = packet_hash(packet);
  auto task = std::make_unique<PacketTask>(*this, link, std::move(packet), lost);
  task->kind = EventKind::packet;
  task->host = link.to;
  task->payload = hash;
  world_.schedule(at, std::move(task));
}

void Network::arrive(Link& link, Packet& packet, bool lost) {
  const LinkConditions& now = conditions(link);
  Host& to = world_.host(link.to);
  if (now.clogged && !lost && !now.blocked) {
    ++statistics_.clogged;
    if (link.held.empty()) {
      holding_.push_back(&link);
    }
    link.held.push_back(packet);
    if (packet.type != Packet::Type::datagram && packet.type != Packet::Type::reset) {
      world_.host(link.from).tcp().unanswered(packet);
    }
    return;
  }
  const bool hangs = packet.type == Packet::Type::syn && now.hanging;
  const bool cut = now.blocked || hangs;
  const bool arrived = !lost && !cut && to.tcp().powered();
  statistics_.lost += lost ? 1 : 0;
  statistics_.blocked += !lost && cut ? 1 : 0;
  statistics_.delivered += arrived ? 1 : 0;
  if (packet.type == Packet::Type::datagram) {
    tell(link, packet, lost, cut, arrived);
    if (arrived) {
      to.udp().receive(link.from, std::move(packet));
    }
    return;
  }
  const bool received = arrived && deliver(link, packet);
  tell(link, packet, lost, cut, received);
  if (packet.type == Packet::Type::reset) {
    return;
  }
  // An acknowledgement is a packet without content that nobody waits for alone:
  // it counts as received at once unless the way back is cut.
  TcpStack& sender = world_.host(link.from).tcp();
  if (received && !blocked(link.to, link.from)) {
    sender.acknowledged(packet);
  } else {
    sender.unanswered(packet);
  }
}

void Network::tell(const Link& link, const Packet& packet, bool lost, bool cut, bool received) {
  if (world_.tap() == nullptr) {
    return;
  }
  const bool powered = world_.host(link.to).tcp().powered();
  const Fate fate = received   ? Fate::arrived
                    : lost     ? Fate::lost
                    : cut      ? Fate::cut
                    : !powered ? Fate::dark
                               : Fate::refused;
  world_.tap()->on_arrival(world_.now(), link.from, link.to, packet, fate);
}

// False: not received, send it again.
bool Network::deliver(Link& link, Packet& packet) {
  Host& to = world_.host(link.to);
  if (packet.type == Packet::Type::syn && link.now.refused) {
    return to.tcp().answer_reset(link.from, packet);
  }
  if (link.now.reset_ppm != 0 && packet.type == Packet::Type::data &&
      world_.tape().chance({kReset, place_of(link.from, link.to), packet.source, packet.sequence},
                           link.now.reset_ppm, kMillion)) {
    ++statistics_.resets;
    TcpStack::break_connection(*this, packet.source, packet.destination);
    return true;
  }
  return to.tcp().receive(link.from, packet);
}

void Network::release_held() {
  for (Link* link : std::exchange(holding_, {})) {
    if (conditions(*link).clogged) {
      holding_.push_back(link);
      continue;
    }
    for (Packet& packet : std::exchange(link->held, {})) {
      const std::uint64_t hash = packet_hash(packet);
      auto task = std::make_unique<PacketTask>(*this, *link, std::move(packet), false);
      task->kind = EventKind::packet;
      task->host = link->to;
      task->payload = hash;
      world_.schedule(world_.now(), std::move(task));
    }
  }
}

template <class Action>
std::size_t Network::for_connections(const HostSet& a, const HostSet& b, Action action) {
  std::size_t count = 0;
  for (const std::uint32_t id : a) {
    for (const TcpEndPtr& end : world_.host(id).tcp().ends()) {
      if (b.contains(end->peer_host())) {
        action(*end);
        ++count;
      }
    }
  }
  statistics_.resets += count;
  return count;
}

std::size_t Network::reset_connections(const HostSet& a, const HostSet& b) {
  return for_connections(
      a, b, [this](TcpEnd& end) { TcpStack::break_connection(*this, end.id(), end.peer_id()); });
}

std::size_t Network::half_open(const HostSet& forgetful, const HostSet& others) {
  return for_connections(forgetful, others,
                         [](TcpEnd& end) { end.drop(asio::error::connection_reset); });
}

}  // namespace simnet
