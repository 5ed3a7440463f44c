// What ends an actor before its time: a crash or a cancellation at each event of a small
// workload, whatever it waits for. Every frame is destroyed; nothing runs afterwards.
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/read.hpp>

#include "simnet/resolver.h"
#include "simnet/spawn.h"
#include "tests/simnet/link_support.h"

namespace simnet {
namespace {

using namespace support;

struct Counts {
  int alive = 0;
  int finished = 0;
  int aborted = 0;
  bool spawned = false;
};

actor<int> nested(Counts* counts, int depth) {
  const Alive guard(counts->alive);
  if (depth == 0) {
    co_await simnet::sleep_for(1ms);
    co_return 0;
  }
  co_return 1 + co_await nested(counts, depth - 1);
}

actor<> echo(Host* host, Counts* counts) {
  const Alive guard(counts->alive);
  acceptor acceptor(host->executor(), any_address(9));
  stream_socket socket = co_await acceptor.async_accept(asio::deferred);
  std::array<char, 8> bytes;
  for (;;) {
    const std::size_t size = co_await socket.async_read_some(asio::buffer(bytes), asio::deferred);
    co_await asio::async_write(socket, asio::buffer(bytes, size), asio::deferred);
  }
}

actor<> talk(Host* host, Counts* counts) {
  const Alive guard(counts->alive);
  basic_resolver<asio::ip::tcp> resolver(host->executor());
  const auto found = co_await resolver.async_resolve("server", "9", asio::deferred);
  stream_socket socket(host->executor());
  co_await socket.async_connect(found.begin()->endpoint(), asio::deferred);
  steady_timer timer(host->executor());
  std::array<char, 24> bytes{};
  for (int i = 0; i < 3; ++i) {
    co_await asio::async_write(socket, asio::buffer(bytes), asio::deferred);
    co_await asio::async_read(socket, asio::buffer(bytes), asio::deferred);
    co_await nested(counts, 3);
    timer.expires_after(1ms);
    co_await timer.async_wait(asio::deferred);
  }
}

// Two actors that wait for each other's datagrams on sockets that the first one owns.
actor<> borrow(datagram_socket* socket, Counts* counts) {
  const Alive guard(counts->alive);
  std::array<char, 4> bytes;
  co_await socket->async_receive(asio::buffer(bytes), asio::deferred);
}

actor<> lend(Host* host, Counts* counts) {
  const Alive guard(counts->alive);
  datagram_socket socket(host->executor(), {asio::ip::udp::v4(), 5});
  spawn(*host, borrow(&socket, counts), [](const std::exception_ptr&) {});
  std::array<char, 4> bytes;
  co_await socket.async_receive(asio::buffer(bytes), asio::deferred);
}

struct Stage {
  explicit Stage(Counts& counts_in) : counts(counts_in), world(5) {
    server = &world.add_host({"server", "here"});
    server->set_program([this](Host& self) {
      spawn(self, echo(&self, &counts), [](const std::exception_ptr&) {});
      return std::shared_ptr<void>();
    });
    server->boot();
    client = &world.add_host({"client", "here"});
    client->set_program([this](Host& self) {
      spawn(self, lend(&self, &counts));
      spawn(self, nested(&counts, 2));
      spawn(self, talk(&self, &counts),
            asio::bind_cancellation_slot(signal.slot(), [this](const std::exception_ptr& error) {
              ++(error ? counts.aborted : counts.finished);
            }));
      counts.spawned = true;
      return std::shared_ptr<void>();
    });
    client->boot();
  }

  // False when nothing happens any more.
  bool step(int events) {
    for (int i = 0; i < events; ++i) {
      if (!world.step()) {
        return false;
      }
    }
    return true;
  }

  Counts& counts;
  asio::cancellation_signal signal;
  World world;
  Host* server;
  Host* client;
};

TEST(ActorEnd, TheWorkloadComesToItsEnd) {
  Counts counts;
  {
    Stage stage(counts);
    stage.world.run_until(at(1s));
    EXPECT_EQ(counts.finished, 1);
    EXPECT_EQ(counts.aborted, 0);
    EXPECT_EQ(counts.alive, 2);  // lend and borrow
  }
  EXPECT_EQ(counts.alive, 0);
}

TEST(ActorEnd, ACrashAtEachEventDestroysEveryFrame) {
  for (const StopKind kind : {StopKind::process, StopKind::power}) {
    int events = 0;
    for (bool more = true; more; ++events) {
      Counts counts;
      Stage stage(counts);
      more = stage.step(events);
      if (!counts.spawned) {
        continue;
      }
      const int aborted = counts.aborted;
      stage.client->stop(kind);
      stage.server->stop(kind);
      EXPECT_EQ(counts.alive, 0) << "after event " << events;
      stage.world.run_until(at(10s));
      EXPECT_EQ(counts.alive, 0) << "after event " << events;
      EXPECT_EQ(counts.aborted, aborted) << "after event " << events;
    }
    EXPECT_GT(events, 40);
  }
}

TEST(ActorEnd, ACrashInsideATaskOfAnotherHost) {
  for (int events = 4; events < 40; ++events) {
    Counts counts;
    Stage stage(counts);
    Host& other = stage.world.add_host({"other", "here"});
    other.set_program([&stage](Host&) {
      stage.client->stop(StopKind::process);
      return std::shared_ptr<void>();
    });
    stage.step(events);
    other.boot();
    stage.world.run_until(at(1s));
    EXPECT_FALSE(stage.client->up());
    EXPECT_LE(counts.alive, 1);  // echo
  }
}

TEST(ActorEnd, ACancellationAtEachEventEndsItsPresentWait) {
  int events = 0;
  for (bool more = true; more; ++events) {
    Counts counts;
    Stage stage(counts);
    more = stage.step(events);
    if (!counts.spawned) {
      continue;
    }
    const Time before = stage.world.now();
    const bool was_over = counts.finished != 0;
    stage.signal.emit(asio::cancellation_type::terminal);
    while (counts.finished + counts.aborted == 0 && stage.world.step()) {
    }
    EXPECT_EQ(counts.aborted, was_over ? 0 : 1) << "after event " << events;
    EXPECT_EQ(stage.world.now(), before) << "after event " << events;
    EXPECT_TRUE(stage.world.aborts().empty());
  }
  EXPECT_GT(events, 40);
}

TEST(ActorEnd, TheSignalAndTheActorMayGoInAnyOrder) {
  Counts counts;
  World world(1);
  auto signal = std::make_unique<asio::cancellation_signal>();
  Host& host = world.add_host({"h", "here"});
  host.set_program([&](Host& self) {
    spawn(self, nested(&counts, 1),
          asio::bind_cancellation_slot(signal->slot(),
                                       [&](const std::exception_ptr&, int) { ++counts.finished; }));
    return std::shared_ptr<void>();
  });
  host.boot();
  world.run_until(at(1us));
  host.stop(StopKind::process);
  signal->emit(asio::cancellation_type::terminal);  // reaches nobody
  host.boot();
  world.run_until(at(2us));
  EXPECT_EQ(counts.alive, 2);
  world.run_until(at(1s));
  EXPECT_EQ(counts.finished, 1);
  signal->emit(asio::cancellation_type::terminal);
  EXPECT_EQ(counts.alive, 0);
}

// What an actor has cancelled itself, it learns at its next wait.
TEST(ActorEnd, ACancellationHolds) {
  struct Work {
    static actor<> run(asio::cancellation_signal* signal, int* thrown) {
      signal->emit(asio::cancellation_type::total);
      for (int i = 0; i < 3; ++i) {
        try {
          co_await simnet::sleep_for(1s);
        } catch (const boost::system::system_error& error) {
          *thrown += error.code() == asio::error::operation_aborted ? 1 : 0;
        }
      }
    }
  };
  World world(1);
  asio::cancellation_signal signal;
  int thrown = 0;
  Host& host = world.add_host({"h", "here"});
  host.set_program([&](Host& self) {
    spawn(self, Work::run(&signal, &thrown),
          asio::bind_cancellation_slot(signal.slot(), [](const std::exception_ptr&) {}));
    return std::shared_ptr<void>();
  });
  host.boot();
  world.run_until(at(1ms));
  EXPECT_EQ(thrown, 3);
}

TEST(ActorEnd, OneThatIsNeverSpawnedOrComesTooLate) {
  Counts counts;
  World world(1);
  { const actor<int> unused = nested(&counts, 1); }
  Host& host = world.add_host({"h", "here"});
  struct Late {
    Host* host;
    Counts* counts;
    ~Late() { spawn(*host, nested(counts, 1)); }
  };
  host.set_program([&](Host& self) {
    return std::shared_ptr<void>(new Late{&self, &counts}, [](Late* late) { delete late; });
  });
  host.boot();
  world.run_until(at(1ms));
  host.stop(StopKind::process);
  world.run_until(at(1s));
  EXPECT_EQ(counts.alive, 0);
}

}  // namespace
}  // namespace simnet
