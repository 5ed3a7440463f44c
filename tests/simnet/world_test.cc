// One universe per seed; and what one link suffers leaves the others alone.
#include "simnet/world.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "tests/support/test_world.h"

namespace simnet {
namespace {

using namespace support;

awaitable<void> echo(Host& host, stream_socket socket) {
  std::array<char, 100> buffer;
  for (;;) {
    const auto [error, count] = co_await socket.async_read_some(asio::buffer(buffer), use_tuple);
    if (error) {
      co_return;
    }
    DiskHandle file;
    host.disk().open("log", {.create = true}, file);
    file.write(0, std::as_bytes(std::span(buffer.data(), count)));
    file.sync();
    file.close();
    co_await write_all(socket, std::string_view(buffer.data(), count));
  }
}

awaitable<void> serve(Host& host) {
  acceptor acceptor(host.executor(), any_address(1));
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(use_tuple);
    if (!error) {
      spawn(host, echo(host, std::move(socket)));
    }
  }
}

// Talks to the server, a new connection whenever the old one broke.
awaitable<void> chat(Host& host, std::string to_host, std::vector<Time>* answers) {
  const auto to = endpoint_of(*host.world().find(to_host), 1);
  for (;;) {
    stream_socket socket(host.executor());
    const auto [refused] = co_await socket.async_connect(to, use_tuple);
    bool going = !refused;
    while (going) {
      const std::string bytes(1 + host.random("size") % 90, 'b');
      std::array<char, 100> buffer;
      const error_code broken = co_await write_all(socket, bytes);
      const auto [error, count] = co_await socket.async_read_some(asio::buffer(buffer), use_tuple);
      going = !broken && !error && count > 0;
      answers->push_back(host.world().now());
      co_await sleep_for(host, Duration(static_cast<std::int64_t>(host.random("nap") % 3'000'000)));
    }
    co_await sleep_for(host, 5ms);
  }
}

struct Busy {
  explicit Busy(std::uint64_t seed) : world(seed) {
    world.network().set_default_link({.loss_ppm = 20'000, .duplicate_ppm = 20'000});
    for (const char* name : {"s1", "s2"}) {
      run_on(world, name, [](Host& h) { return serve(h); });
    }
    run_on(world, "c1", [this](Host& h) { return chat(h, "s1", &first); });
    run_on(world, "c2", [this](Host& h) { return chat(h, "s2", &second); });
  }
  std::vector<Time> first;
  std::vector<Time> second;
  World world;
};

std::uint64_t digest_of(std::uint64_t seed) {
  Busy busy(seed);
  busy.world.at(at(1s), [&] { busy.world.find("s1")->stop_until(StopKind::power, at(2s)); });
  busy.world.at(at(2s), [&] { busy.world.find("c2")->stop_until(StopKind::process, at(3s)); });
  busy.world.at(at(3s), [&] { busy.world.find("s2")->disk().cut_power_after(7); });
  busy.world.run_until(at(6s));
  EXPECT_GT(busy.first.size(), 60u);
  EXPECT_EQ(busy.world.statistics().power_cuts, 1u);
  return busy.world.digest().value();
}

TEST(World, SameSeedSameDigest) {
  for (const std::uint64_t seed : {1u, 2u, 99u}) {
    EXPECT_EQ(digest_of(seed), digest_of(seed)) << seed;
  }
}

TEST(World, AnotherSeedIsAnotherUniverse) { EXPECT_NE(digest_of(1), digest_of(2)); }

TEST(World, AFaultOnOneLinkMovesNoPacketOfAnother) {
  Busy calm(7);
  calm.world.run_until(at(2s));
  Busy hit(7);
  const HostId c1 = hit.world.find("c1")->id();
  const HostId s1 = hit.world.find("s1")->id();
  hit.world.network().add_rule({.from = {c1},
                                .to = {s1},
                                .extra_latency = 3ms,
                                .loss_ppm = 100'000,
                                .duplicate_ppm = 300'000});
  hit.world.run_until(at(2s));
  EXPECT_NE(hit.first, calm.first);
  EXPECT_EQ(hit.second, calm.second);
}

TEST(World, TimeOnlyGrowsAndStopsWhereItWasAsked) {
  World world(1);
  std::vector<Time> seen;
  world.at(at(5ms), [&] {
    seen.push_back(world.now());
    world.at(at(1ms), [&] { seen.push_back(world.now()); });  // the past is now
  });
  world.run_until(at(4ms));
  EXPECT_TRUE(seen.empty());
  EXPECT_EQ(world.now(), at(4ms));
  world.run_until(at(6ms));
  EXPECT_EQ(seen, (std::vector<Time>{at(5ms), at(5ms)}));
  EXPECT_FALSE(world.step());
  EXPECT_EQ(world.now(), at(6ms));
}

TEST(World, HostNamesAreUnique) {
  World world(1);
  Host& host = world.add_host({"name", "here"});
  EXPECT_THROW(world.add_host({"name", "there"}), std::invalid_argument);
  EXPECT_EQ(world.find("name"), &host);
  EXPECT_EQ(world.find("other"), nullptr);
}

TEST(Network, RulesAddUpAndCanBeRemoved) {
  World world(1);
  const HostId a = world.add_host({"a", "here"}).id();
  const HostId b = world.add_host({"b", "here"}).id();
  const auto first = world.network().add_rule({.from = {a}, .to = {b}, .block = true});
  const auto second = world.network().add_rule({.from = {a, b}, .to = {b}, .block = true});
  world.network().remove_rule(first);
  EXPECT_TRUE(world.network().blocked(a, b));
  EXPECT_FALSE(world.network().blocked(b, a));
  world.network().remove_rule(second);
  EXPECT_FALSE(world.network().blocked(a, b));
}

}  // namespace
}  // namespace simnet
