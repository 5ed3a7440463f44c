// Bytes arrive in order, once and to the last one, whatever the network does short of
// cutting the connection off.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "simnet/tcp.h"
#include "tests/support/test_world.h"

namespace simnet {
namespace {

using namespace support;

std::string pattern(std::size_t size, unsigned salt) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<char>((i * 131 + (i >> 8) * 7 + salt) & 0xff);
  }
  return bytes;
}

struct Side {
  std::vector<int> write_sizes;
  int read_size = 100;
  Duration pause_between_reads{};
  std::string sent;
  std::string received;
  error_code write_error;
  error_code end;
  bool writer_done = false;
  Time done_at{};
};

awaitable<void> write_side(stream_socket* socket, Side* side) {
  unsigned salt = 0;
  for (const int size : side->write_sizes) {
    const std::string bytes = pattern(static_cast<std::size_t>(size), ++salt);
    side->sent += bytes;
    side->write_error = co_await write_all(*socket, bytes);
    if (side->write_error) {
      co_return;
    }
  }
  socket->shutdown(stream_socket::shutdown_send);
  side->writer_done = true;
}

awaitable<void> read_side(Host* host, stream_socket* socket, Side* side) {
  std::string buffer(static_cast<std::size_t>(side->read_size), '\0');
  for (;;) {
    const auto [error, count] = co_await socket->async_read_some(asio::buffer(buffer), use_tuple);
    side->received.append(buffer, 0, count);
    if (error) {
      side->end = error;
      side->done_at = host->world().now();
      co_return;
    }
    if (side->pause_between_reads > 0ns) {
      co_await sleep_for(*host, side->pause_between_reads);
    }
  }
}

awaitable<void> talk(Host& host, stream_socket socket, Side* side) {
  stream_socket kept = std::move(socket);
  spawn(host, write_side(&kept, side));
  co_await read_side(&host, &kept, side);
  while (!side->writer_done && !side->write_error) {
    co_await sleep_for(host, 10ms);
  }
}

awaitable<void> server(Host& host, Side* side) {
  stream_socket socket = co_await accept_one(host, 1);
  co_await talk(host, std::move(socket), side);
}

awaitable<void> client(Host& host, Side* side) {
  stream_socket socket(host.executor());
  const auto to = endpoint_of(*host.world().find("server"), 1);
  co_await socket.async_connect(to, use_tuple);
  co_await talk(host, std::move(socket), side);
}

struct Exchange {
  Exchange(std::uint64_t seed, const LinkOptions& link) : world(seed) {
    world.network().set_default_link(link);
  }
  void run(Time until) {
    run_on(world, "server", [this](Host& h) { return server(h, &of_server); });
    run_on(world, "client", [this](Host& h) { return client(h, &of_client); });
    world.run_until(until);
  }
  World world;
  Side of_server;
  Side of_client;
};

std::vector<int> any_sizes() {
  return *rc::gen::container<std::vector<int>>(rc::gen::oneOf(
      rc::gen::inRange(1, 20), rc::gen::inRange(1, 5'000), rc::gen::inRange(60'000, 140'000)));
}

RC_GTEST_PROP(TcpBytes, BothWaysInOrderAndComplete, ()) {
  const auto ppm = rc::gen::inRange<std::uint32_t>(0, 300'000);
  Exchange exchange(*rc::gen::arbitrary<std::uint64_t>(),
                    {.latency_base = Duration(*rc::gen::inRange(0, 5'000'000)),
                     .latency_jitter = Duration(*rc::gen::inRange(0, 20'000'000)),
                     .tail_extra = 50ms,
                     .tail_ppm = *ppm,
                     .loss_ppm = *ppm,
                     .duplicate_ppm = *ppm});
  for (Side* side : {&exchange.of_server, &exchange.of_client}) {
    side->write_sizes = any_sizes();
    side->read_size = *rc::gen::inRange(1, 100'000);
    if (side->read_size > 2'000) {
      side->pause_between_reads = Duration(*rc::gen::inRange(0, 3'000'000));
    }
  }
  exchange.run(at(1h));
  RC_ASSERT(exchange.of_client.end == asio::error::eof);
  RC_ASSERT(exchange.of_server.end == asio::error::eof);
  RC_ASSERT(exchange.of_client.writer_done && exchange.of_server.writer_done);
  RC_ASSERT(exchange.of_server.received == exchange.of_client.sent);
  RC_ASSERT(exchange.of_client.received == exchange.of_server.sent);
}

TEST(TcpBytes, LossAndDuplicationReallyHappenAndCostTime) {
  Time done[2];
  for (const std::uint32_t ppm : {0u, 300'000u}) {
    Exchange exchange(4, {.loss_ppm = ppm, .duplicate_ppm = ppm});
    exchange.of_client.write_sizes.assign(20, 1'000);
    exchange.run(at(10min));
    EXPECT_TRUE(exchange.of_server.received == exchange.of_client.sent);
    done[ppm == 0 ? 0 : 1] = exchange.of_server.done_at;
    const NetworkStatistics& statistics = exchange.world.network().statistics();
    EXPECT_EQ(statistics.lost > 0, ppm > 0);
    EXPECT_EQ(statistics.duplicated > 0, ppm > 0);
    EXPECT_EQ(statistics.retransmitted > 0, ppm > 0);
  }
  EXPECT_GT(done[1] - done[0], kFirstRetransmit);
}

TEST(TcpBytes, HalfCloseLeavesTheOtherDirectionOpen) {
  Exchange exchange(1, {});
  exchange.of_client.write_sizes = {};  // shuts down at once
  exchange.of_server.write_sizes.assign(10, 30'000);
  exchange.of_client.read_size = 1'000;
  exchange.of_client.pause_between_reads = 1ms;
  exchange.run(at(1min));
  EXPECT_EQ(exchange.of_server.end, asio::error::eof);
  EXPECT_LT(exchange.of_server.done_at, at(10ms));
  EXPECT_TRUE(exchange.of_client.received == exchange.of_server.sent);
  EXPECT_GT(exchange.of_client.done_at, at(300ms));
}

// ---- Back-pressure ----

struct Slow {
  std::size_t accepted = 0;  // bytes that the writer got rid of
  bool written = false;
  std::string received;
  std::size_t first_read = 0;
  bool go_on = false;
};

awaitable<void> write_much(Host& host, Slow* slow, std::size_t total) {
  stream_socket socket(host.executor());
  const auto to = endpoint_of(*host.world().find("server"), 1);
  co_await socket.async_connect(to, use_tuple);
  co_await sleep_for(host, 10ms);
  const std::string bytes = pattern(total, 3);
  while (slow->accepted < total) {
    const auto rest = asio::buffer(asio::buffer(bytes) + slow->accepted, 1'000);
    const auto [error, count] = co_await socket.async_write_some(rest, use_tuple);
    if (error) {
      co_return;
    }
    slow->accepted += count;
  }
  slow->written = true;
  socket.shutdown(stream_socket::shutdown_send);
  co_await sleep_for(host, 1h);
}

awaitable<void> read_late(Host& host, Slow* slow) {
  stream_socket socket = co_await accept_one(host, 1);
  co_await sleep_for(host, 1s);
  std::string buffer(slow->first_read, '\0');
  const auto [error, count] = co_await socket.async_read_some(asio::buffer(buffer), use_tuple);
  slow->received.append(buffer, 0, error ? 0 : count);
  while (!slow->go_on) {
    co_await sleep_for(host, 10ms);
  }
  error_code end;
  slow->received += co_await read_to_end(socket, end);
}

TEST(TcpBackPressure, AWriterWaitsForTheReader) {
  constexpr std::size_t kTotal = 3 * kWindow_bytes;
  World world(1);
  Slow slow;
  slow.first_read = kWindow_bytes;
  run_on(world, "server", [&](Host& h) { return read_late(h, &slow); });
  run_on(world, "client", [&](Host& h) { return write_much(h, &slow, kTotal); });
  world.run_until(at(900ms));
  EXPECT_EQ(slow.accepted, kWindow_bytes);
  world.run_until(at(1100ms));
  EXPECT_EQ(slow.accepted, 2 * kWindow_bytes);
  slow.go_on = true;
  world.run_until(at(3s));
  EXPECT_TRUE(slow.written);
  EXPECT_TRUE(slow.received == pattern(kTotal, 3));
}

// What is left unread may be less than a window: then the rest must still fit.
TEST(TcpBackPressure, APartOfTheBufferIsEnoughToGoOn) {
  World world(1);
  Slow slow;
  slow.first_read = kWindow_bytes - 1'000;
  run_on(world, "server", [&](Host& h) { return read_late(h, &slow); });
  run_on(world, "client", [&](Host& h) { return write_much(h, &slow, kWindow_bytes + 5'000); });
  world.run_until(at(2s));
  EXPECT_TRUE(slow.written);
}

// A lost segment must not make the receiver's buffer boundless.
TEST(TcpBackPressure, WhatArrivesEarlyFillsTheWindowToo) {
  World world(1);
  Slow slow;
  Host& server = run_on(world, "server", [&](Host& h) { return read_late(h, &slow); });
  Host& client =
      run_on(world, "client", [&](Host& h) { return write_much(h, &slow, 10 * kWindow_bytes); });
  world.run_until(at(5ms));
  const auto rule =
      world.network().add_rule({.from = {client.id()}, .to = {server.id()}, .loss_ppm = 1'000'000});
  while (slow.accepted == 0) {
    world.step();
  }
  world.network().remove_rule(rule);  // only the first segments are lost
  world.run_until(world.now() + 100ms);
  EXPECT_GT(slow.accepted, 10'000u);
  EXPECT_LE(slow.accepted, kWindow_bytes);
}

}  // namespace
}  // namespace simnet
