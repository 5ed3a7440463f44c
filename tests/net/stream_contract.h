// Bytes over TCP: order, buffers, back-pressure, the ways a connection ends.
#pragma once

#include <array>

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

TYPED_TEST_P(StreamContract, HalfCloseEndsOneDirection) {
  auto pair = this->connect_pair();
  this->write_all(pair.left, "last words");
  pair.left.shutdown(asio::socket_base::shutdown_send);
  EXPECT_EQ(this->read_exactly(pair.right, 10), "last words");
  EXPECT_EQ(this->read_one(pair.right), asio::error::eof);
  EXPECT_EQ(this->read_now(pair.right), asio::error::eof) << "and again";
  EXPECT_EQ(this->read_now(pair.right), asio::error::eof) << "for ever";
  this->write_all(pair.right, "the other way");
  EXPECT_EQ(this->read_exactly(pair.left, 13), "the other way");
}

TYPED_TEST_P(StreamContract, AClosedPeerIsReadToTheEnd) {
  auto pair = this->connect_pair();
  this->write_all(pair.left, "bye");
  pair.left.close();
  std::string text(100, '\0');
  Outcome read;
  asio::async_read(pair.right, asio::buffer(text), read.handler());
  this->finish(read);
  EXPECT_EQ(read.error(), asio::error::eof);
  EXPECT_EQ(text.substr(0, read.bytes()), "bye");
}

TYPED_TEST_P(StreamContract, WritesToAClosedPeerFailSoon) {
  auto pair = this->connect_pair();
  pair.right.close();
  error_code error;
  for (int writes = 0; writes < 100 && !error; ++writes) {
    error = this->write_one(pair.left);
    this->machines_.run_for(1ms);
  }
  EXPECT_TRUE(error == asio::error::broken_pipe || error == asio::error::connection_reset) << error;
  EXPECT_EQ(this->write_now(pair.left), asio::error::broken_pipe) << "from then on";
}

TYPED_TEST_P(StreamContract, CloseWithUnreadBytesResets) {
  auto pair = this->connect_pair();
  this->write_all(pair.left, "never read");
  this->pass_time();
  pair.right.close();
  EXPECT_EQ(this->read_one(pair.left), asio::error::connection_reset);
  EXPECT_EQ(this->read_now(pair.left), asio::error::eof) << "the error is told once";
  EXPECT_EQ(this->write_now(pair.left), asio::error::broken_pipe);
}

TYPED_TEST_P(StreamContract, LingerOfZeroResets) {
  auto pair = this->connect_pair();
  pair.right.set_option(asio::socket_base::linger(true, 0));
  pair.right.close();
  EXPECT_EQ(this->read_one(pair.left), asio::error::connection_reset);
}

TYPED_TEST_P(StreamContract, NoWriteAfterShutdownSend) {
  auto pair = this->connect_pair();
  pair.left.shutdown(asio::socket_base::shutdown_send);
  EXPECT_EQ(this->write_one(pair.left), asio::error::broken_pipe);
  EXPECT_EQ(this->read_one(pair.right), asio::error::eof);
}

TYPED_TEST_P(StreamContract, ShutdownReceiveEndsReading) {
  auto pair = this->connect_pair();
  Outcome pending;
  char byte = 0;
  pair.left.async_read_some(asio::buffer(&byte, 1), pending.handler());
  this->pass_time();
  EXPECT_FALSE(pending.done());
  pair.left.shutdown(asio::socket_base::shutdown_receive);
  this->finish(pending);
  EXPECT_EQ(pending.error(), asio::error::eof);
  EXPECT_EQ(this->read_now(pair.left), asio::error::eof);
  this->write_all(pair.left, "still sends");
  EXPECT_EQ(this->read_exactly(pair.right, 11), "still sends");
}

TYPED_TEST_P(StreamContract, ShutdownBothEndsBothDirections) {
  auto pair = this->connect_pair();
  pair.left.shutdown(asio::socket_base::shutdown_both);
  EXPECT_TRUE(pair.left.is_open());
  EXPECT_EQ(this->read_one(pair.left), asio::error::eof);
  EXPECT_EQ(this->write_one(pair.left), asio::error::broken_pipe);
  EXPECT_EQ(this->read_one(pair.right), asio::error::eof);
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

REGISTER_TYPED_TEST_SUITE_P(StreamContract, BytesArriveInOrder, QueuedOperationsAreServedInOrder,
                            EmptyBuffersCompleteAtOnce, AWriteGathersItsBuffers,
                            AReadScattersOverItsBuffers, ReadSomeTakesWhatIsThere,
                            AWriterStallsWhenNobodyReads, HalfCloseEndsOneDirection,
                            AClosedPeerIsReadToTheEnd, WritesToAClosedPeerFailSoon,
                            CloseWithUnreadBytesResets, LingerOfZeroResets,
                            NoWriteAfterShutdownSend, ShutdownReceiveEndsReading,
                            ShutdownBothEndsBothDirections, BothDirectionsAtOnce);

}  // namespace contract
