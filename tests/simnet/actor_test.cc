// Actors: the events they make, what they give back, what ends them.
#include "simnet/actor.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/strand.hpp>
#include <stdexcept>
#include <vector>

#include "simnet/spawn.h"
#include "tests/simnet/link_support.h"

namespace simnet {
namespace {

using namespace support;

Host& host_with(World& world, const std::string& name, Host::Program program) {
  Host& host = world.add_host({name, "here"});
  host.set_program(std::move(program));
  host.boot();
  return host;
}

// A host that runs one actor, made by start(host) at each boot.
template <class Start>
Host& act_on(World& world, const std::string& name, Start start) {
  return host_with(world, name, [start](Host& self) {
    spawn(self, start(self));
    return std::shared_ptr<void>();
  });
}

actor<int> add_slowly(int a, int b) {
  co_await simnet::sleep_for(1ms);
  co_return a + b;
}

actor<int> add_at_once(int a, int b) { co_return a + b; }

actor<> fail_after(Duration duration) {
  co_await simnet::sleep_for(duration);
  throw std::runtime_error("as planned");
}

TEST(Actor, GivesBackWhatItCalledAndWhen) {
  World world(1);
  std::vector<Duration> times;
  int sum = 0;
  struct Work {
    static actor<> run(World* world, std::vector<Duration>* times, int* sum) {
      *sum = co_await add_slowly(1, 2);
      times->push_back(world->now().time_since_epoch());
      *sum += co_await add_at_once(10, 20);
      times->push_back(world->now().time_since_epoch());
      co_await simnet::sleep_until(steady_clock::time_point(5ms));
      times->push_back(world->now().time_since_epoch());
    }
  };
  act_on(world, "h", [&](Host&) { return Work::run(&world, &times, &sum); });
  world.run_until(at(1s));
  EXPECT_EQ(sum, 33);
  EXPECT_EQ(times, (std::vector<Duration>{1ms, 1ms, 5ms}));
}

// The same work as an awaitable and as an actor: one digest.
template <class Coroutine, class Nap>
Coroutine echo(Host& host, Nap) {
  datagram_socket socket(host.executor(), {asio::ip::udp::v4(), 7});
  std::array<char, 64> message{};
  asio::ip::udp::endpoint sender;
  for (;;) {
    const std::size_t size =
        co_await socket.async_receive_from(asio::buffer(message), sender, asio::deferred);
    socket.send_to(asio::buffer(message, size), sender);
  }
}

template <class Coroutine, class Nap>
Coroutine call(Host& host, asio::ip::udp::endpoint to, Nap nap) {
  datagram_socket socket(host.executor(), asio::ip::udp::v4());
  steady_timer timer(host.executor());
  std::array<char, 64> message{};
  asio::ip::udp::endpoint sender;
  for (int i = 0; i < 20; ++i) {
    timer.expires_after(3ms);
    co_await timer.async_wait(asio::deferred);
    co_await nap(host);
    socket.send_to(asio::buffer(message), to);
    co_await socket.async_receive_from(asio::buffer(message), sender, asio::deferred);
  }
}

template <class Coroutine, class Nap>
Coroutine stream(Host& host, asio::ip::tcp::endpoint to, Nap nap) {
  co_await nap(host);
  stream_socket socket(host.executor());
  co_await socket.async_connect(to, asio::deferred);
  std::array<char, 100> bytes{};
  for (int i = 0; i < 5; ++i) {
    co_await asio::async_write(socket, asio::buffer(bytes), asio::deferred);
    co_await asio::async_read(socket, asio::buffer(bytes), asio::deferred);
  }
}

template <class Coroutine, class Nap>
Coroutine serve(Host& host, Nap) {
  acceptor acceptor(host.executor(), any_address(9));
  stream_socket socket = co_await acceptor.async_accept(asio::deferred);
  std::array<char, 64> bytes{};
  for (;;) {
    const std::size_t size = co_await socket.async_read_some(asio::buffer(bytes), asio::deferred);
    co_await socket.async_write_some(asio::buffer(bytes, size), asio::deferred);
  }
}

struct Outcome {
  std::uint64_t digest = 0;
  std::uint64_t events = 0;
};

template <class Coroutine, class Nap, class Start>
Outcome run_work(Nap nap, Start start) {
  World world(3);
  Host& server = host_with(world, "server", [=](Host& self) {
    start(self, echo<Coroutine>(self, nap));
    start(self, serve<Coroutine>(self, nap));
    return std::shared_ptr<void>();
  });
  Host& client = world.add_host({"client", "here"});
  client.set_program([=, &server](Host& self) {
    start(self, call<Coroutine>(self, udp_endpoint(server, 7), nap));
    start(self, stream<Coroutine>(self, endpoint_of(server, 9), nap));
    return std::shared_ptr<void>();
  });
  world.at(at(1ms), [&client] { client.boot(); });
  world.at(at(20ms), [&] { client.pause(); });
  world.at(at(25ms), [&] { client.resume(); });
  world.at(at(30ms), [&] { client.clock().set_drift(world.now(), 100'000); });
  // Also from outside of any task.
  world.run_until(at(2ms));
  start(client, call<Coroutine>(client, udp_endpoint(server, 7), nap));
  world.run_until(at(1s));
  return {world.digest().value(), world.digest().events()};
}

awaitable<void> nap_with_timer(Host& host) {
  steady_timer timer(host.executor(), 2ms);
  co_await timer.async_wait(asio::deferred);
}

TEST(Actor, MakesTheEventsOfAnAwaitable) {
  const Outcome awaitables =
      run_work<awaitable<void>>(nap_with_timer, [](Host& host, awaitable<void> work) {
        asio::co_spawn(host.executor(), std::move(work), asio::detached);
      });
  const Outcome actors =
      run_work<actor<>>([](Host&) { return simnet::sleep_for(2ms); },
                        [](Host& host, actor<> work) {
                          spawn(host, std::move(work), [](const std::exception_ptr&) {});
                        });
  EXPECT_GT(awaitables.events, 150u);
  EXPECT_EQ(awaitables.events, actors.events);
  EXPECT_EQ(awaitables.digest, actors.digest);
}

TEST(Actor, AnExceptionGoesToTheCallerThenOutOfTheProcess) {
  struct Work {
    static actor<> run(int* caught) {
      try {
        co_await fail_after(1ms);
      } catch (const std::runtime_error&) {
        ++*caught;
      }
      co_await fail_after(1ms);
      ++*caught;
    }
  };
  World world(1);
  int caught = 0;
  Host& host = act_on(world, "h", [&caught](Host&) { return Work::run(&caught); });
  host.set_restart_delay(1h);
  world.run_until(at(1s));
  EXPECT_EQ(caught, 1);
  ASSERT_EQ(world.aborts().size(), 1u);
  EXPECT_EQ(world.aborts()[0].what, "as planned");
  EXPECT_EQ(world.aborts()[0].at, at(2ms));
  EXPECT_FALSE(host.up());
}

actor<> fail_at_once() {
  throw std::runtime_error("at once");
  co_return;
}

TEST(Actor, ACompletionGetsResultOrExceptionAndNeverInsideSpawn) {
  World world(1);
  std::vector<std::string> told;
  bool inside = false;
  host_with(world, "h", [&](Host& self) {
    inside = true;
    spawn(self, add_at_once(1, 2), [&](const std::exception_ptr& error, int sum) {
      told.push_back((error || inside ? "wrong " : "") + std::to_string(sum));
    });
    spawn(self, add_slowly(3, 4), [&](const std::exception_ptr& error, int sum) {
      told.push_back((error ? "wrong " : "") + std::to_string(sum));
    });
    spawn(self, fail_at_once(),
          asio::bind_executor(asio::make_strand(self.executor()),
                              [&](const std::exception_ptr& error) {
                                told.push_back(error && !inside ? "error" : "wrong");
                              }));
    inside = false;
    return std::shared_ptr<void>();
  });
  world.run_until(at(1s));
  EXPECT_EQ(told, (std::vector<std::string>{"3", "error", "7"}));
  EXPECT_TRUE(world.aborts().empty());
}

TEST(Actor, AnAwaitableWaitsForOne) {
  World world(1);
  int sum = 0;
  struct Work {
    static awaitable<void> run(Host* host, int* sum) {
      *sum = co_await spawn(*host, add_slowly(20, 22), asio::use_awaitable);
    }
  };
  run_on(world, "h", [&sum](Host& host) { return Work::run(&host, &sum); });
  world.run_until(at(1s));
  EXPECT_EQ(sum, 42);
}

// Each co_await ends at once: the stack must not grow, in no build.
TEST(Actor, AMillionCallsThatNeverWait) {
  struct Work {
    static actor<> run(std::uint64_t* sum) {
      for (int i = 0; i < 1'000'000; ++i) {
        *sum += static_cast<std::uint64_t>(co_await add_at_once(i, 1));
      }
    }
  };
  World world(1);
  std::uint64_t sum = 0;
  act_on(world, "h", [&sum](Host&) { return Work::run(&sum); });
  world.run_until(at(1s));
  EXPECT_EQ(sum, 500'000'500'000u);
}

TEST(Actor, SleepsByTheClockOfItsHostAndStandsStillInAPause) {
  struct Work {
    static actor<> run(World* world, std::vector<Duration>* woke) {
      for (;;) {
        co_await simnet::sleep_for(10ms);
        woke->push_back(world->now().time_since_epoch());
      }
    }
  };
  World world(1);
  std::vector<Duration> woke;
  Host& host = act_on(world, "h", [&](Host&) { return Work::run(&world, &woke); });
  world.at(at(15ms), [&] { host.pause(); });
  world.at(at(33ms), [&] { host.resume(); });
  world.at(at(42ms), [&] { host.clock().set_drift(world.now(), -500'000); });  // half speed
  world.run_until(at(70ms));
  EXPECT_EQ(woke, (std::vector<Duration>{10ms, 33ms, 43ms, 63ms}));
}

TEST(Actor, ASleepBeyondAllTimeAndOneInThePast) {
  struct Work {
    static actor<> run(int* woke) {
      co_await simnet::sleep_for(-1s);
      ++*woke;
      co_await simnet::sleep_until(steady_clock::time_point(-5s));
      ++*woke;
      co_await simnet::sleep_for(Duration::max());
      ++*woke;
    }
  };
  World world(1);
  int woke = 0;
  act_on(world, "h", [&woke](Host&) { return Work::run(&woke); });
  world.run_until(at(24h));
  EXPECT_EQ(woke, 2);
}

// Errors as values, and operations whose results are no error and bytes.
TEST(Actor, WaitsForOperationsWithTasksOfTheirOwn) {
  struct Work {
    static actor<> run(Host* host, std::vector<std::string>* told) {
      const auto as_tuple = asio::as_tuple(asio::deferred);
      stream_socket socket(host->executor());
      const asio::ip::tcp::endpoint nobody(host->address(), 99);
      const auto [refused] = co_await socket.async_connect(nobody, as_tuple);
      told->push_back(refused.message());
      datagram_socket closed(host->executor());
      std::array<char, 4> bytes;
      const auto [error, size] = co_await closed.async_receive(asio::buffer(bytes), as_tuple);
      (void)size;
      told->push_back(error.message());
      co_await asio::post(co_await asio::this_coro::executor, asio::deferred);
      co_await asio::dispatch(host->executor(), asio::deferred);
      told->push_back("end");
    }
  };
  World world(1);
  std::vector<std::string> told;
  act_on(world, "h", [&told](Host& host) { return Work::run(&host, &told); });
  world.run_until(at(1s));
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told[0], error_code(asio::error::connection_refused).message());
  EXPECT_EQ(told[1], error_code(asio::error::bad_descriptor).message());
  EXPECT_TRUE(world.aborts().empty());
}

// A wait that was cancelled leaves an entry in the queue, which wakes nobody later.
TEST(Actor, AnEntryOfACancelledWaitWakesNobody) {
  struct Work {
    static actor<> run(World* world, steady_timer* timer, std::vector<Duration>* woke) {
      timer->expires_after(20ms);
      try {
        co_await timer->async_wait(asio::deferred);
      } catch (const boost::system::system_error& error) {
        woke->push_back(error.code() == asio::error::operation_aborted ? 0ms : 1ms);
      }
      for (int i = 0; i < 4; ++i) {
        co_await simnet::sleep_for(8ms);
        woke->push_back(world->now().time_since_epoch());
      }
    }
  };
  World world(1);
  std::vector<Duration> woke;
  std::unique_ptr<steady_timer> timer;
  Host& host = host_with(world, "h", [&](Host& self) {
    timer = std::make_unique<steady_timer>(self.executor());
    spawn(self, Work::run(&world, timer.get(), &woke));
    return std::shared_ptr<void>();
  });
  (void)host;
  world.at(at(5ms), [&] { timer->cancel(); });
  world.run_until(at(1s));
  EXPECT_EQ(woke, (std::vector<Duration>{0ms, 13ms, 21ms, 29ms, 37ms}));
  timer.reset();
}

}  // namespace
}  // namespace simnet
