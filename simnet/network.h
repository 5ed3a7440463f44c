// Directed links between hosts: how long a packet takes and whether it arrives.
// The verdict falls at delivery, so a partition also hits what is in flight.
// Limits: no bandwidth; corruption is not modelled. Latency of a packet is
// base + uniform jitter + sometimes a slow tail, per pair of regions.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "simnet/random.h"
#include "simnet/segment.h"
#include "simnet/time.h"

namespace simnet {

class World;
class Host;

struct LinkOptions {
  Duration latency_base = std::chrono::microseconds(200);
  Duration latency_jitter = std::chrono::microseconds(100);
  Duration tail_extra = std::chrono::milliseconds(5);
  std::uint32_t tail_ppm = 2000;  // packets per million that take tail_extra more
  std::uint32_t loss_ppm = 0;
  std::uint32_t duplicate_ppm = 0;
};

// A fault on every link that leads from one of `from` to one of `to`.
struct LinkRule {
  std::set<std::uint32_t> from;
  std::set<std::uint32_t> to;
  bool block = false;
  Duration extra_latency{};
  std::uint32_t loss_ppm = 0;
  std::uint32_t duplicate_ppm = 0;
};

struct NetworkStatistics {
  std::uint64_t sent = 0;
  std::uint64_t delivered = 0;
  std::uint64_t blocked = 0;
  std::uint64_t lost = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t retransmitted = 0;
};

class Network {
 public:
  using RuleId = std::uint64_t;

  Network(World& world, StreamKey randomness) : world_(world), randomness_(randomness) {}

  void set_default_link(const LinkOptions& options) { default_link_ = options; }
  // Both directions between hosts of the two regions.
  void set_region_link(const std::string& a, const std::string& b, const LinkOptions& options);

  RuleId add_rule(LinkRule rule);
  void remove_rule(RuleId id) { rules_.erase(id); }

  void send(Host& from, std::uint32_t to, Segment segment);
  void count_retransmission() { ++statistics_.retransmitted; }
  // Whether a packet sent from one to the other would be cut off right now.
  bool blocked(std::uint32_t from, std::uint32_t to) const;
  // A typical one-way delay without chance in it.
  Duration base_latency(const Host& from, const Host& to) const;

  const NetworkStatistics& statistics() const { return statistics_; }

 private:
  struct Conditions {
    Duration extra_latency{};
    std::uint32_t loss_ppm = 0;
    std::uint32_t duplicate_ppm = 0;
  };

  const LinkOptions& options(const Host& from, const Host& to) const;
  Conditions conditions(std::uint32_t from, std::uint32_t to) const;
  void schedule_arrival(Host& from, Host& to, const Segment& segment, StreamKey packet,
                        Duration extra, bool lost);
  void arrive(std::uint32_t from, std::uint32_t to, Segment segment, bool lost);

  World& world_;
  StreamKey randomness_;
  LinkOptions default_link_;
  std::map<std::pair<std::string, std::string>, LinkOptions> region_links_;
  std::map<RuleId, LinkRule> rules_;
  RuleId next_rule_ = 1;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> packet_counters_;
  NetworkStatistics statistics_;
};

}  // namespace simnet
