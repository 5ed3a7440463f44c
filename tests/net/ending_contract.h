// The ways a TCP connection ends, and what each end still learns.
#pragma once

#include "tests/net/contract.h"

namespace contract {

template <class Machines>
class EndingContract : public NetContract<Machines> {};
TYPED_TEST_SUITE_P(EndingContract);

TYPED_TEST_P(EndingContract, HalfCloseEndsOneDirection) {
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

TYPED_TEST_P(EndingContract, AClosedPeerIsReadToTheEnd) {
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

TYPED_TEST_P(EndingContract, WritesToAClosedPeerFailSoon) {
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

TYPED_TEST_P(EndingContract, CloseWithUnreadBytesResets) {
  auto pair = this->connect_pair();
  this->write_all(pair.left, "never read");
  this->pass_time();
  pair.right.close();
  EXPECT_EQ(this->read_one(pair.left), asio::error::connection_reset);
  EXPECT_EQ(this->read_now(pair.left), asio::error::eof) << "the error is told once";
  EXPECT_EQ(this->write_now(pair.left), asio::error::broken_pipe);
}

TYPED_TEST_P(EndingContract, LingerOfZeroResets) {
  auto pair = this->connect_pair();
  pair.right.set_option(asio::socket_base::linger(true, 0));
  pair.right.close();
  EXPECT_EQ(this->read_one(pair.left), asio::error::connection_reset);
}

TYPED_TEST_P(EndingContract, NoWriteAfterShutdownSend) {
  auto pair = this->connect_pair();
  pair.left.shutdown(asio::socket_base::shutdown_send);
  EXPECT_EQ(this->write_one(pair.left), asio::error::broken_pipe);
  EXPECT_EQ(this->read_one(pair.right), asio::error::eof);
}

TYPED_TEST_P(EndingContract, ShutdownReceiveEndsReading) {
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

TYPED_TEST_P(EndingContract, ShutdownBothEndsBothDirections) {
  auto pair = this->connect_pair();
  pair.left.shutdown(asio::socket_base::shutdown_both);
  EXPECT_TRUE(pair.left.is_open());
  EXPECT_EQ(this->read_one(pair.left), asio::error::eof);
  EXPECT_EQ(this->write_one(pair.left), asio::error::broken_pipe);
  EXPECT_EQ(this->read_one(pair.right), asio::error::eof);
}

TYPED_TEST_P(EndingContract, CloseDeliversWhatWasWritten) {
  auto pair = this->connect_pair();
  const std::size_t filled = this->fill(pair.left);
  pair.left.close();
  std::string text(filled + 1, '\0');
  Outcome read;
  asio::async_read(pair.right, asio::buffer(text), read.handler());
  this->finish(read);
  EXPECT_EQ(read.error(), asio::error::eof);
  EXPECT_EQ(read.bytes(), filled);
}

TYPED_TEST_P(EndingContract, ShutdownDeliversWhatWasWritten) {
  auto pair = this->connect_pair();
  const std::size_t filled = this->fill(pair.left);
  pair.left.shutdown(asio::socket_base::shutdown_send);
  EXPECT_EQ(this->read_exactly(pair.right, filled), std::string(filled, 'f'));
  EXPECT_EQ(this->read_one(pair.right), asio::error::eof);
  this->write_all(pair.right, "thanks");
  EXPECT_EQ(this->read_exactly(pair.left, 6), "thanks");
}

// The kernel tells the reset once, to whichever operation asks first.
TYPED_TEST_P(EndingContract, PendingOperationsLearnOfAReset) {
  auto pair = this->connect_pair();
  this->fill(pair.left);
  char byte = 0;
  Outcome read;
  Outcome written;
  pair.left.async_read_some(asio::buffer(&byte, 1), read.handler());
  pair.left.async_write_some(asio::buffer("more", 4), written.handler());
  this->pass_time();
  EXPECT_FALSE(read.done() || written.done());
  pair.right.close();
  this->finish(read, written);
  const bool told_to_read = read.error() == asio::error::connection_reset;
  const bool told_to_write = written.error() == asio::error::connection_reset;
  EXPECT_TRUE(told_to_read || told_to_write);
  EXPECT_TRUE(told_to_read || read.error() == asio::error::eof) << read.error();
  EXPECT_TRUE(told_to_write || written.error() == asio::error::broken_pipe) << written.error();
}

TYPED_TEST_P(EndingContract, BothMayCloseAtOnce) {
  auto pair = this->connect_pair();
  pair.left.shutdown(asio::socket_base::shutdown_send);
  pair.right.shutdown(asio::socket_base::shutdown_send);
  EXPECT_EQ(this->read_one(pair.left), asio::error::eof);
  EXPECT_EQ(this->read_one(pair.right), asio::error::eof);
  pair.left.close();
  pair.right.close();
  auto next = this->connect_pair();
  this->expect_usable(next);
}

REGISTER_TYPED_TEST_SUITE_P(EndingContract, HalfCloseEndsOneDirection, AClosedPeerIsReadToTheEnd,
                            WritesToAClosedPeerFailSoon, CloseWithUnreadBytesResets,
                            LingerOfZeroResets, NoWriteAfterShutdownSend,
                            ShutdownReceiveEndsReading, ShutdownBothEndsBothDirections,
                            CloseDeliversWhatWasWritten, ShutdownDeliversWhatWasWritten,
                            PendingOperationsLearnOfAReset, BothMayCloseAtOnce);

}  // namespace contract
