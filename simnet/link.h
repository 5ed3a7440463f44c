// The directed path from one host to another: what it is like, what faults do to it,
// what is under way and held back on it.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <vector>

#include "simnet/packet.h"
#include "simnet/time.h"

namespace simnet {

struct LinkOptions {
  Duration latency_base = std::chrono::microseconds(200);
  Duration latency_jitter = std::chrono::microseconds(100);  // uniform on top of the base
  Duration tail_extra = std::chrono::milliseconds(5);
  std::uint32_t tail_ppm = 2000;  // packets per million that take tail_extra more
  std::uint32_t loss_ppm = 0;
  std::uint32_t duplicate_ppm = 0;
  std::uint32_t reorder_ppm = 0;  // packets that are held up to reorder_extra more
  Duration reorder_extra = std::chrono::milliseconds(2);
  std::uint64_t bandwidth_bytes_per_s = 0;  // 0: unlimited
};

// A fault on every link that leads from one of `from` to one of `to`. Numbers add up
// over the rules in force, up to a million ppm; the lowest bandwidth counts.
struct LinkRule {
  std::set<std::uint32_t> from;
  std::set<std::uint32_t> to;
  bool block = false;   // nothing arrives
  bool clog = false;    // what arrives waits until the rule is removed
  bool refuse = false;  // connects are refused
  bool hang = false;    // connects are not answered
  Duration extra_latency{};
  std::uint32_t loss_ppm = 0;
  std::uint32_t duplicate_ppm = 0;
  std::uint32_t reorder_ppm = 0;
  std::uint32_t reset_ppm = 0;  // segments at which a middlebox resets the connection
  std::uint32_t flip_ppm = 0;   // packets in which one bit is flipped
  // Whether the receiver's checksum finds the flip (then it is a loss). Checksums of TCP
  // miss some in practice: Stone and Partridge, SIGCOMM 2000.
  bool checksum = true;
  std::uint32_t short_ppm = 0;              // reads and writes of a stream that move only a part
  std::uint64_t bandwidth_bytes_per_s = 0;  // 0: not limited by this rule
};

// What holds on a link now: its options with the rules in force applied.
struct LinkConditions {
  Duration latency_base{};
  std::uint64_t jitter_bound = 1;  // ns; the draw is below it
  Duration tail_extra{};
  Duration reorder_extra{};
  std::uint64_t bandwidth_bytes_per_s = 0;
  std::uint32_t tail_ppm = 0;
  std::uint32_t loss_ppm = 0;
  std::uint32_t duplicate_ppm = 0;
  std::uint32_t reorder_ppm = 0;
  std::uint32_t reset_ppm = 0;
  std::uint32_t flip_ppm = 0;
  std::uint32_t short_ppm = 0;
  bool blocked = false;
  bool clogged = false;
  bool refused = false;
  bool hanging = false;
  bool checksum = true;

  void apply(const LinkRule& rule);
};

struct Link {
  Link(std::uint32_t from_host, std::uint32_t to_host) : from(from_host), to(to_host) {}

  const std::uint32_t from;
  const std::uint32_t to;
  std::uint64_t epoch = 0;  // of the network's rules that `now` reflects
  LinkConditions now;
  std::uint64_t packets = 0;       // sent so far; names the draws of the next
  std::uint64_t stream_calls = 0;  // likewise for short reads and writes
  Time free_at{};                  // when the wire has sent what is queued
  std::vector<Packet> held;        // by a clog, in order of arrival
};

}  // namespace simnet
