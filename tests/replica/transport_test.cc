#include "system/replica/transport.h"

#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <memory>

#include "system/env/async.h"
#include "system/rpc/frame.h"
#include "tests/support/sim_machines.h"

namespace replica_test {
namespace {

using replica::FrameKind;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint16_t kPort = 7000;
constexpr raft::NodeId kLeft = 1;
constexpr raft::NodeId kRight = 2;

raft::Message message(std::uint64_t number, std::size_t data_bytes = 0) {
  raft::Message message;
  message.kind = raft::MessageKind::append;
  message.from = kLeft;
  message.to = kRight;
  message.term = number;
  if (data_bytes != 0) {
    message.entries = {{1, 1, raft::EntryKind::command, std::string(data_bytes, 'x')}};
  }
  return message;
}

class Recorder final : public replica::Inbox {
 public:
  explicit Recorder(env::Env& env) : env_(env) {}
  void receive(std::vector<raft::Message> messages) override {
    for (const raft::Message& each : messages) {
      terms.push_back(each.term);
      at.push_back(env_.now());
    }
  }
  bool receive_snapshot(raft::Message message, std::string bytes) override {
    snapshots.emplace_back(std::move(message), std::move(bytes));
    return take_snapshots;
  }

  std::vector<std::uint64_t> terms;
  std::vector<env::Instant> at;
  std::vector<std::pair<raft::Message, std::string>> snapshots;
  bool take_snapshots = true;

 private:
  env::Env& env_;
};

env::awaitable<void> transfer(replica::Transport* from, raft::Message message,
                              std::shared_ptr<const std::string> bytes,
                              std::optional<bool>* result) {
  *result = co_await from->send_snapshot(std::move(message), std::move(bytes));
}

// Writes bytes that are no frame, or frames that are none of ours.
env::awaitable<void> shout(env::Env* env, std::string bytes) {
  env::Endpoint to{"right", kPort};
  env::Result<env::Stream> stream = co_await env->connect(std::move(to), seconds(1));
  if (stream) {
    co_await env::asio::async_write(*stream, env::asio::buffer(bytes),
                                    env::asio::as_tuple(env::asio::use_awaitable));
    co_await env::sleep_for(*env, seconds(1));
  }
}

std::string with_length(const std::string& frame) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) {
    bytes.push_back(static_cast<char>(frame.size() >> (8 * i)));
  }
  return bytes + frame;
}

class TransportTest : public testing::Test {
 protected:
  TransportTest()
      : left_box(machines.left()),
        right_box(machines.right()),
        left(machines.left(), left_box, kPort, {{kRight, {"right", kPort}}}),
        right(machines.right(), right_box, kPort, {{kLeft, {"left", kPort}}}) {}
  ~TransportTest() override { machines.stop(); }

  void start() {
    left.start();
    right.start();
    machines.run(milliseconds(100));
  }
  void send(raft::Message message) {
    std::vector<raft::Message> messages;
    messages.push_back(std::move(message));
    left.send(std::move(messages));
  }
  raft::Message snapshot_message() {
    raft::Message message;
    message.kind = raft::MessageKind::snapshot;
    message.from = kLeft;
    message.to = kRight;
    message.snapshot = {7, 3, {{1, 2}, {}}};
    return message;
  }
  std::optional<bool> transfer_of(std::string bytes, env::Duration limit) {
    result.reset();
    env::spawn(machines.left(),
               transfer(&left, snapshot_message(),
                        std::make_shared<const std::string>(std::move(bytes)), &result));
    machines.run(limit);
    return result;
  }
  simnet::LinkRule between() {
    simnet::LinkRule rule;
    rule.from = rule.to = {1, 2};
    return rule;
  }

  support::SimMachines machines;
  Recorder left_box;
  Recorder right_box;
  replica::Transport left;
  replica::Transport right;
  std::optional<bool> result;
};

TEST_F(TransportTest, MessagesArriveInOrderAndOnce) {
  start();
  for (std::uint64_t number = 1; number <= 500; ++number) {
    send(message(number, number % 7 == 0 ? 20'000 : 0));
    if (number % 50 == 0) {
      machines.run(seconds(1));
    }
  }
  std::vector<std::uint64_t> expected(500);
  for (std::uint64_t i = 0; i < 500; ++i) {
    expected[i] = i + 1;
  }
  EXPECT_EQ(right_box.terms, expected);
}

TEST_F(TransportTest, OnlyWhoIsKnownGetsAnything) {
  start();
  raft::Message astray = message(1);
  astray.to = 9;
  send(std::move(astray));
  send(message(2));
  machines.run(seconds(1));
  EXPECT_EQ(right_box.terms, std::vector<std::uint64_t>{2});
}

TEST_F(TransportTest, APeerThatIsAwayCostsBoundedMemoryAndGetsNoOldFlood) {
  left.start();
  const auto rule = machines.world().network().add_rule([&] {
    simnet::LinkRule rule = between();
    rule.block = true;
    return rule;
  }());
  right.start();
  for (std::uint64_t number = 1; number <= 1000; ++number) {
    send(message(number, 10'000));
    machines.run(milliseconds(10));
  }
  machines.world().network().remove_rule(rule);
  machines.run(seconds(5));
  const std::size_t late = right_box.terms.size();
  EXPECT_LE(late, replica::Peer::kQueueLimit_bytes / 10'000 + 1);
  send(message(2000));
  machines.run(seconds(1));
  ASSERT_FALSE(right_box.terms.empty());
  EXPECT_EQ(right_box.terms.back(), 2000u);
}

TEST_F(TransportTest, ConnectsAnewAfterAResetAndARestart) {
  start();
  send(message(1));
  machines.run(seconds(1));
  machines.world().network().reset_connections({1}, {2});
  send(message(2));  // may be lost with the connection
  machines.run(seconds(3));
  send(message(3));
  machines.run(seconds(1));
  EXPECT_EQ(right_box.terms.front(), 1u);
  EXPECT_EQ(right_box.terms.back(), 3u);
}

TEST_F(TransportTest, AnIdleConnectionStaysUsable) {
  start();
  send(message(1));
  machines.run(std::chrono::minutes(10));
  send(message(2));
  machines.run(seconds(1));
  EXPECT_EQ(right_box.terms, (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(TransportTest, NonsenseEndsItsConnectionAndNothingElse) {
  start();
  const std::string good =
      replica::encode_frame(FrameKind::messages, replica::encode_messages({message(5)}));
  std::string flipped = good;
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  const std::string chunk =
      replica::encode_frame(FrameKind::snapshot_chunk, replica::encode({0, "bytes"}));
  const std::string answer =
      replica::encode_frame(FrameKind::snapshot_answer, replica::encode_snapshot_answer(true));
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\n\r\n"), std::string("\xff\xff\xff\xff"), with_length(""),
        with_length("x"), with_length(flipped) + with_length(good),
        with_length(chunk) + with_length(good), with_length(answer) + with_length(good)}) {
    env::spawn(machines.left(), shout(&machines.left(), bytes));
    machines.run(seconds(3));
  }
  EXPECT_TRUE(right_box.terms.empty());
  EXPECT_TRUE(machines.world().aborts().empty());
  send(message(6));
  machines.run(seconds(1));
  EXPECT_EQ(right_box.terms, std::vector<std::uint64_t>{6});
}

TEST_F(TransportTest, ASnapshotArrivesWhole) {
  start();
  std::string bytes(1'000'000, 'a');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(i * 31 >> 3);
  }
  for (const std::size_t size : {bytes.size(), std::size_t{0}, replica::kChunk_bytes}) {
    EXPECT_EQ(transfer_of(bytes.substr(0, size), seconds(10)), true);
    ASSERT_FALSE(right_box.snapshots.empty());
    EXPECT_EQ(right_box.snapshots.back().first, snapshot_message());
    EXPECT_EQ(right_box.snapshots.back().second, bytes.substr(0, size));
  }
  EXPECT_EQ(right_box.snapshots.size(), 3u);
  right_box.take_snapshots = false;
  EXPECT_EQ(transfer_of("x", seconds(10)), false);
}

TEST_F(TransportTest, ASnapshotThatIsDamagedOrDoesNotArriveIsReported) {
  start();
  simnet::LinkRule rule = between();
  rule.flip_ppm = 300'000;
  rule.checksum = false;
  const auto flips = machines.world().network().add_rule(rule);
  EXPECT_EQ(transfer_of(std::string(500'000, 'a'), std::chrono::minutes(2)), false);
  EXPECT_TRUE(right_box.snapshots.empty());
  machines.world().network().remove_rule(flips);
  rule = between();
  rule.block = true;
  machines.world().network().add_rule(rule);
  EXPECT_EQ(transfer_of("x", std::chrono::minutes(2)), false);
}

TEST_F(TransportTest, AHeartbeatDoesNotWaitBehindASnapshot) {
  start();
  simnet::LinkRule rule = between();
  rule.bandwidth_bytes_per_s = 100'000;
  machines.world().network().add_rule(rule);
  const env::Instant begin = machines.left().now();
  env::spawn(machines.left(),
             transfer(&left, snapshot_message(),
                      std::make_shared<const std::string>(std::string(4'000'000, 'a')), &result));
  for (std::uint64_t number = 1; number <= 30; ++number) {
    send(message(number));
    machines.run(seconds(1));
    EXPECT_EQ(right_box.terms.size(), number);
  }
  EXPECT_FALSE(result.has_value());  // it was under way all the time
  EXPECT_EQ(machines.left().now() - begin, seconds(30));
  machines.run(seconds(60));
  EXPECT_EQ(result, true);
}

}  // namespace
}  // namespace replica_test
