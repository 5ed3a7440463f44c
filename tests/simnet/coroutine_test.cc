// Waits of coroutines that simnet resumes where they lie, and operations that end inside
// the event of the packet that completes them: the same run, whatever token and executor.
#include "simnet/coroutine.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/strand.hpp>

#include "tests/simnet/link_support.h"

namespace simnet {
namespace {

using namespace support;

struct WaitOutcome {
  std::uint64_t digest = 0;
  std::uint64_t events = 0;
  int rounds = 0;
};

template <class Token>
awaitable<void> echo(Host& host, Token token) {
  const asio::ip::udp::endpoint here(asio::ip::udp::v4(), 7);
  datagram_socket socket(host.executor(), here);
  std::array<char, 64> message{};
  asio::ip::udp::endpoint sender;
  for (;;) {
    const std::size_t size =
        co_await socket.async_receive_from(asio::buffer(message), sender, token);
    socket.send_to(asio::buffer(message, size), sender);
  }
}

template <class Token>
awaitable<void> call(Host& host, const Host& server, Token token, int* rounds) {
  datagram_socket socket(host.executor(), asio::ip::udp::v4());
  steady_timer timer(host.executor());
  std::array<char, 64> message{};
  asio::ip::udp::endpoint sender;
  const asio::ip::udp::endpoint to = udp_endpoint(server, 7);
  for (; *rounds < 20; ++*rounds) {
    timer.expires_after(3ms);
    co_await timer.async_wait(token);
    socket.send_to(asio::buffer(message), to);
    co_await socket.async_receive_from(asio::buffer(message), sender, token);
  }
}

// `where`: makes the executor on which the client's coroutine runs.
template <class Token, class Where>
WaitOutcome run(Token token, Where where) {
  World world(3);
  WaitOutcome outcome;
  Host& server = run_on(world, "server", [token](Host& host) { return echo(host, token); });
  Host& client = world.add_host({"client", "here"});
  client.set_program([&](Host& host) {
    asio::co_spawn(where(host), call(host, server, token, &outcome.rounds), asio::detached);
    return std::shared_ptr<void>();
  });
  world.at(at(1ms), [&client] { client.boot(); });
  world.run_until(at(1s));
  outcome.digest = world.digest().value();
  outcome.events = world.digest().events();
  return outcome;
}

asio::any_io_executor plain(Host& host) { return host.executor(); }
asio::any_io_executor strand(Host& host) { return asio::make_strand(host.executor()); }

TEST(Coroutine, DeferredAndUseAwaitableAreOneRun) {
  const WaitOutcome first = run(asio::use_awaitable, plain);
  const WaitOutcome second = run(asio::deferred, plain);
  EXPECT_EQ(first.rounds, 20);
  EXPECT_EQ(second.rounds, 20);
  EXPECT_GT(first.events, 60u);
  EXPECT_EQ(first.events, second.events);
  EXPECT_EQ(first.digest, second.digest);
}

TEST(Coroutine, OnAStrandItIsResumedThroughTheStrand) {
  EXPECT_EQ(run(asio::use_awaitable, strand).rounds, 20);
  EXPECT_EQ(run(asio::deferred, strand).rounds, 20);
}

awaitable<void> wait_for_cancel(Host& host, error_code* told, Time* when) {
  steady_timer timer(host.executor(), 1h);
  try {
    co_await timer.async_wait(asio::deferred);
  } catch (const boost::system::system_error& error) {
    *told = error.code();
  }
  *when = host.world().now();
}

using CoroutineOnLink = LinkTest;

TEST_F(CoroutineOnLink, ADeferredWaitObeysTheSlotOfItsCoroutine) {
  asio::cancellation_signal signal;
  error_code told;
  Time when{};
  asio::co_spawn(a_.executor(), wait_for_cancel(a_, &told, &when),
                 asio::bind_cancellation_slot(signal.slot(), [](std::exception_ptr) {}));
  world_.at(at(5ms), [&signal] { signal.emit(asio::cancellation_type::terminal); });
  world_.run_until(at(1s));
  EXPECT_EQ(told, asio::error::operation_aborted);
  EXPECT_EQ(when, at(5ms));
}

awaitable<void> hold(Host& host, int* frames) {
  const Alive alive(*frames);
  const asio::ip::udp::endpoint here(asio::ip::udp::v4(), 5);
  datagram_socket socket(host.executor(), here);
  std::array<char, 8> message{};
  asio::ip::udp::endpoint sender;
  co_await socket.async_receive_from(asio::buffer(message), sender, asio::deferred);
}

TEST_F(CoroutineOnLink, ACrashDestroysAFrameThatAnArrivalHasCompleted) {
  int frames = 0;
  spawn(b_, hold(b_, &frames));
  world_.run_until(at(1ms));
  ASSERT_EQ(frames, 1);
  b_.pause();
  send(a_, {"x"});
  world_.run_until(at(10ms));
  EXPECT_EQ(network().statistics().delivered, 1u);
  EXPECT_EQ(frames, 1) << "a paused process is told nothing";
  b_.stop(StopKind::process);
  EXPECT_EQ(frames, 0);
}

TEST_F(CoroutineOnLink, APausedProcessIsToldLaterInTheOrderOfEvents) {
  std::vector<Datagram> arrived;
  spawn(b_, collect(b_, 5, &arrived));
  world_.run_until(at(1ms));
  b_.pause();
  send(a_, {"first", "second"}, 1ms);
  std::vector<std::size_t> seen;
  world_.at(at(2'500us),
            [&] { asio::post(b_.executor(), [&] { seen.push_back(arrived.size()); }); });
  world_.run_until(at(20ms));
  EXPECT_TRUE(arrived.empty());
  b_.resume();
  world_.run_until(at(20ms));
  EXPECT_EQ(contents(arrived), (std::vector<std::string>{"first", "second"}));
  EXPECT_EQ(seen, std::vector<std::size_t>{1}) << "posted after the first had arrived";
  EXPECT_EQ(times(arrived), (std::vector<Time>{at(20ms), at(20ms)}));
}

TEST_F(CoroutineOnLink, AnArrivalAndWhatItCompletesAreOneStep) {
  std::vector<Datagram> arrived;
  spawn(b_, collect(b_, 5, &arrived));
  send(a_, {"x"});
  for (std::uint64_t delivered = 0; delivered == 0;) {
    ASSERT_TRUE(world_.step());
    delivered = network().statistics().delivered;
  }
  EXPECT_EQ(contents(arrived), std::vector<std::string>{"x"});
}

}  // namespace
}  // namespace simnet
