// One contract of Asio's sockets and timers, for real Boost.Asio and for simnet.
//
// The suites of this folder are parameterised over a Machines type:
//
//   class Machines {
//     using tcp = ...;           // with tcp::socket, acceptor, resolver, endpoint
//     using udp = ...;
//     using steady_timer = ...;
//     static auto async_connect(arguments of asio::async_connect);
//     static constexpr bool kOrderedDatagrams;  // the network never reorders them
//     static constexpr bool kHasIcmp;  // a sender learns that nobody has the port
//     asio::any_io_executor left(), right();    // two machines, perhaps the same one
//     asio::ip::address left_address(), right_address();
//     std::string left_name(), right_name();    // what a resolver knows them by
//     bool run_until(predicate, Duration limit);  // false: the limit passed first
//     void run_for(Duration duration);
//   };
//
// Real Asio on Linux is the reference: what a test expects was seen there. Where it
// depends on timing, the test names every outcome that is allowed.
//
// Limits: IPv4 only. No blocking call, since a simulated program has nobody to wait
// for: a synchronous operation is non-blocking or one that never blocks.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace contract {

namespace asio = boost::asio;
using boost::system::error_code;
using namespace std::chrono_literals;
using Duration = std::chrono::nanoseconds;

// A limit for what must happen, and a while in which something would have happened.
inline constexpr Duration kPatience = 5s;
inline constexpr Duration kWhile = 20ms;

inline const error_code kSuccess;

// What a completion handler was told. Handlers share the state, so one that is never
// called, or called late, is harmless.
class Outcome {
  struct State {
    int calls = 0;
    error_code error;
    std::size_t bytes = 0;
  };

 public:
  class Handler {
   public:
    explicit Handler(std::shared_ptr<State> state) : state_(std::move(state)) {}
    void operator()(error_code error, std::size_t bytes = 0) {
      ++state_->calls;
      state_->error = error;
      state_->bytes = bytes;
    }

   private:
    std::shared_ptr<State> state_;
  };

  Handler handler() const { return Handler(state_); }
  bool done() const { return state_->calls != 0; }
  int calls() const { return state_->calls; }
  // in_progress as long as the handler was not called.
  error_code error() const {
    return done() ? state_->error : make_error_code(asio::error::in_progress);
  }
  std::size_t bytes() const { return state_->bytes; }

 private:
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

template <class Socket>
struct SocketPair {
  Socket left;
  Socket right;
};

template <class Machines>
class NetContract : public ::testing::Test {
 protected:
  using tcp = typename Machines::tcp;
  using tcp_socket = typename tcp::socket;
  using tcp_acceptor = typename tcp::acceptor;
  using tcp_endpoint = typename tcp::endpoint;
  using udp_socket = typename Machines::udp::socket;
  using udp_endpoint = typename Machines::udp::endpoint;

  // Runs until each operation is complete; each must have completed once.
  template <class... Outcomes>
  void finish(const Outcomes&... outcomes) {
    const bool all = machines_.run_until([&] { return (outcomes.done() && ...); }, kPatience);
    EXPECT_TRUE(all) << "an operation did not complete";
    EXPECT_TRUE(((outcomes.calls() <= 1) && ...)) << "a handler was called twice";
  }

  void pass_time() { machines_.run_for(kWhile); }

  tcp_acceptor listen_right() {
    return tcp_acceptor(machines_.right(), tcp_endpoint(machines_.right_address(), 0));
  }

  // An endpoint of the right machine on which nobody listens.
  tcp_endpoint unused_endpoint() { return listen_right().local_endpoint(); }

  SocketPair<tcp_socket> connect_to(tcp_acceptor& acceptor) {
    SocketPair<tcp_socket> pair{tcp_socket(machines_.left()), tcp_socket(machines_.right())};
    Outcome connected;
    Outcome accepted;
    acceptor.async_accept(pair.right, accepted.handler());
    pair.left.async_connect(acceptor.local_endpoint(), connected.handler());
    finish(connected, accepted);
    EXPECT_EQ(connected.error(), kSuccess);
    EXPECT_EQ(accepted.error(), kSuccess);
    return pair;
  }

  SocketPair<tcp_socket> connect_pair() {
    tcp_acceptor acceptor = listen_right();
    return connect_to(acceptor);
  }

  udp_socket bind_udp_left() {
    return udp_socket(machines_.left(), udp_endpoint(machines_.left_address(), 0));
  }
  udp_socket bind_udp_right() {
    return udp_socket(machines_.right(), udp_endpoint(machines_.right_address(), 0));
  }

  template <class Socket>
  void write_all(Socket& socket, std::string_view text) {
    Outcome written;
    asio::async_write(socket, asio::buffer(text), written.handler());
    finish(written);
    EXPECT_EQ(written.error(), kSuccess);
    EXPECT_EQ(written.bytes(), text.size());
  }

  template <class Socket>
  std::string read_exactly(Socket& socket, std::size_t count) {
    std::string text(count, '\0');
    Outcome read;
    asio::async_read(socket, asio::buffer(text), read.handler());
    finish(read);
    EXPECT_EQ(read.error(), kSuccess);
    text.resize(read.bytes());
    return text;
  }

  // The result of reading one byte.
  template <class Socket>
  error_code read_one(Socket& socket) {
    char byte = 0;
    Outcome read;
    socket.async_read_some(asio::buffer(&byte, 1), read.handler());
    finish(read);
    return read.error();
  }

  template <class Socket>
  error_code write_one(Socket& socket) {
    Outcome written;
    socket.async_write_some(asio::buffer("x", 1), written.handler());
    finish(written);
    return written.error();
  }

  // The same, synchronously: for what is known to be there already. Asio's epoll reactor
  // tells an end or an error to an asynchronous operation once; the next operation of that
  // direction may wait for ever for an edge that has passed. The synchronous forms repeat it.
  template <class Socket>
  error_code read_now(Socket& socket) {
    char byte = 0;
    error_code error;
    socket.non_blocking(true);
    socket.read_some(asio::buffer(&byte, 1), error);
    return error;
  }

  template <class Socket>
  error_code write_now(Socket& socket) {
    error_code error;
    socket.non_blocking(true);
    socket.write_some(asio::buffer("x", 1), error);
    return error;
  }

  // Both directions carry bytes.
  template <class Socket>
  void expect_usable(SocketPair<Socket>& pair) {
    write_all(pair.left, "to the right");
    EXPECT_EQ(read_exactly(pair.right, 12), "to the right");
    write_all(pair.right, "and back");
    EXPECT_EQ(read_exactly(pair.left, 8), "and back");
  }

  // Writes until nothing more fits, here or at the peer, and nothing did for longer than
  // a kernel delays its acknowledgements (40 ms). Returns what was written.
  template <class Socket>
  std::size_t fill(Socket& socket) {
    std::size_t total = 0;
    socket.non_blocking(true);
    for (int quiet_rounds = 0; quiet_rounds < 2;) {
      const std::size_t written = write_until_full(socket, 16 * 1024) + write_until_full(socket, 1);
      total += written;
      quiet_rounds = written == 0 ? quiet_rounds + 1 : 0;
      machines_.run_for(60ms);
    }
    return total;
  }

  template <class Socket>
  std::size_t write_until_full(Socket& socket, std::size_t size) {
    const std::string block(size, 'f');
    std::size_t total = 0;
    for (;;) {
      error_code error;
      total += socket.write_some(asio::buffer(block), error);
      if (error) {
        EXPECT_EQ(error, asio::error::would_block);
        return total;
      }
    }
  }

  // No socket or timer of theirs may be left.
  void destroy_machines() { owned_.reset(); }

 private:
  std::unique_ptr<Machines> owned_ = std::make_unique<Machines>();

 protected:
  Machines& machines_ = *owned_;
};

}  // namespace contract
