// Bytes over TCP: order, buffers, back-pressure.
#pragma once

#include <array>
#include <boost/asio/read_until.hpp>

#include "tests/net/contract.h"

namespace contract {

template <class Machines>
class StreamContract : public NetContract<Machines> {};
TYPED_TEST_SUITE_P(StreamContract);

TYPED_TEST_P(StreamContract, BytesArriveInOrder) {
  auto pair = this->connect_pair();
  std::string sent;
  for (int i = 0; i < 100; ++i) {
    const std::string part = std::to_string(i) + ' ';
    this->write_all(pair.left, part);
    sent += part;
  }
  EXPECT_EQ(this->read_exactly(pair.right, sent.size()), sent);
}

TYPED_TEST_P(StreamContract, QueuedOperationsAreServedInOrder) {
  auto pair = this->connect_pair();
  std::string first(2, '\0');
  std::string second(2, '\0');
  Outcome read_first;
  Outcome read_second;
  pair.right.async_read_some(asio::buffer(first), read_first.handler());
  pair.right.async_read_some(asio::buffer(second), read_second.handler());
  this->pass_time();
  EXPECT_FALSE(read_first.done());
  Outcome wrote_first;
  Outcome wrote_second;
  pair.left.async_write_some(asio::buffer("ab", 2), wrote_first.handler());
  pair.left.async_write_some(asio::buffer("cd", 2), wrote_second.handler());
  this->finish(read_first, read_second, wrote_first, wrote_second);
  EXPECT_EQ(first, "ab");
  EXPECT_EQ(second, "cd");
}

TYPED_TEST_P(StreamContract, EmptyBuffersCompleteAtOnce) {
  auto pair = this->connect_pair();
  Outcome read;
  Outcome written;
  pair.left.async_read_some(asio::mutable_buffer(), read.handler());
  pair.left.async_write_some(asio::const_buffer(), written.handler());
  EXPECT_FALSE(read.done() || written.done());
  this->finish(read, written);
  EXPECT_EQ(read.error(), kSuccess);
  EXPECT_EQ(read.bytes(), 0u);
  EXPECT_EQ(written.error(), kSuccess);
  EXPECT_EQ(written.bytes(), 0u);
}

TYPED_TEST_P(StreamContract, AWriteGathersItsBuffers) {
  auto pair = this->connect_pair();
  const std::string one = "one, ";
  const std::string two = "two, ";
  const std::string three = "three";
  const std::array<asio::const_buffer, 4> buffers = {asio::buffer(one), asio::buffer(two),
                                                     asio::const_buffer(), asio::buffer(three)};
  Outcome written;
  pair.left.async_write_some(buffers, written.handler());
  this->finish(written);
  EXPECT_EQ(written.error(), kSuccess);
  EXPECT_EQ(written.bytes(), 15u) << "all of it fits";
  EXPECT_EQ(this->read_exactly(pair.right, 15), "one, two, three");
}

TYPED_TEST_P(StreamContract, AReadScattersOverItsBuffers) {
  auto pair = this->connect_pair();
  this->write_all(pair.left, "abcdefg");
  this->pass_time();
  std::string first(2, '-');
  std::string second(3, '-');
  std::string third(9, '-');
  const std::array<asio::mutable_buffer, 4> buffers = {asio::buffer(first), asio::mutable_buffer(),
                                                       asio::buffer(second), asio::buffer(third)};
  Outcome read;
  pair.right.async_read_some(buffers, read.handler());
  this->finish(read);
  EXPECT_EQ(read.error(), kSuccess);
  EXPECT_EQ(read.bytes(), 7u);
  EXPECT_EQ(first + second + third, "abcdefg-------");
}

TYPED_TEST_P(StreamContract, ReadSomeTakesWhatIsThere) {
  auto pair = this->connect_pair();
  std::string into(100, '\0');
  Outcome read;
  pair.right.async_read_some(asio::buffer(into), read.handler());
  this->write_all(pair.left, "few");
  this->finish(read);
  EXPECT_EQ(read.bytes(), 3u);
}

TYPED_TEST_P(StreamContract, AWriterStallsWhenNobodyReads) {
  auto pair = this->connect_pair();
  pair.left.set_option(asio::socket_base::send_buffer_size(64 * 1024));
  pair.right.set_option(asio::socket_base::receive_buffer_size(64 * 1024));
  std::string sent(8 * 1024 * 1024, '\0');
  for (std::size_t i = 0; i < sent.size(); ++i) {
    sent[i] = static_cast<char>((i * 31 + i / 4096) & 0xff);
  }
  Outcome written;
  asio::async_write(pair.left, asio::buffer(sent), written.handler());
  this->pass_time();
  EXPECT_FALSE(written.done()) << "the buffers of both ends are finite";
  std::string received(sent.size(), '\0');
  Outcome read;
  asio::async_read(pair.right, asio::buffer(received), read.handler());
  this->finish(written, read);
  EXPECT_EQ(written.error(), kSuccess);
  EXPECT_EQ(written.bytes(), sent.size());
  EXPECT_EQ(read.error(), kSuccess);
  EXPECT_TRUE(received == sent);
}

TYPED_TEST_P(StreamContract, SmallBuffersCarryMuch) {
  auto pair = this->connect_pair();
  pair.left.set_option(asio::socket_base::send_buffer_size(4 * 1024));
  const std::string sent(1024 * 1024, 's');
  Outcome written;
  asio::async_write(pair.left, asio::buffer(sent), written.handler());
  this->pass_time();
  EXPECT_FALSE(written.done());
  std::string received;
  std::string part(64 * 1024, '\0');
  while (received.size() < sent.size()) {
    Outcome read;
    pair.right.async_read_some(asio::buffer(part), read.handler());
    this->finish(read);
    ASSERT_EQ(read.error(), kSuccess);
    received.append(part, 0, read.bytes());
  }
  this->finish(written);
  EXPECT_EQ(written.error(), kSuccess);
  EXPECT_TRUE(received == sent);
}

TYPED_TEST_P(StreamContract, BothDirectionsAtOnce) {
  auto pair = this->connect_pair();
  const std::string much(1024 * 1024, 'm');
  std::string at_left(much.size(), '\0');
  std::string at_right(much.size(), '\0');
  std::array<Outcome, 4> done;
  asio::async_write(pair.left, asio::buffer(much), done[0].handler());
  asio::async_write(pair.right, asio::buffer(much), done[1].handler());
  asio::async_read(pair.left, asio::buffer(at_left), done[2].handler());
  asio::async_read(pair.right, asio::buffer(at_right), done[3].handler());
  this->finish(done[0], done[1], done[2], done[3]);
  EXPECT_TRUE(at_left == much && at_right == much);
}

TYPED_TEST_P(StreamContract, LinesAreReadOneByOne) {
  auto pair = this->connect_pair();
  std::string text;
  const auto line = [&] {
    Outcome read;
    asio::async_read_until(pair.right, asio::dynamic_buffer(text), '\n', read.handler());
    this->finish(read);
    EXPECT_EQ(read.error(), kSuccess);
    const std::string result = text.substr(0, read.bytes());
    text.erase(0, read.bytes());
    return result;
  };
  this->write_all(pair.left, "one\ntwo\nthr");
  EXPECT_EQ(line(), "one\n");
  EXPECT_EQ(line(), "two\n");
  this->write_all(pair.left, "ee\n");
  EXPECT_EQ(line(), "three\n");
}

TYPED_TEST_P(StreamContract, SynchronousComposedCallsDoWhatFits) {
  auto pair = this->connect_pair();
  EXPECT_EQ(asio::write(pair.left, asio::buffer("all of it", 9)), 9u);
  this->pass_time();
  std::string text(9, '\0');
  EXPECT_EQ(asio::read(pair.right, asio::buffer(text)), 9u);
  EXPECT_EQ(text, "all of it");
}

TYPED_TEST_P(StreamContract, ConnectionsDoNotMix) {
  auto acceptor = this->listen_right();
  std::vector<SocketPair<typename TypeParam::tcp::socket>> pairs;
  for (int i = 0; i < 20; ++i) {
    pairs.push_back(this->connect_to(acceptor));
  }
  std::vector<std::string> received(pairs.size(), std::string(1000, '\0'));
  std::vector<std::string> sent;
  std::vector<Outcome> outcomes(2 * pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    sent.emplace_back(1000, static_cast<char>('a' + i));
  }
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    asio::async_write(pairs[i].left, asio::buffer(sent[i]), outcomes[2 * i].handler());
    asio::async_read(pairs[i].right, asio::buffer(received[i]), outcomes[2 * i + 1].handler());
  }
  for (const Outcome& outcome : outcomes) {
    this->finish(outcome);
  }
  EXPECT_EQ(received, sent);
}

REGISTER_TYPED_TEST_SUITE_P(StreamContract, BytesArriveInOrder, QueuedOperationsAreServedInOrder,
                            EmptyBuffersCompleteAtOnce, AWriteGathersItsBuffers,
                            AReadScattersOverItsBuffers, ReadSomeTakesWhatIsThere,
                            AWriterStallsWhenNobodyReads, SmallBuffersCarryMuch,
                            BothDirectionsAtOnce, LinesAreReadOneByOne,
                            SynchronousComposedCallsDoWhatFits, ConnectionsDoNotMix);

}  // namespace contract
