// A small world of three hosts, "a" and "b" here, "c" there, for a nemesis to strike.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "faults/nemesis.h"

namespace faults {

class Stage : public testing::Test {
 protected:
  Stage() {
    for (const auto& [name, region] : {std::pair{"a", "here"}, {"b", "here"}, {"c", "there"}}) {
      simnet::Host& host = world_.add_host({name, region});
      host.set_program([](simnet::Host&) { return std::make_shared<int>(0); });
      host.boot();
    }
  }

  void start(std::vector<Fault> faults) {
    Plan plan;
    for (Fault& fault : faults) {
      insert(plan, std::move(fault));
    }
    nemesis_.emplace(world_, std::move(plan));
    nemesis_->start();
  }
  void run_to(std::int64_t ms) { world_.run_until(simnet::Time(std::chrono::milliseconds(ms))); }
  simnet::Host& host(const char* name) { return *world_.find(name); }
  bool blocked(const char* from, const char* to) {
    return world_.network().blocked(host(from).id(), host(to).id());
  }
  // A packet that asks for no answer.
  void send(const char* from, const char* to) {
    simnet::Packet packet;
    packet.type = simnet::Packet::Type::reset;
    world_.network().send(world_.network().link(host(from).id(), host(to).id()), std::move(packet));
  }
  std::int64_t delay_of_packet(const char* from, const char* to, std::int64_t limit_ms) {
    world_.run_until(world_.now() + std::chrono::milliseconds(30));  // earlier ones' doubles
    const auto before = world_.network().statistics().delivered;
    const simnet::Time start = world_.now();
    send(from, to);
    while (world_.network().statistics().delivered == before &&
           world_.now() < start + std::chrono::milliseconds(limit_ms)) {
      world_.run_until(world_.now() + std::chrono::milliseconds(1));
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(world_.now() - start).count();
  }

  simnet::World world_{1};
  std::optional<Nemesis> nemesis_;
};

inline Fault fault(Kind kind, std::int64_t at_ms, std::int64_t for_ms,
                   std::vector<std::string> hosts) {
  Fault result;
  result.kind = kind;
  result.at_ms = at_ms;
  result.for_ms = for_ms;
  result.hosts = std::move(hosts);
  return result;
}

// Between `hosts` and `peers`.
inline Fault between(Kind kind, std::int64_t at_ms, std::int64_t for_ms,
                     std::vector<std::string> hosts, std::vector<std::string> peers) {
  Fault result = fault(kind, at_ms, for_ms, std::move(hosts));
  result.peers = std::move(peers);
  return result;
}

inline Fault with_value(Fault fault, std::int64_t value) {
  fault.value = value;
  return fault;
}

}  // namespace faults
