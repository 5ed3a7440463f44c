// The faults of the network: each strikes, overlaps with its like, ends and is healed.
#include "faults/network.h"

#include <gtest/gtest.h>

#include "tests/faults/stage.h"
#include "tests/support/test_world.h"

namespace faults {
namespace {

using namespace support;

class NetworkFaults : public Stage {
 protected:
  const simnet::LinkConditions& on_link(const char* from, const char* to) {
    return world_.network().conditions(world_.network().link(host(from).id(), host(to).id()));
  }
};

TEST_F(NetworkFaults, BridgeCutsAllButWhoIsNamed) {
  Fault cut = between(Kind::bridge, 100, 50, {"a", "c"}, {"b", "c"});
  cut.bridges = {"c"};
  start({cut});
  run_to(120);
  EXPECT_TRUE(blocked("a", "b"));
  EXPECT_TRUE(blocked("b", "a"));
  for (const char* side : {"a", "b"}) {
    EXPECT_FALSE(blocked(side, "c"));
    EXPECT_FALSE(blocked("c", side));
  }
  run_to(151);
  EXPECT_FALSE(blocked("a", "b"));
}

TEST_F(NetworkFaults, RegionIsCutFromTheRestButNotInItself) {
  Fault cut = fault(Kind::region, 100, 50, {});
  cut.regions = {"here"};
  start({cut});
  run_to(120);
  EXPECT_TRUE(blocked("a", "c"));
  EXPECT_TRUE(blocked("c", "b"));
  EXPECT_FALSE(blocked("a", "b"));
  run_to(151);
  EXPECT_FALSE(blocked("a", "c"));
  EXPECT_FALSE(blocked("c", "b"));
}

TEST_F(NetworkFaults, RegionKnowsTheHostsThereAreWhenItStrikes) {
  Fault cut = fault(Kind::region, 100, 50, {});
  cut.regions = {"there"};
  start({cut});
  world_.add_host({"late", "there"});
  run_to(120);
  EXPECT_TRUE(blocked("a", "late"));
  EXPECT_FALSE(blocked("late", "c"));
}

TEST_F(NetworkFaults, OverlappingCutsOfEveryKindEndWithTheLast) {
  Fault bridge = between(Kind::bridge, 100, 100, {"a"}, {"b"});
  bridge.bridges = {"c"};
  start({bridge, between(Kind::partition, 120, 20, {"a"}, {"b"}),
         between(Kind::one_way, 150, 100, {"a"}, {"b"})});
  run_to(145);
  EXPECT_TRUE(blocked("a", "b"));
  run_to(201);
  EXPECT_TRUE(blocked("a", "b"));
  EXPECT_FALSE(blocked("b", "a"));
  run_to(251);
  EXPECT_FALSE(blocked("a", "b"));
}

TEST_F(NetworkFaults, ClogHoldsBackAndLetsGoOfEverything) {
  start({between(Kind::clog, 100, 500, {"a"}, {"b"})});
  run_to(120);
  send("a", "b");
  send("a", "b");
  run_to(599);
  EXPECT_EQ(world_.network().statistics().clogged, 2u);
  EXPECT_EQ(world_.network().statistics().delivered, 0u);
  run_to(601);
  EXPECT_EQ(world_.network().statistics().delivered, 2u);
}

TEST_F(NetworkFaults, TwoClogsLetGoWhenBothAreOver) {
  start({between(Kind::clog, 100, 100, {"a"}, {"b"}), between(Kind::clog, 150, 200, {"b"}, {"a"})});
  run_to(120);
  send("a", "b");
  run_to(340);
  EXPECT_EQ(world_.network().statistics().delivered, 0u);
  run_to(351);
  EXPECT_EQ(world_.network().statistics().delivered, 1u);
}

struct LinkCase {
  Kind kind;
  std::int64_t value;
  bool (*struck)(const simnet::LinkConditions&);
};

TEST_F(NetworkFaults, EachFigureReachesTheLinkAndIsTakenBack) {
  const LinkCase cases[] = {
      {Kind::refuse, 0, [](const simnet::LinkConditions& now) { return now.refused; }},
      {Kind::hang, 0, [](const simnet::LinkConditions& now) { return now.hanging; }},
      {Kind::clog, 0, [](const simnet::LinkConditions& now) { return now.clogged; }},
      {Kind::short_io, 7, [](const simnet::LinkConditions& now) { return now.short_ppm == 7; }},
      {Kind::flip, 7,
       [](const simnet::LinkConditions& now) { return now.flip_ppm == 7 && now.checksum; }},
      {Kind::slow_link, 7,
       [](const simnet::LinkConditions& now) { return now.bandwidth_bytes_per_s == 7; }},
  };
  std::vector<Fault> faults;
  std::int64_t at = 100;
  for (const LinkCase& each : cases) {
    faults.push_back(with_value(between(each.kind, at, 50, {"a"}, {"b"}), each.value));
    at += 100;
  }
  start(faults);
  at = 100;
  for (const LinkCase& each : cases) {
    EXPECT_FALSE(each.struck(on_link("a", "b"))) << to_string(each.kind);
    run_to(at + 1);
    EXPECT_TRUE(each.struck(on_link("a", "b"))) << to_string(each.kind);
    EXPECT_TRUE(each.struck(on_link("b", "a"))) << to_string(each.kind);
    EXPECT_FALSE(each.struck(on_link("a", "c"))) << to_string(each.kind);
    run_to(at + 51);
    EXPECT_FALSE(each.struck(on_link("a", "b"))) << to_string(each.kind);
    at += 100;
  }
}

TEST_F(NetworkFaults, OverlappingFiguresAddUp) {
  Fault reorder = between(Kind::degrade, 100, 50, {"a"}, {"b"});
  reorder.reorder_ppm = 300;
  Fault unnoticed = with_value(between(Kind::flip, 120, 100, {"b"}, {"a"}), 5);
  unnoticed.checksum = false;
  start({reorder, with_value(between(Kind::flip, 100, 50, {"a"}, {"b"}), 7), unnoticed,
         with_value(between(Kind::slow_link, 100, 50, {"a"}, {"b"}), 1000),
         with_value(between(Kind::slow_link, 120, 100, {"a"}, {"b"}), 5000)});
  run_to(130);
  EXPECT_EQ(on_link("a", "b").reorder_ppm, 300u);
  EXPECT_EQ(on_link("a", "b").flip_ppm, 12u);
  EXPECT_FALSE(on_link("a", "b").checksum);
  EXPECT_EQ(on_link("a", "b").bandwidth_bytes_per_s, 1000u);
  run_to(160);
  EXPECT_EQ(on_link("a", "b").reorder_ppm, 0u);
  EXPECT_EQ(on_link("a", "b").flip_ppm, 5u);
  EXPECT_EQ(on_link("a", "b").bandwidth_bytes_per_s, 5000u);
  nemesis_->heal();
  EXPECT_EQ(on_link("a", "b").flip_ppm, 0u);
  EXPECT_EQ(on_link("a", "b").bandwidth_bytes_per_s, 0u);
}

TEST_F(NetworkFaults, NamesAreWithoutAnswerUntilTheLastFaultEnds) {
  start({fault(Kind::dns_fail, 100, 100, {"a"}), fault(Kind::dns_fail, 150, 100, {"a"})});
  const auto error = [this](const char* asking, const char* name) {
    return world_.names().look_up(host(asking).id(), name).error;
  };
  run_to(120);
  EXPECT_EQ(error("a", "b"), asio::error::host_not_found_try_again);
  EXPECT_FALSE(error("b", "a"));
  run_to(201);
  EXPECT_EQ(error("a", "b"), asio::error::host_not_found_try_again);
  run_to(251);
  EXPECT_FALSE(error("a", "b"));
}

TEST_F(NetworkFaults, StaleNamesAreWhatWasHeardLast) {
  start({fault(Kind::dns_stale, 100, 100'000, {"a"})});
  run_to(1);  // a boot empties the cache
  const auto address = [this](const char* asking) {
    return world_.names().look_up(host(asking).id(), "service").addresses.at(0);
  };
  world_.names().set("service", {host("b").address()});
  EXPECT_EQ(address("a"), host("b").address());
  EXPECT_EQ(address("b"), host("b").address());
  world_.names().set("service", {host("c").address()});
  run_to(60'000);
  EXPECT_EQ(address("a"), host("b").address());
  EXPECT_EQ(address("b"), host("c").address());
  nemesis_->heal();
  EXPECT_EQ(address("a"), host("c").address());
}

// A connection from "client" to "server" over which a word goes every 100 ms.
struct Talk {
  std::optional<error_code> connected;
  simnet::Time connected_at{};
  error_code client_end;
  error_code server_end;
  simnet::Time server_ended_at{};
  std::string received;
};

awaitable<void> listen_to(simnet::Host& host, Talk* talk) {
  simnet::stream_socket socket = co_await accept_one(host, 1);
  error_code end;
  std::string bytes = co_await read_to_end(socket, end);
  talk->received = bytes;
  talk->server_end = end;
  talk->server_ended_at = host.world().now();
}

awaitable<void> speak(simnet::Host& host, Talk* talk, simnet::Duration delay,
                      simnet::Duration pause) {
  co_await sleep_for(host, delay);
  simnet::stream_socket socket(host.executor());
  const auto to = endpoint_of(*host.world().find("server"), 1);
  const auto [error] = co_await socket.async_connect(to, use_tuple);
  talk->connected = error;
  talk->connected_at = host.world().now();
  while (!error && !talk->client_end) {
    talk->client_end = co_await write_all(socket, "word");
    co_await sleep_for(host, pause);
  }
}

class Connections : public testing::Test {
 protected:
  void start(const Fault& fault, simnet::Duration connect_after = 0ms,
             simnet::Duration pause = 100ms) {
    run_on(world_, "server", [this](simnet::Host& h) { return listen_to(h, &talk_); });
    run_on(world_, "client", [this, connect_after, pause](simnet::Host& h) {
      return speak(h, &talk_, connect_after, pause);
    });
    Plan plan;
    insert(plan, fault);
    nemesis_.emplace(world_, plan);
    nemesis_->start();
  }

  simnet::World world_{5};
  Talk talk_;
  std::optional<Nemesis> nemesis_;
};

TEST_F(Connections, ResetIsLearntAtBothEnds) {
  start(between(Kind::reset, 150, 0, {"client"}, {"server"}));
  world_.run_until(at(149ms));
  EXPECT_FALSE(talk_.server_end);
  world_.run_until(at(400ms));
  EXPECT_EQ(talk_.client_end, asio::error::connection_reset);
  EXPECT_EQ(talk_.server_end, asio::error::connection_reset);
  EXPECT_EQ(talk_.received, "wordword");
  EXPECT_EQ(world_.network().statistics().resets, 1u);
}

TEST_F(Connections, HalfOpenIsLearntByWhoSpeaksNext) {
  start(between(Kind::half_open, 150, 0, {"server"}, {"client"}), 0ms, 10s);
  world_.run_until(at(9s));
  EXPECT_EQ(talk_.server_end, asio::error::connection_reset);
  EXPECT_FALSE(talk_.client_end);
  world_.run_until(at(31s));
  EXPECT_EQ(talk_.client_end, asio::error::connection_reset);
}

TEST_F(Connections, RefuseIsAnsweredAtOnce) {
  start(between(Kind::refuse, 50, 100, {"server"}, {"client"}), 60ms);
  world_.run_until(at(200ms));
  EXPECT_EQ(talk_.connected, asio::error::connection_refused);
}

TEST_F(Connections, HangIsNotAnsweredUntilItIsOver) {
  start(between(Kind::hang, 50, 1000, {"client"}, {"server"}), 60ms);
  world_.run_until(at(1050ms));
  EXPECT_FALSE(talk_.connected);
  world_.run_until(at(10s));
  ASSERT_TRUE(talk_.connected);
  EXPECT_FALSE(*talk_.connected);
  EXPECT_GE(talk_.connected_at, at(1050ms));
}

TEST_F(Connections, ShortReadsAndWritesLoseNothing) {
  start(with_value(between(Kind::short_io, 0, 5000, {"client"}, {"server"}), 1'000'000));
  world_.run_until(at(2s));
  EXPECT_GT(world_.network().statistics().shortened, 10u);
  world_.find("client")->stop(simnet::StopKind::process);
  world_.run_until(at(3s));
  EXPECT_GE(talk_.received.size(), 19 * 4u);
  for (std::size_t i = 0; i < talk_.received.size(); ++i) {
    ASSERT_EQ(talk_.received[i], "word"[i % 4]);
  }
}

TEST_F(Connections, AFlipThatTheChecksumFindsIsALoss) {
  start(with_value(between(Kind::flip, 0, 60'000, {"client"}, {"server"}), 300'000));
  world_.run_until(at(20s));
  EXPECT_GT(world_.network().statistics().flipped, 10u);
  world_.find("client")->stop(simnet::StopKind::process);
  world_.run_until(at(40s));
  ASSERT_GT(talk_.received.size(), 40u);
  for (std::size_t i = 0; i < talk_.received.size(); ++i) {
    ASSERT_EQ(talk_.received[i], "word"[i % 4]);
  }
}

TEST_F(Connections, AFlipPastTheChecksumIsReceived) {
  Fault flip = with_value(between(Kind::flip, 50, 400, {"client"}, {"server"}), 1'000'000);
  flip.checksum = false;
  start(flip);
  world_.run_until(at(1s));
  world_.find("client")->stop(simnet::StopKind::process);
  world_.run_until(at(2s));
  std::size_t spoilt = 0;
  for (std::size_t i = 0; i < talk_.received.size(); i += 4) {
    spoilt += talk_.received.substr(i, 4) != "word" ? 1 : 0;
  }
  EXPECT_EQ(spoilt, 4u);
  EXPECT_EQ(world_.network().statistics().flipped, 4u);
}

}  // namespace
}  // namespace faults
