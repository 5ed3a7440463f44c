// A crash destroys every coroutine frame, whatever it waits for: a crash at each event
// of a small workload, by process and by power.
#include <gtest/gtest.h>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include "simnet/host.h"
#include "tests/support/test_world.h"

namespace simnet {
namespace {

using namespace support;

awaitable<void> nested(Host& host, int depth, int* alive) {
  const Alive guard(*alive);
  if (depth > 0) {
    co_await nested(host, depth - 1, alive);
  } else {
    co_await sleep_for(host, 1ms);
  }
}

awaitable<void> echo(stream_socket socket, int* alive) {
  const Alive guard(*alive);
  std::array<char, 8> buffer;
  for (;;) {
    const auto [error, count] = co_await socket.async_read_some(asio::buffer(buffer), use_tuple);
    if (error) {
      co_return;
    }
    co_await write_all(socket, std::string_view(buffer.data(), count));
  }
}

awaitable<void> serve(Host& host, int* alive) {
  const Alive guard(*alive);
  acceptor acceptor(host.executor(), any_address(1));
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(use_tuple);
    if (!error) {
      spawn(host, echo(std::move(socket), alive));
    }
  }
}

awaitable<void> accept_for_ever(Host& host, int* alive) {
  const Alive guard(*alive);
  co_await accept_one(host, 2);
}

awaitable<void> wait_for_either(Host& host, int* alive) {
  using namespace asio::experimental::awaitable_operators;
  const Alive guard(*alive);
  co_await (nested(host, 1, alive) || sleep_for(host, 1h));
}

awaitable<void> call(Host& host, int* alive) {
  const Alive guard(*alive);
  spawn(host, nested(host, 3, alive));
  spawn(host, wait_for_either(host, alive));
  spawn(host, accept_for_ever(host, alive));
  stream_socket socket(host.executor());
  const auto to = endpoint_of(*host.world().find("server"), 1);
  const auto [error] = co_await socket.async_connect(to, use_tuple);
  if (error) {
    co_return;
  }
  for (int i = 0; i < 6; ++i) {
    co_await write_all(socket, "0123456789abcdef");
    std::array<char, 16> buffer;
    co_await socket.async_read_some(asio::buffer(buffer), use_tuple);
    co_await nested(host, 2, alive);
  }
}

struct CrashStage {
  CrashStage() : world(5) {
    run_on(world, "server", [this](Host& h) { return serve(h, &alive); });
    run_on(world, "client", [this](Host& h) { return call(h, &alive_client); });
  }
  int alive = 0;
  int alive_client = 0;
  World world;
};

int events_of_the_workload() {
  CrashStage stage;
  int events = 0;
  while (stage.world.now() < at(100ms) && stage.world.step()) {
    ++events;
  }
  EXPECT_GT(stage.alive, 0);
  return events;
}

class CrashLeak : public ::testing::TestWithParam<StopKind> {};

TEST_P(CrashLeak, NoFrameSurvivesACrashAtAnyEvent) {
  const int events = events_of_the_workload();
  ASSERT_GT(events, 60);
  for (int crash_at = 0; crash_at <= events; ++crash_at) {
    CrashStage stage;
    for (int i = 0; i < crash_at; ++i) {
      stage.world.step();
    }
    for (const char* name : {"server", "client"}) {
      stage.world.find(name)->stop_until(GetParam(), stage.world.now() + 50ms);
    }
    ASSERT_EQ(stage.alive, 0) << "server, event " << crash_at;
    ASSERT_EQ(stage.alive_client, 0) << "client, event " << crash_at;
    stage.world.run_until(stage.world.now() + 1s);
    ASSERT_EQ(stage.world.find("client")->incarnation(), crash_at < 2 ? 1u : 2u);
    ASSERT_GE(stage.alive, 1) << "the server works again, event " << crash_at;
    ASSERT_EQ(stage.alive_client, 1) << "the new client is done, event " << crash_at;
    ASSERT_TRUE(stage.world.aborts().empty());
  }
}

TEST_P(CrashLeak, TheOtherSideOutlivesACrashAtAnyEvent) {
  const int events = events_of_the_workload();
  for (int crash_at = 0; crash_at <= events; ++crash_at) {
    CrashStage stage;
    for (int i = 0; i < crash_at; ++i) {
      stage.world.step();
    }
    stage.world.find("server")->stop_until(GetParam(), stage.world.now() + 50ms);
    ASSERT_EQ(stage.alive, 0) << "event " << crash_at;
    stage.world.run_until(stage.world.now() + 30s);
    ASSERT_LE(stage.alive_client, 2) << "event " << crash_at;
    ASSERT_TRUE(stage.world.aborts().empty());
  }
}

TEST(CrashLeak, TheEndOfTheWorldIsACrashToo) {
  int alive = 0;
  {
    World world(5);
    run_on(world, "server", [&](Host& h) { return serve(h, &alive); });
    run_on(world, "client", [&](Host& h) { return call(h, &alive); });
    world.run_until(at(3ms));
    EXPECT_GT(alive, 5);
  }
  EXPECT_EQ(alive, 0);
}

INSTANTIATE_TEST_SUITE_P(Both, CrashLeak, ::testing::Values(StopKind::process, StopKind::power),
                         [](const auto& info) {
                           return info.param == StopKind::process ? "Process" : "Power";
                         });

}  // namespace
}  // namespace simnet
