// The name service: zones, caches, its faults, and the time an answer takes.
#include "simnet/names.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "simnet/resolver.h"
#include "tests/support/test_world.h"

namespace simnet {
namespace {

using namespace support;
using Addresses = Names::Addresses;
using resolver = basic_resolver<asio::ip::tcp>;

class NamesTest : public ::testing::Test {
 protected:
  NamesTest() : client_(add("client")), server_(add("server")), other_(add("other")) {
    names_.set_options({.latency_base = 2ms, .latency_jitter = 0ns, .time_to_live = 30s});
    world_.run_until(at(0ns));
  }

  Host& add(const std::string& name) {
    Host& host = world_.add_host({name, "here"});
    host.set_program([](Host&) { return std::shared_ptr<void>(); });
    host.boot();
    return host;
  }
  Names::Answer ask(const Host& host, std::string_view name) {
    return names_.look_up(host.id(), name);
  }
  static Addresses only(const Host& host) { return {host.address()}; }

  World world_{3};
  Names& names_ = world_.names();
  Host& client_;
  Host& server_;
  Host& other_;
};

TEST_F(NamesTest, EveryHostHasItsName) {
  EXPECT_EQ(ask(client_, "server").addresses, only(server_));
  EXPECT_EQ(ask(client_, "client").addresses, only(client_));
  const Names::Answer unknown = ask(client_, "nobody");
  EXPECT_EQ(unknown.error, asio::error::host_not_found);
  EXPECT_TRUE(unknown.addresses.empty());
  add("late");
  EXPECT_EQ(ask(client_, "late").addresses.size(), 1u);
}

TEST_F(NamesTest, ExtraNamesHaveAnyAddresses) {
  names_.set("service", {server_.address(), other_.address()});
  EXPECT_EQ(ask(client_, "service").addresses, (Addresses{server_.address(), other_.address()}));
  names_.set("server", only(other_));
  EXPECT_EQ(ask(client_, "server").addresses, only(other_)) << "a zone entry beats a host's name";
  names_.set("other", {});
  EXPECT_EQ(ask(client_, "other").error, asio::error::host_not_found);
}

TEST_F(NamesTest, ACachedAnswerLivesAsLongAsItMay) {
  names_.set("service", only(server_));
  EXPECT_EQ(ask(client_, "service").addresses, only(server_));
  names_.set("service", only(other_));
  world_.run_until(at(30s - 1ns));
  EXPECT_EQ(ask(client_, "service").addresses, only(server_));
  EXPECT_EQ(ask(other_, "service").addresses, only(other_)) << "caches are per host";
  world_.run_until(at(30s));
  EXPECT_EQ(ask(client_, "service").addresses, only(other_));
}

TEST_F(NamesTest, UsingACachedAnswerDoesNotProlongIt) {
  names_.set("service", only(server_));
  ask(client_, "service");
  names_.set("service", {});
  world_.run_until(at(20s));
  EXPECT_FALSE(ask(client_, "service").error);
  world_.run_until(at(31s));
  EXPECT_EQ(ask(client_, "service").error, asio::error::host_not_found);
}

TEST_F(NamesTest, WhatIsUnknownIsNotRemembered) {
  EXPECT_EQ(ask(client_, "service").error, asio::error::host_not_found);
  names_.set("service", only(server_));
  EXPECT_EQ(ask(client_, "service").addresses, only(server_));
}

TEST_F(NamesTest, AFailingServiceIsAFailureOfWhoAsks) {
  names_.fail(client_.id(), true);
  EXPECT_EQ(ask(client_, "server").error, asio::error::host_not_found_try_again);
  EXPECT_FALSE(ask(other_, "server").error);
  names_.fail(client_.id(), false);
  EXPECT_FALSE(ask(client_, "server").error);
}

TEST_F(NamesTest, AFailingServiceLeavesTheCache) {
  ask(client_, "server");
  names_.fail(client_.id(), true);
  EXPECT_EQ(ask(client_, "server").addresses, only(server_));
  world_.run_until(at(30s));
  EXPECT_EQ(ask(client_, "server").error, asio::error::host_not_found_try_again);
}

TEST_F(NamesTest, FailuresCount) {
  names_.fail(client_.id(), true);
  names_.fail(client_.id(), true);
  names_.fail(client_.id(), false);
  EXPECT_EQ(ask(client_, "server").error, asio::error::host_not_found_try_again);
  names_.fail(client_.id(), false);
  EXPECT_FALSE(ask(client_, "server").error);
}

TEST_F(NamesTest, AStaleCacheNeverExpires) {
  names_.set("service", only(server_));
  ask(client_, "service");
  ask(other_, "service");
  names_.set("service", only(client_));
  names_.go_stale(client_.id(), true);
  names_.go_stale(client_.id(), true);
  names_.go_stale(client_.id(), false);
  world_.run_until(at(1h));
  EXPECT_EQ(ask(client_, "service").addresses, only(server_));
  EXPECT_EQ(ask(other_, "service").addresses, only(client_));
  names_.go_stale(client_.id(), false);
  EXPECT_EQ(ask(client_, "service").addresses, only(client_));
}

TEST_F(NamesTest, ARestartForgetsTheCache) {
  names_.set("service", only(server_));
  ask(client_, "service");
  ask(other_, "service");
  names_.set("service", only(client_));
  client_.stop_until(StopKind::process, at(1s));
  world_.run_until(at(2s));
  EXPECT_EQ(ask(client_, "service").addresses, only(client_));
  EXPECT_EQ(ask(other_, "service").addresses, only(server_));
}

TEST_F(NamesTest, NumbersAndLocalhostNeedNoService) {
  names_.fail(client_.id(), true);
  const auto number = asio::ip::make_address("10.0.0.2");
  EXPECT_EQ(ask(client_, "10.0.0.2").addresses, Addresses{number});
  EXPECT_EQ(ask(client_, "localhost").addresses, Addresses{asio::ip::address_v4::loopback()});
  EXPECT_EQ(names_.latency(client_.id(), "10.0.0.2"), 0ns);
  EXPECT_EQ(names_.latency(client_.id(), "localhost"), 0ns);
  EXPECT_EQ(ask(client_, "10.0.0").error, asio::error::host_not_found_try_again)
      << "half a number is a name";
}

struct Resolved {
  error_code error;
  std::vector<asio::ip::tcp::endpoint> endpoints;
  Time at;
};

awaitable<void> resolve(Host& host, std::string name, std::vector<Resolved>* all) {
  resolver resolver(host.executor());
  const auto [error, found] = co_await resolver.async_resolve(name, "80", use_tuple);
  Resolved one{error, {}, host.world().now()};
  for (const auto& entry : found) {
    one.endpoints.push_back(entry.endpoint());
  }
  all->push_back(std::move(one));
}

TEST_F(NamesTest, AnAnswerTakesItsTimeAndACachedOneNone) {
  std::vector<Resolved> all;
  spawn(client_, resolve(client_, "server", &all));
  world_.run_until(at(10ms));
  spawn(client_, resolve(client_, "server", &all));
  world_.run_until(at(20ms));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].at, at(2ms));
  EXPECT_EQ(all[1].at, at(10ms));
  const std::vector<asio::ip::tcp::endpoint> expected{endpoint_of(server_, 80)};
  EXPECT_EQ(all[0].endpoints, expected);
  EXPECT_EQ(all[1].endpoints, expected);
  client_.stop(StopKind::process);
}

TEST_F(NamesTest, JitterStaysInItsBounds) {
  names_.set_options({.latency_base = 1ms, .latency_jitter = 10us, .time_to_live = 0s});
  Duration least = 1s;
  Duration most{};
  for (int i = 0; i < 200; ++i) {
    const Duration latency = names_.latency(client_.id(), "server");
    least = std::min(least, latency);
    most = std::max(most, latency);
  }
  EXPECT_GE(least, 1ms);
  EXPECT_LE(most, 1ms + 10us);
  EXPECT_LT(least, most);
}

TEST_F(NamesTest, TheAnswerIsWhatHoldsWhenItComes) {
  std::vector<Resolved> all;
  names_.set("service", only(server_));
  spawn(client_, resolve(client_, "service", &all));
  world_.run_until(at(1ms));
  names_.fail(client_.id(), true);
  world_.run_until(at(5ms));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].error, asio::error::host_not_found_try_again);
  client_.stop(StopKind::process);
}

}  // namespace
}  // namespace simnet
