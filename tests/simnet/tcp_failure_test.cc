// How a connection ends when something breaks: refusal, reset, silence, partitions.
#include <gtest/gtest.h>

#include <optional>

#include "simnet/tcp.h"
#include "tests/support/test_world.h"

namespace simnet {
namespace {

using namespace support;

struct Call {
  std::optional<error_code> connected;
  Time connected_at{};
  std::string received;
  std::optional<error_code> end;
  Time ended_at{};
  error_code write_error;
};

awaitable<void> call(Host& host, Call* call, std::string request, Duration delay) {
  co_await sleep_for(host, delay);
  stream_socket socket(host.executor());
  const auto to = endpoint_of(*host.world().find("server"), 1);
  const auto [error] = co_await socket.async_connect(to, use_tuple);
  call->connected = error;
  call->connected_at = host.world().now();
  if (error) {
    co_return;
  }
  call->write_error = co_await write_all(socket, request);
  error_code end;
  call->received = co_await read_to_end(socket, end);
  call->end = end;
  call->ended_at = host.world().now();
}

struct Served {
  int accepted = 0;
  std::string received;
  std::optional<error_code> end;
};

awaitable<void> swallow(Host& host, Served* served) {
  for (;;) {
    stream_socket socket = co_await accept_one(host, 1);
    ++served->accepted;
    error_code end;
    std::string bytes = co_await read_to_end(socket, end);
    served->received += bytes;
    served->end = end;
  }
}

awaitable<void> idle(Host& host) { co_await sleep_for(host, 24h); }

class TcpFailure : public ::testing::Test {
 protected:
  Host& start_server() {
    return run_on(world_, "server", [this](Host& h) { return swallow(h, &served_); });
  }
  Host& start_client(std::string request = "hello", Duration delay = 0ns) {
    return run_on(world_, "client",
                  [this, request, delay](Host& h) { return call(h, &call_, request, delay); });
  }
  Network::RuleId cut(const Host& from, const Host& to) {
    return world_.network().add_rule({.from = {from.id()}, .to = {to.id()}, .block = true});
  }

  World world_{11};
  Call call_;
  Served served_;
};

TEST_F(TcpFailure, RefusedWithoutAListener) {
  run_on(world_, "server", [](Host& h) { return idle(h); });
  start_client();
  world_.run_until(at(10ms));
  EXPECT_EQ(call_.connected, asio::error::connection_refused);
}

TEST_F(TcpFailure, RefusedWhenTheProcessIsDown) {
  Host& server = start_server();
  start_client("hello", 5ms);
  world_.run_until(at(1ms));
  server.stop(StopKind::process);
  world_.run_until(at(20ms));
  EXPECT_EQ(call_.connected, asio::error::connection_refused);
}

// The refusal itself can be lost; the syn is then sent again, not waited on for ever.
TEST_F(TcpFailure, RefusedInSpiteOfALostReset) {
  Host& server = run_on(world_, "server", [](Host& h) { return idle(h); });
  Host& client = start_client();
  const auto rule = world_.network().add_rule(
      {.from = {server.id()}, .to = {client.id()}, .loss_ppm = 1'000'000});
  world_.run_until(at(100ms));
  EXPECT_FALSE(call_.connected);
  world_.network().remove_rule(rule);
  world_.run_until(at(1s));
  EXPECT_EQ(call_.connected, asio::error::connection_refused);
}

TEST_F(TcpFailure, ConnectTimesOutAgainstADarkMachine) {
  Host& server = start_server();
  start_client("hello", 5ms);
  world_.run_until(at(1ms));
  server.stop(StopKind::power);
  world_.run_until(at(5ms + kUserTimeout - 1ms));
  EXPECT_FALSE(call_.connected);
  world_.run_until(at(5ms + kUserTimeout + kLongestRetransmit + 1ms));
  EXPECT_EQ(call_.connected, asio::error::timed_out);
}

TEST_F(TcpFailure, AProcessCrashResetsItsConnections) {
  Host& server = start_server();
  start_client();
  world_.run_until(at(50ms));
  ASSERT_EQ(served_.received, "");  // still reading
  EXPECT_FALSE(call_.end);
  server.stop(StopKind::process);
  world_.run_until(at(60ms));
  EXPECT_EQ(call_.end, asio::error::connection_reset);
}

TEST_F(TcpFailure, APowerLossIsSilentUntilTheMachineIsBack) {
  Host& server = start_server();
  Host& client = start_client();
  world_.run_until(at(50ms));
  server.stop_until(StopKind::power, at(30s));
  world_.run_until(at(40s));
  EXPECT_FALSE(call_.end) << "an idle reader learns nothing";
  (void)client;
}

awaitable<void> call_twice(Host& host, Call* call) {
  stream_socket socket(host.executor());
  const auto to = endpoint_of(*host.world().find("server"), 1);
  co_await socket.async_connect(to, use_tuple);
  co_await write_all(socket, "one");
  co_await sleep_for(host, 5s);
  call->write_error = co_await write_all(socket, "two");
  error_code end;
  call->received = co_await read_to_end(socket, end);
  call->end = end;
  call->ended_at = host.world().now();
}

TEST_F(TcpFailure, AfterARestartOldConnectionsAreReset) {
  Host& server = start_server();
  run_on(world_, "client", [this](Host& h) { return call_twice(h, &call_); });
  world_.run_until(at(1s));
  server.stop_until(StopKind::power, at(8s));
  world_.run_until(at(7s));
  EXPECT_FALSE(call_.write_error) << "the kernel took the bytes";
  EXPECT_FALSE(call_.end);
  world_.run_until(at(12s));
  EXPECT_EQ(call_.end, asio::error::connection_reset);
  EXPECT_GT(call_.ended_at, at(8s));
  EXPECT_EQ(served_.accepted, 1) << "data does not open a connection";
}

TEST_F(TcpFailure, APartitionEndsInATimeOutOfWhoeverHasDataUnderWay) {
  Host& server = start_server();
  Host& client = run_on(world_, "client", [this](Host& h) { return call_twice(h, &call_); });
  world_.run_until(at(1s));
  cut(client, server);
  cut(server, client);
  world_.run_until(at(5s + kUserTimeout + kLongestRetransmit + 1s));
  EXPECT_EQ(call_.end, asio::error::timed_out);
  EXPECT_GE(call_.ended_at, at(5s + kUserTimeout));
  EXPECT_EQ(served_.received, "");
  EXPECT_FALSE(served_.end) << "the other side has nothing to send and learns nothing";
}

TEST_F(TcpFailure, APartitionThatEndsInTimeOnlyDelays) {
  Host& server = start_server();
  Host& client = run_on(world_, "client", [this](Host& h) { return call_twice(h, &call_); });
  world_.run_until(at(1s));
  const auto forth = cut(client, server);
  const auto back = cut(server, client);
  world_.run_until(at(12s));
  world_.network().remove_rule(forth);
  world_.network().remove_rule(back);
  world_.run_until(at(20s));
  EXPECT_FALSE(call_.end);
  client.stop(StopKind::process);
  world_.run_until(at(21s));
  EXPECT_EQ(served_.received, "onetwo");
  EXPECT_EQ(served_.end, asio::error::connection_reset);
}

// The data arrives, the acknowledgement does not: it is sent again and again, and must
// not be delivered twice.
TEST_F(TcpFailure, OneWayPartitionDeliversOnceAndTimesOut) {
  Host& server = start_server();
  Host& client = run_on(world_, "client", [this](Host& h) { return call_twice(h, &call_); });
  world_.run_until(at(1s));
  cut(server, client);
  world_.run_until(at(5s + kUserTimeout + kLongestRetransmit + 1s));
  EXPECT_EQ(call_.end, asio::error::timed_out);
  EXPECT_EQ(served_.received, "onetwo");
  EXPECT_EQ(served_.end, asio::error::connection_reset) << "the way to the server is open";
  EXPECT_GT(world_.network().statistics().retransmitted, 3u);
}

TEST_F(TcpFailure, APartitionHitsWhatIsInFlight) {
  world_.network().set_default_link({.latency_base = 100ms, .latency_jitter = 0ns, .tail_ppm = 0});
  Host& server = start_server();
  Host& client = start_client();  // connected at 200 ms; "hello" arrives at 300 ms
  world_.run_until(at(250ms));
  ASSERT_TRUE(call_.connected);
  cut(client, server);
  const auto blocked = world_.network().statistics().blocked;
  world_.run_until(at(310ms));
  EXPECT_EQ(world_.network().statistics().blocked, blocked + 1);
}

TEST_F(TcpFailure, LossAloneNeitherDropsNorDoublesARequest) {
  world_.network().set_default_link({.loss_ppm = 400'000, .duplicate_ppm = 400'000});
  start_server();
  Host& client = start_client(std::string(1'000, 'x'));
  world_.run_until(at(3min));
  client.stop(StopKind::process);
  world_.run_until(at(6min));
  EXPECT_EQ(served_.received, std::string(1'000, 'x'));
  EXPECT_EQ(served_.accepted, 1);
}

}  // namespace
}  // namespace simnet
