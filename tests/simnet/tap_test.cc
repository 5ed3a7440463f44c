// What a tap is told of packets and processes, and that nobody notices it.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "simnet/tap.h"
#include "tests/simnet/link_support.h"

namespace simnet {
namespace {

using namespace support;

class Log : public Tap {
 public:
  void on_sent(Time at, std::uint32_t from, std::uint32_t to, const Packet& packet) override {
    sent.push_back({at, from, to, packet.type, packet.sequence});
    if (packet.type == Packet::Type::data) {
      bytes += packet.bytes->view();
    }
  }
  void on_arrival(Time at, std::uint32_t from, std::uint32_t to, const Packet& packet,
                  Fate fate) override {
    arrivals.push_back({at, from, to, packet.type, packet.sequence});
    ++fates[fate];
  }
  void on_process(Time at, std::uint32_t host, bool runs) override {
    processes.push_back({at, host, runs});
  }

  struct Told {
    Time at;
    std::uint32_t from;
    std::uint32_t to;
    Packet::Type type;
    std::uint64_t sequence;
  };
  struct Process {
    Time at;
    std::uint32_t host;
    bool runs;
    bool operator==(const Process&) const = default;
  };
  std::vector<Told> sent;
  std::vector<Told> arrivals;
  std::map<Fate, int> fates;
  std::vector<Process> processes;
  std::string bytes;
};

awaitable<void> listen_once(Host& host, std::string* received) {
  stream_socket socket = co_await accept_one(host, 1);
  error_code end;
  *received = co_await read_to_end(socket, end);
}

awaitable<void> say(Host& host) {
  stream_socket socket(host.executor());
  const auto to = endpoint_of(*host.world().find("server"), 1);
  const auto [error] = co_await socket.async_connect(to, use_tuple);
  if (error) {
    co_return;
  }
  const std::string hello = "hello";
  const error_code ignored = co_await write_all(socket, hello);
  (void)ignored;
  co_await sleep_for(host, 10s);
}

// A client that connects and says hello; `prepare` sets the network up.
struct Talk {
  template <class Prepare>
  explicit Talk(Tap* tap, Prepare prepare, std::uint64_t seed = 4) : world(seed) {
    world.set_tap(tap);
    world.network().set_default_link(exact_link());
    run_on(world, "server", [this](Host& h) { return listen_once(h, &received); });
    run_on(world, "client", [](Host& h) { return say(h); });
    prepare(world);
    world.run_until(at(5s));
  }
  std::string received;
  World world;
};

TEST(Tap, IsToldOfEachPacketWhenItIsSentAndWhenItArrives) {
  Log log;
  const Talk talk(&log, [](World&) {});
  ASSERT_GE(log.sent.size(), 3u);
  EXPECT_EQ(log.sent[0].type, Packet::Type::syn);
  EXPECT_EQ(log.sent[0].from, 2u);
  EXPECT_EQ(log.sent[0].to, 1u);
  EXPECT_EQ(log.sent[1].type, Packet::Type::syn_ack);
  EXPECT_EQ(log.sent[2].type, Packet::Type::data);
  EXPECT_EQ(log.bytes, "hello");
  ASSERT_EQ(log.arrivals.size(), log.sent.size());
  for (std::size_t i = 0; i < log.sent.size(); ++i) {
    EXPECT_EQ(log.arrivals[i].at, log.sent[i].at + 1ms);
    EXPECT_EQ(log.arrivals[i].sequence, log.sent[i].sequence);
  }
  EXPECT_EQ(log.fates, (std::map<Fate, int>{{Fate::arrived, static_cast<int>(log.sent.size())}}));
}

TEST(Tap, SaysWhyAPacketDidNotArrive) {
  const auto fates = [](auto prepare) {
    Log log;
    const Talk talk(&log, prepare);
    return log.fates;
  };
  EXPECT_GT(fates([](World& world) {
              LinkRule all = rule(world.host(2), world.host(1));
              all.loss_ppm = kAlways_ppm;
              world.network().add_rule(all);
            })[Fate::lost],
            1);
  EXPECT_GT(fates([](World& world) {
              LinkRule all = rule(world.host(2), world.host(1));
              all.block = true;
              world.network().add_rule(all);
            })[Fate::cut],
            1);
  EXPECT_GT(fates([](World& world) {
              world.at(at(1ms),
                       [&world] { world.host(1).stop_until(StopKind::power, world.now() + 60s); });
            })[Fate::dark],
            0);
  EXPECT_GT(fates([](World& world) {
              world.at(at(500us), [&world] {
                world.host(1).stop_until(StopKind::process, world.now() + 60s);
              });
            })[Fate::refused],
            0);
}

TEST(Tap, WhatAClogHoldsIsToldWhenItGetsThrough) {
  Log log;
  const Talk talk(&log, [](World& world) {
    LinkRule all = rule(world.host(2), world.host(1));
    all.clog = true;
    const Network::RuleId id = world.network().add_rule(all);
    world.at(at(50ms), [&world, id] { world.network().remove_rule(id); });
  });
  ASSERT_FALSE(log.arrivals.empty());
  EXPECT_EQ(log.arrivals.front().at, at(50ms));
  EXPECT_EQ(log.bytes, "hello");
}

TEST(Tap, IsToldWhenProcessesBeginAndEnd) {
  Log log;
  const Talk talk(&log, [](World& world) {
    world.at(at(1s), [&world] { world.host(1).stop_until(StopKind::process, at(3s)); });
  });
  const std::vector<Log::Process> expected = {
      {at(0s), 1, true}, {at(0s), 2, true}, {at(1s), 1, false}, {at(3s), 1, true}};
  EXPECT_EQ(log.processes, expected);
}

TEST(Tap, ChangesNothing) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const auto loss = [](World& world) {
      LinkRule some = rule(world.host(2), world.host(1));
      some.loss_ppm = 400'000;
      some.duplicate_ppm = 400'000;
      world.network().add_rule(some);
    };
    Log log;
    const Talk with(&log, loss, seed);
    const Talk without(nullptr, loss, seed);
    EXPECT_EQ(with.world.digest().value(), without.world.digest().value());
    EXPECT_EQ(with.world.digest().events(), without.world.digest().events());
    EXPECT_FALSE(log.sent.empty());
  }
}

}  // namespace
}  // namespace simnet
