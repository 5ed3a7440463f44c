#include "system/rpc/frame.h"

#include <gtest/gtest.h>
#include <boost/asio/write.hpp>

#include <optional>

#include "system/env/async.h"
#include "tests/support/sim_machines.h"

namespace {

using namespace std::chrono_literals;
namespace asio = env::asio;
const env::Endpoint kFrameServer{"right", 9};

using FrameAnswer = std::optional<env::Result<std::string>>;

env::awaitable<std::string> shout(int* calls, std::string request) {
  ++*calls;
  co_return request + "!";
}

env::awaitable<void> call_once(rpc::FrameClient* client, std::string request, FrameAnswer* answer) {
  *answer = co_await client->call(request, 2s);
}

class Frames : public ::testing::Test {
 protected:
  Frames() { serve(); }
  void serve() {
    rpc::serve_frames(machines_.right(), 9,
                      [this](std::string request) { return shout(&calls_, std::move(request)); });
  }
  FrameAnswer call(std::string request) {
    FrameAnswer answer;
    env::spawn(machines_.left(), call_once(&client_, std::move(request), &answer));
    machines_.run(3s);
    return answer;
  }

  support::SimMachines machines_;
  int calls_ = 0;
  rpc::FrameClient client_{machines_.left(), kFrameServer};
};

TEST_F(Frames, ManyCallsOverOneConnection) {
  for (const std::string request : {"", "a", "with\0zero"}) {
    const FrameAnswer answer = call(request);
    ASSERT_TRUE(answer && *answer);
    EXPECT_EQ(**answer, request + "!");
  }
  EXPECT_EQ(calls_, 3);
}

TEST_F(Frames, TheLargestFrameGoesThroughAndALargerOneIsRefusedBeforeItIsSent) {
  const FrameAnswer fits = call(std::string(rpc::kFrameLimit_bytes - 1, 'x'));
  ASSERT_TRUE(fits && *fits);
  EXPECT_EQ((**fits).size(), rpc::kFrameLimit_bytes);
  const FrameAnswer exceeds = call(std::string(rpc::kFrameLimit_bytes + 1, 'x'));
  ASSERT_TRUE(exceeds && !*exceeds);
  EXPECT_EQ(exceeds->error(), asio::error::message_size);
  EXPECT_EQ(calls_, 1);
}

TEST_F(Frames, AnAnswerThatIsTooLargeEndsTheConnection) {
  const FrameAnswer answer = call(std::string(rpc::kFrameLimit_bytes, 'x'));  // one byte more back
  ASSERT_TRUE(answer && !*answer);
  EXPECT_EQ(calls_, 1);
  EXPECT_TRUE(*call("next"));
}

env::awaitable<void> send_raw(env::Env* env, std::string bytes, env::error_code* end) {
  env::Result<env::Stream> stream = co_await env->connect(kFrameServer, 1s);
  co_await asio::async_write(*stream, asio::buffer(bytes), env::use_tuple);
  char byte = 0;
  const auto [error, count] =
      co_await stream->async_read_some(asio::buffer(&byte, 1), env::use_tuple);
  (void)count;
  *end = error;
}

TEST_F(Frames, AnAnnouncedLengthOverTheLimitEndsTheConnection) {
  env::error_code end;
  env::spawn(machines_.left(), send_raw(&machines_.left(), "\xff\xff\xff\xff", &end));
  machines_.run(1s);
  EXPECT_EQ(end, asio::error::eof);
  EXPECT_EQ(calls_, 0);
}

TEST_F(Frames, APooledConnectionThatBrokeFailsOnceAndIsReplaced) {
  ASSERT_TRUE(*call("before"));
  machines_.right_host().stop_until(simnet::StopKind::power, machines_.world().now() + 10ms);
  machines_.run(20ms);
  serve();
  const FrameAnswer broken = call("lost");
  ASSERT_TRUE(broken && !*broken);
  EXPECT_EQ(calls_, 1);
  EXPECT_TRUE(*call("after"));
}

// Crash the server at every event of a call: the client always gets an answer or an
// error in time, and never an answer without the server having acted.
TEST(FramesUnderCrash, EveryCallEndsWhereverTheServerDies) {
  for (int crash_at = 0; crash_at < 40; ++crash_at) {
    for (const auto kind : {simnet::StopKind::process, simnet::StopKind::power}) {
      support::SimMachines machines(3);
      int calls = 0;
      rpc::serve_frames(machines.right(), 9, [&calls](std::string request) {
        return shout(&calls, std::move(request));
      });
      rpc::FrameClient client(machines.left(), kFrameServer);
      FrameAnswer answer;
      env::spawn(machines.left(), call_once(&client, "x", &answer));
      for (int i = 0; i < crash_at; ++i) {
        machines.world().step();
      }
      machines.right_host().stop(kind);
      machines.run(2s);
      ASSERT_TRUE(answer.has_value()) << "event " << crash_at;
      if (*answer) {
        EXPECT_EQ(**answer, "x!");
        EXPECT_EQ(calls, 1) << "event " << crash_at;
      }
    }
  }
}

}  // namespace
