// Directed links between hosts: how long a packet takes and whether it arrives. The
// verdict falls at delivery, so a partition also hits what is in flight.
//
// Latency of a packet is base + uniform jitter + sometimes a slow tail, per pair of
// regions; with a bandwidth, packets of a link queue for the wire. The n-th packet of a
// link has draws of its own: a fault on one link moves no packet of another.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "simnet/end_table.h"
#include "simnet/link.h"
#include "simnet/time.h"

namespace simnet {

class World;
class Host;

struct NetworkStatistics {
  std::uint64_t sent = 0;
  std::uint64_t delivered = 0;
  std::uint64_t blocked = 0;
  std::uint64_t lost = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t reordered = 0;
  std::uint64_t clogged = 0;
  std::uint64_t flipped = 0;
  std::uint64_t resets = 0;  // connections reset by a fault
  std::uint64_t shortened = 0;
  std::uint64_t retransmitted = 0;
};

class Network {
 public:
  using RuleId = std::uint64_t;
  using HostSet = std::set<std::uint32_t>;

  explicit Network(World& world) : world_(world) {}

  void set_default_link(const LinkOptions& options);
  // Of a host with itself. By default 10 us without jitter, tail or loss.
  void set_loopback(const LinkOptions& options);
  // Both directions between hosts of the two regions.
  void set_region_link(const std::string& a, const std::string& b, const LinkOptions& options);

  RuleId add_rule(LinkRule rule);
  // Releases what the rule held back.
  void remove_rule(RuleId id);

  // Resets each connection between the two sets; both ends learn it now.
  std::size_t reset_connections(const HostSet& a, const HostSet& b);
  // Half-open connections (RFC 9293, 3.5.1): the end on a host of `forgetful` is gone;
  // the one on a host of `others` learns it when it next sends.
  std::size_t half_open(const HostSet& forgetful, const HostSet& others);

  Link& link(std::uint32_t from, std::uint32_t to);
  void send(Link& link, Packet&& packet);
  // How much of `size` bytes a read or write of a stream moves: less under a fault.
  std::size_t shorten(Link& link, std::size_t size);
  void count_retransmission() { ++statistics_.retransmitted; }
  // Whether a packet sent from one to the other would be cut off right now.
  bool blocked(std::uint32_t from, std::uint32_t to) { return conditions(link(from, to)).blocked; }
  const LinkConditions& conditions(Link& link) {
    if (link.epoch != epoch_) {
      refresh(link);
    }
    return link.now;
  }
  EndTable& ends() { return ends_; }

  const NetworkStatistics& statistics() const { return statistics_; }

 private:
  struct PacketTask;
  struct Outgoing {
    std::vector<std::unique_ptr<Link>> links;  // by receiver
    Link* latest = nullptr;
  };

  const LinkOptions& options(const Host& from, const Host& to) const;
  void refresh(Link& link);
  void schedule_arrival(Link& link, Packet&& packet, std::uint64_t number, Duration extra,
                        bool lost);
  Time departure(Link& link, const Packet& packet);
  void flip_bit(const Link& link, Packet& packet, std::uint64_t number);
  void arrive(Link& link, Packet& packet, bool lost);
  void tell(const Link& link, const Packet& packet, bool lost, bool cut, bool received);
  bool deliver(Link& link, Packet& packet);
  void release_held();
  template <class Action>
  std::size_t for_connections(const HostSet& a, const HostSet& b, Action action);

  World& world_;
  LinkOptions default_link_;
  LinkOptions loopback_{std::chrono::microseconds(10), {}, {}, 0, 0, 0, 0, {}, 0};
  std::map<std::pair<std::string, std::string>, LinkOptions> region_links_;
  std::map<RuleId, LinkRule> rules_;
  RuleId next_rule_ = 1;
  std::uint64_t epoch_ = 1;
  std::vector<Outgoing> outgoing_;  // by sender
  std::vector<Link*> holding_;      // links with packets held back
  EndTable ends_;
  NetworkStatistics statistics_;
};

}  // namespace simnet
