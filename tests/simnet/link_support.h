// For tests of links: an exact network, programs that keep what arrives and when, and one
// transfer over a stream with all that its two ends were told.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "simnet/datagram_socket.h"
#include "tests/support/test_world.h"

namespace support {

using simnet::datagram_socket;
using simnet::Host;
using simnet::LinkRule;
using simnet::stream_socket;
using simnet::Time;
using simnet::World;

inline constexpr std::uint32_t kAlways_ppm = 1'000'000;

inline simnet::LinkOptions exact_link() {
  return {.latency_base = 1ms, .latency_jitter = 0ns, .tail_extra = 0ns, .tail_ppm = 0};
}

inline LinkRule rule(const Host& from, const Host& to) {
  LinkRule result;
  result.from = {from.id()};
  result.to = {to.id()};
  return result;
}

inline asio::ip::udp::endpoint udp_endpoint(const Host& host, std::uint16_t port) {
  return {host.address(), port};
}

inline std::string counted_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<char>((i * 31 + i / 256) & 0xff);
  }
  return bytes;
}

inline int differing_bits(std::string_view a, std::string_view b) {
  int bits = 0;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    bits += __builtin_popcount(static_cast<unsigned char>(a[i] ^ b[i]));
  }
  return bits;
}

inline awaitable<void> idle(Host& host) { co_await sleep_for(host, 1'000h); }

struct Datagram {
  Time at;
  std::string bytes;
  asio::ip::udp::endpoint sender;
};

inline std::vector<std::string> contents(const std::vector<Datagram>& datagrams) {
  std::vector<std::string> all;
  for (const Datagram& datagram : datagrams) {
    all.push_back(datagram.bytes);
  }
  return all;
}

inline std::vector<Time> times(const std::vector<Datagram>& datagrams) {
  std::vector<Time> all;
  for (const Datagram& datagram : datagrams) {
    all.push_back(datagram.at);
  }
  return all;
}

// Keeps every datagram for the port.
inline awaitable<void> collect(Host& host, std::uint16_t port, std::vector<Datagram>* into) {
  const asio::ip::udp::endpoint here(asio::ip::udp::v4(), port);
  datagram_socket socket(host.executor(), here);
  std::string buffer(70'000, '\0');
  for (;;) {
    asio::ip::udp::endpoint sender;
    const auto [error, count] =
        co_await socket.async_receive_from(asio::buffer(buffer), sender, use_tuple);
    if (error) {
      co_return;
    }
    into->push_back({host.world().now(), buffer.substr(0, count), sender});
  }
}

// Sends the datagrams from now on, `gap` apart.
inline awaitable<void> send_datagrams(Host& host, asio::ip::udp::endpoint to,
                                      std::vector<std::string> datagrams, simnet::Duration gap) {
  datagram_socket socket(host.executor(), asio::ip::udp::v4());
  for (const std::string& bytes : datagrams) {
    co_await socket.async_send_to(asio::buffer(bytes), to, use_tuple);
    if (gap > 0ns) {
      co_await sleep_for(host, gap);
    }
  }
}

// A request from one host to another; the receiver only listens.
struct Transfer {
  std::string request;
  std::optional<error_code> connected;
  Time connected_at{};
  std::optional<error_code> written;
  std::optional<error_code> sender_end;
  Time sender_end_at{};
  std::string received;
  std::size_t reads = 0;
  std::optional<error_code> receiver_end;
  Time receiver_end_at{};
};

// Sends the request, with `close` also the end of it, and reads until there is an end.
inline awaitable<void> send_request(Host& host, asio::ip::tcp::endpoint to, Transfer* transfer,
                                    bool close) {
  stream_socket socket(host.executor());
  const auto [error] = co_await socket.async_connect(to, use_tuple);
  transfer->connected = error;
  transfer->connected_at = host.world().now();
  if (error) {
    co_return;
  }
  transfer->written = co_await write_all(socket, transfer->request);
  if (close) {
    error_code ignored;
    socket.shutdown(stream_socket::shutdown_send, ignored);
  }
  error_code end;
  co_await read_to_end(socket, end);
  transfer->sender_end = end;
  transfer->sender_end_at = host.world().now();
}

inline awaitable<void> receive_request(Host& host, std::uint16_t port, Transfer* transfer) {
  stream_socket socket = co_await accept_one(host, port);
  std::array<char, 4096> buffer;
  for (;;) {
    const auto [error, count] = co_await socket.async_read_some(asio::buffer(buffer), use_tuple);
    transfer->received.append(buffer.data(), count);
    ++transfer->reads;
    if (error) {
      transfer->receiver_end = error;
      transfer->receiver_end_at = host.world().now();
      co_return;
    }
  }
}

// Hosts "a", "b" and "c" that do nothing but what the test spawns on them; every packet
// takes 1 ms.
class LinkTest : public ::testing::Test {
 protected:
  LinkTest() : a_(add("a")), b_(add("b")), c_(add("c")) {
    world_.network().set_default_link(exact_link());
    world_.run_until(at(0ns));
  }

  void send(Host& from, std::vector<std::string> datagrams, simnet::Duration gap = {}) {
    spawn(from, send_datagrams(from, udp_endpoint(b_, 5), std::move(datagrams), gap));
  }
  void transfer(Transfer& transfer, std::string request, bool close = true) {
    transfer.request = std::move(request);
    spawn(b_, receive_request(b_, 1, &transfer));
    spawn(a_, send_request(a_, endpoint_of(b_, 1), &transfer, close));
  }
  simnet::Network& network() { return world_.network(); }

  World world_{21};
  Host& a_;
  Host& b_;
  Host& c_;

 private:
  Host& add(const std::string& name) {
    Host& host = world_.add_host({name, "here"});
    host.set_program([](Host&) { return std::shared_ptr<void>(); });
    host.boot();
    return host;
  }
};

}  // namespace support
