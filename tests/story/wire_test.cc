// Packets put together to messages.
#include <gtest/gtest.h>

#include "simnet/payload.h"
#include "system/lottery/protocol.h"
#include "traces/story/wire.h"

namespace story {
namespace {

using simnet::Packet;

constexpr std::uint32_t kClient = 1, kServer = 2;
constexpr simnet::EndId kClientEnd = 10, kServerEnd = 20;
const std::string kRequest = "POST /v1/charges HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody";
const std::string kReply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

simnet::Time at(std::int64_t us) { return simnet::Time(std::chrono::microseconds(us)); }

// One connection, packet by packet.
class WireTest : public testing::Test {
 protected:
  Packet packet(bool from_client, Packet::Type type, std::uint64_t sequence,
                const std::string& bytes = {}) {
    Packet made;
    made.type = type;
    made.source = from_client ? kClientEnd : kServerEnd;
    made.destination = from_client ? kServerEnd : kClientEnd;
    made.sequence = sequence;
    made.port = type == Packet::Type::syn ? lottery::kHttpPort : std::uint16_t{0};
    if (!bytes.empty()) {
      made.bytes = simnet::Payload::copy_of(bytes);
    }
    return made;
  }
  void send(std::int64_t us, bool from_client, const Packet& packet) {
    wire_.on_sent(at(us), from_client ? kClient : kServer, from_client ? kServer : kClient, packet);
  }
  void arrive(std::int64_t us, bool from_client, const Packet& packet,
              simnet::Fate fate = simnet::Fate::arrived) {
    wire_.on_arrival(at(us), from_client ? kClient : kServer, from_client ? kServer : kClient,
                     packet, fate);
  }
  void connect() {
    const Packet syn = packet(true, Packet::Type::syn, 0);
    const Packet answer = packet(false, Packet::Type::syn_ack, 0);
    send(0, true, syn);
    arrive(10, true, syn);
    send(10, false, answer);
    arrive(20, false, answer);
  }
  Packet data(bool from_client, std::uint64_t sequence, const std::string& bytes) {
    return packet(from_client, Packet::Type::data, sequence, bytes);
  }

  Wire wire_;
};

TEST_F(WireTest, ARequestAndItsReply) {
  connect();
  send(100, true, data(true, 1, kRequest));
  arrive(150, true, data(true, 1, kRequest));
  send(200, false, data(false, 1, kReply));
  arrive(260, false, data(false, 1, kReply));
  const std::vector<Message> messages = wire_.take_messages();
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].from, 0u);
  EXPECT_EQ(messages[0].to, 1u);
  EXPECT_EQ(messages[0].sent_us, 100);
  EXPECT_EQ(messages[0].arrived_us, 150);
  EXPECT_EQ(messages[0].fate, Fate::arrived);
  EXPECT_EQ(messages[0].label, "POST /v1/charges");
  EXPECT_EQ(messages[1].label, "200 to POST /v1/charges");
  EXPECT_EQ(messages[1].answers, 0u);
}

TEST_F(WireTest, AMessageInPiecesIsThereWithItsLast) {
  connect();
  const std::string a = kRequest.substr(0, 20), b = kRequest.substr(20, 10),
                    c = kRequest.substr(30);
  send(100, true, data(true, 1, a));
  send(101, true, data(true, 2, b));
  send(102, true, data(true, 3, c));
  arrive(150, true, data(true, 1, a));
  arrive(152, true, data(true, 3, c));  // overtook the one before
  arrive(190, true, data(true, 2, b));
  const std::vector<Message> messages = wire_.take_messages();
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].sent_us, 100);
  EXPECT_EQ(messages[0].arrived_us, 190);
}

TEST_F(WireTest, TwoMessagesInOnePiece) {
  connect();
  send(100, true, data(true, 1, kRequest + kRequest));
  arrive(130, true, data(true, 1, kRequest + kRequest));
  const std::vector<Message> messages = wire_.take_messages();
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].arrived_us, 130);
  EXPECT_EQ(messages[1].arrived_us, 130);
}

TEST_F(WireTest, WhatIsLostAndSentAgainIsOneMessage) {
  connect();
  const Packet request = data(true, 1, kRequest);
  send(100, true, request);
  arrive(150, true, request, simnet::Fate::cut);
  send(300, true, request);
  arrive(350, true, request);
  arrive(360, true, request);  // twice
  const std::vector<Message> messages = wire_.take_messages();
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].sent_us, 100);
  EXPECT_EQ(messages[0].arrived_us, 350);
  EXPECT_EQ(messages[0].resent, 1);
  EXPECT_EQ(messages[0].fate, Fate::arrived);
}

TEST_F(WireTest, WhatNeverArrivesSaysWhy) {
  connect();
  const Packet request = data(true, 1, kRequest);
  send(100, true, request);
  arrive(150, true, request, simnet::Fate::lost);
  send(300, true, request);
  arrive(350, true, request, simnet::Fate::dark);
  send(700, false, data(false, 1, kReply));
  const std::vector<Message> messages = wire_.take_messages();
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].arrived_us, kNever);
  EXPECT_EQ(messages[0].fate, Fate::dark);
  EXPECT_EQ(messages[1].fate, Fate::open);
}

TEST_F(WireTest, AConnectShowsWhenItFails) {
  const Packet syn = packet(true, Packet::Type::syn, 0);
  send(5, true, syn);
  arrive(10, true, syn, simnet::Fate::cut);
  send(210, true, syn);
  arrive(220, true, syn, simnet::Fate::cut);
  std::vector<Message> messages = wire_.take_messages();
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].kind, "connect");
  EXPECT_EQ(messages[0].sent_us, 5);
  EXPECT_EQ(messages[0].fate, Fate::cut);
  EXPECT_EQ(messages[0].resent, 1);
}

TEST_F(WireTest, OneThatSucceedsDoesNot) {
  connect();
  EXPECT_TRUE(wire_.take_messages().empty());
}

TEST_F(WireTest, ProcessesComeAndGo) {
  wire_.on_process(at(1), 1, true);
  wire_.on_process(at(9), 1, false);
  ASSERT_EQ(wire_.processes().size(), 2u);
  EXPECT_EQ(wire_.processes()[1].at_us, 9);
  EXPECT_FALSE(wire_.processes()[1].runs);
}

}  // namespace
}  // namespace story
