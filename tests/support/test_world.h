// Small helpers for tests of simulated hosts. Coroutines take named objects that the
// test keeps alive until the world is gone.
#pragma once

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "simnet/acceptor.h"
#include "simnet/stream_socket.h"
#include "simnet/timer.h"
#include "simnet/world.h"

namespace support {

namespace asio = boost::asio;
using asio::awaitable;
using simnet::error_code;
using namespace std::chrono_literals;

inline constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);

inline simnet::Time at(simnet::Duration since_start) { return simnet::Time(since_start); }

inline asio::ip::tcp::endpoint any_address(std::uint16_t port) {
  return {asio::ip::tcp::v4(), port};
}
inline asio::ip::tcp::endpoint endpoint_of(const simnet::Host& host, std::uint16_t port) {
  return {host.address(), port};
}

inline void spawn(simnet::Host& host, awaitable<void> work) {
  asio::co_spawn(host.executor(), std::move(work), [](std::exception_ptr error) {
    if (error) {
      std::rethrow_exception(error);
    }
  });
}

// A host whose process, at each boot, is the coroutine start(host).
template <class Start>
simnet::Host& run_on(simnet::World& world, const std::string& name, Start start) {
  simnet::Host& host = world.add_host({name, "here"});
  host.set_program([start](simnet::Host& self) {
    spawn(self, start(self));
    return std::shared_ptr<void>();
  });
  host.boot();
  return host;
}

inline awaitable<void> sleep_for(simnet::Host& host, simnet::Duration duration) {
  simnet::steady_timer timer(host.executor(), duration);
  co_await timer.async_wait(use_tuple);
}

// Accepts one connection on the port; a null socket when that fails.
inline awaitable<simnet::stream_socket> accept_one(simnet::Host& host, std::uint16_t port) {
  simnet::acceptor acceptor(host.executor(), any_address(port));
  auto [error, socket] = co_await acceptor.async_accept(use_tuple);
  (void)error;
  co_return std::move(socket);
}

// REQUIRES: the bytes outlive the call.
inline awaitable<error_code> write_all(simnet::stream_socket& socket, std::string_view bytes) {
  const auto [error, count] = co_await asio::async_write(socket, asio::buffer(bytes), use_tuple);
  (void)count;
  co_return error;
}

// What can be read until the first error, which goes to `end`.
inline awaitable<std::string> read_to_end(simnet::stream_socket& socket, error_code& end) {
  std::string all;
  std::array<char, 4096> buffer;
  for (;;) {
    const auto [error, count] = co_await socket.async_read_some(asio::buffer(buffer), use_tuple);
    all.append(buffer.data(), count);
    if (error) {
      end = error;
      co_return all;
    }
  }
}

// Counts the living: put one into every frame that must not leak.
class Alive {
 public:
  explicit Alive(int& count) : count_(count) { ++count_; }
  Alive(const Alive& other) : count_(other.count_) { ++count_; }
  Alive& operator=(const Alive&) = delete;
  ~Alive() { --count_; }

 private:
  int& count_;
};

}  // namespace support
