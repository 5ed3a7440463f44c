// Waiting for readiness, non-blocking calls, bytes available, socket options.
#pragma once

#include "tests/net/contract.h"

namespace contract {

template <class Machines>
class ReadinessContract : public NetContract<Machines> {
 protected:
  template <class Socket>
  Outcome wait(Socket& socket, asio::socket_base::wait_type type) {
    Outcome waited;
    socket.async_wait(type, waited.handler());
    return waited;
  }
};
TYPED_TEST_SUITE_P(ReadinessContract);

TYPED_TEST_P(ReadinessContract, AvailableCountsUnreadBytes) {
  auto pair = this->connect_pair();
  EXPECT_EQ(pair.right.available(), 0u);
  this->write_all(pair.left, "five5");
  this->finish(this->wait(pair.right, asio::socket_base::wait_read));
  EXPECT_EQ(pair.right.available(), 5u);
  this->read_exactly(pair.right, 2);
  EXPECT_EQ(pair.right.available(), 3u);
}

TYPED_TEST_P(ReadinessContract, WaitReadCompletesWhenBytesArrive) {
  auto pair = this->connect_pair();
  const Outcome waited = this->wait(pair.right, asio::socket_base::wait_read);
  this->pass_time();
  EXPECT_FALSE(waited.done());
  this->write_all(pair.left, "x");
  this->finish(waited);
  EXPECT_EQ(waited.error(), kSuccess);
  EXPECT_EQ(this->read_exactly(pair.right, 1), "x") << "waiting takes nothing";
}

TYPED_TEST_P(ReadinessContract, WaitReadCompletesWhenBytesAreThere) {
  auto pair = this->connect_pair();
  this->write_all(pair.left, "x");
  this->pass_time();
  const Outcome waited = this->wait(pair.right, asio::socket_base::wait_read);
  EXPECT_FALSE(waited.done());
  this->finish(waited);
  EXPECT_EQ(waited.error(), kSuccess);
}

TYPED_TEST_P(ReadinessContract, WaitReadCompletesAtTheEnd) {
  auto pair = this->connect_pair();
  const Outcome waited = this->wait(pair.right, asio::socket_base::wait_read);
  pair.left.close();
  this->finish(waited);
  EXPECT_EQ(waited.error(), kSuccess);
  EXPECT_EQ(this->read_now(pair.right), asio::error::eof);
}

TYPED_TEST_P(ReadinessContract, WaitWriteFollowsTheBuffers) {
  auto pair = this->connect_pair();
  const Outcome at_once = this->wait(pair.left, asio::socket_base::wait_write);
  this->finish(at_once);
  EXPECT_EQ(at_once.error(), kSuccess);
  const std::size_t filled = this->fill(pair.left);
  const Outcome stalled = this->wait(pair.left, asio::socket_base::wait_write);
  this->pass_time();
  EXPECT_FALSE(stalled.done());
  this->read_exactly(pair.right, filled);
  this->finish(stalled);
  EXPECT_EQ(stalled.error(), kSuccess);
  EXPECT_EQ(this->write_now(pair.left), kSuccess);
}

TYPED_TEST_P(ReadinessContract, WaitErrorCompletesOnReset) {
  auto pair = this->connect_pair();
  const Outcome waited = this->wait(pair.left, asio::socket_base::wait_error);
  this->write_all(pair.right, "no error");
  this->pass_time();
  EXPECT_FALSE(waited.done());
  pair.right.set_option(asio::socket_base::linger(true, 0));
  pair.right.close();
  this->finish(waited);
  EXPECT_EQ(waited.error(), kSuccess);
}

TYPED_TEST_P(ReadinessContract, WaitsCanBeCancelled) {
  auto pair = this->connect_pair();
  const Outcome read = this->wait(pair.left, asio::socket_base::wait_read);
  const Outcome error = this->wait(pair.left, asio::socket_base::wait_error);
  this->pass_time();
  pair.left.cancel();
  this->finish(read, error);
  EXPECT_EQ(read.error(), asio::error::operation_aborted);
  EXPECT_EQ(error.error(), asio::error::operation_aborted);
}

TYPED_TEST_P(ReadinessContract, AWaitOnAClosedSocketFails) {
  typename TypeParam::tcp::socket socket(this->machines_.left());
  const Outcome waited = this->wait(socket, asio::socket_base::wait_read);
  this->finish(waited);
  EXPECT_EQ(waited.error(), asio::error::bad_descriptor);
}

TYPED_TEST_P(ReadinessContract, NonBlockingReadTakesWhatIsThere) {
  auto pair = this->connect_pair();
  EXPECT_FALSE(pair.right.non_blocking());
  pair.right.non_blocking(true);
  EXPECT_TRUE(pair.right.non_blocking());
  std::string text(10, '\0');
  error_code error;
  EXPECT_EQ(pair.right.read_some(asio::buffer(text), error), 0u);
  EXPECT_EQ(error, asio::error::would_block);
  EXPECT_EQ(pair.right.read_some(asio::mutable_buffer(), error), 0u);
  EXPECT_EQ(error, kSuccess) << "nothing was asked for";
  EXPECT_EQ(pair.left.write_some(asio::buffer("now", 3), error), 3u);
  EXPECT_EQ(error, kSuccess);
  this->pass_time();
  EXPECT_EQ(pair.right.read_some(asio::buffer(text), error), 3u);
  EXPECT_EQ(error, kSuccess);
  EXPECT_EQ(text.substr(0, 3), "now");
}

TYPED_TEST_P(ReadinessContract, NonBlockingCallsThrowToo) {
  auto pair = this->connect_pair();
  pair.right.non_blocking(true);
  char byte = 0;
  EXPECT_THROW(pair.right.read_some(asio::buffer(&byte, 1)), boost::system::system_error);
  EXPECT_EQ(pair.left.write_some(asio::buffer("x", 1)), 1u);
  this->pass_time();
  EXPECT_EQ(pair.right.read_some(asio::buffer(&byte, 1)), 1u);
}

TYPED_TEST_P(ReadinessContract, NonBlockingWriteStopsWhenFull) {
  auto pair = this->connect_pair();
  const std::size_t filled = this->fill(pair.left);
  EXPECT_GT(filled, 0u);
  EXPECT_EQ(this->write_now(pair.left), asio::error::would_block);
  EXPECT_EQ(this->read_exactly(pair.right, filled), std::string(filled, 'f'));
  this->pass_time();
  EXPECT_EQ(this->write_now(pair.left), kSuccess);
}

TYPED_TEST_P(ReadinessContract, AsynchronousReadsWaitOnNonBlockingSockets) {
  auto pair = this->connect_pair();
  pair.right.non_blocking(true);
  char byte = 0;
  Outcome read;
  pair.right.async_read_some(asio::buffer(&byte, 1), read.handler());
  this->pass_time();
  EXPECT_FALSE(read.done());
  this->write_all(pair.left, "x");
  this->finish(read);
  EXPECT_EQ(read.error(), kSuccess);
}

TYPED_TEST_P(ReadinessContract, SendAndReceiveAreReadAndWrite) {
  auto pair = this->connect_pair();
  std::string text(4, '\0');
  Outcome sent;
  Outcome received;
  pair.left.async_send(asio::buffer("send", 4), sent.handler());
  pair.right.async_receive(asio::buffer(text), received.handler());
  this->finish(sent, received);
  EXPECT_EQ(received.error(), kSuccess);
  EXPECT_EQ(text, "send");
}

TYPED_TEST_P(ReadinessContract, OptionsKeepWhatWasSet) {
  using tcp = typename TypeParam::tcp;
  auto pair = this->connect_pair();
  typename tcp::no_delay no_delay(true);
  pair.left.set_option(no_delay);
  no_delay = false;
  pair.left.get_option(no_delay);
  EXPECT_TRUE(no_delay.value());
  asio::socket_base::keep_alive keep_alive(true);
  pair.left.set_option(keep_alive);
  keep_alive = false;
  pair.left.get_option(keep_alive);
  EXPECT_TRUE(keep_alive.value());
  asio::socket_base::linger linger(true, 7);
  pair.left.set_option(linger);
  linger = asio::socket_base::linger();
  pair.left.get_option(linger);
  EXPECT_TRUE(linger.enabled());
  EXPECT_EQ(linger.timeout(), 7);
  asio::socket_base::reuse_address reuse(true);
  pair.left.set_option(reuse);
  reuse = false;
  pair.left.get_option(reuse);
  EXPECT_TRUE(reuse.value());
  pair.left.get_option(keep_alive);
  EXPECT_TRUE(keep_alive.value()) << "one option leaves the others alone";
}

// Linux doubles the sizes, for its own bookkeeping (socket(7)).
TYPED_TEST_P(ReadinessContract, BufferSizesAreAtLeastWhatWasSet) {
  auto pair = this->connect_pair();
  asio::socket_base::send_buffer_size send;
  asio::socket_base::receive_buffer_size receive;
  pair.left.get_option(send);
  pair.left.get_option(receive);
  EXPECT_GT(send.value(), 0) << "before anybody set it";
  EXPECT_GT(receive.value(), 0);
  pair.left.set_option(asio::socket_base::send_buffer_size(20'000));
  pair.left.set_option(asio::socket_base::receive_buffer_size(30'000));
  pair.left.get_option(send);
  pair.left.get_option(receive);
  EXPECT_GE(send.value(), 20'000);
  EXPECT_LE(send.value(), 40'000);
  EXPECT_GE(receive.value(), 30'000);
  EXPECT_LE(receive.value(), 60'000);
}

REGISTER_TYPED_TEST_SUITE_P(ReadinessContract, AvailableCountsUnreadBytes,
                            WaitReadCompletesWhenBytesArrive, WaitReadCompletesWhenBytesAreThere,
                            WaitReadCompletesAtTheEnd, WaitWriteFollowsTheBuffers,
                            WaitErrorCompletesOnReset, WaitsCanBeCancelled,
                            AWaitOnAClosedSocketFails, NonBlockingReadTakesWhatIsThere,
                            NonBlockingCallsThrowToo, NonBlockingWriteStopsWhenFull,
                            AsynchronousReadsWaitOnNonBlockingSockets,
                            SendAndReceiveAreReadAndWrite, OptionsKeepWhatWasSet,
                            BufferSizesAreAtLeastWhatWasSet);

}  // namespace contract
