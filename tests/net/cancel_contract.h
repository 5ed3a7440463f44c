// How pending operations end early: cancel, close, destruction, cancellation slots; and
// what moving a socket does to them.
#pragma once

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "tests/net/contract.h"

namespace contract {

template <class Machines>
class CancelContract : public NetContract<Machines> {};
TYPED_TEST_SUITE_P(CancelContract);

TYPED_TEST_P(CancelContract, CancelEndsReadsAndTheSocketGoesOn) {
  auto pair = this->connect_pair();
  std::string first(8, '\0');
  std::string second(8, '\0');
  Outcome one;
  Outcome two;
  pair.left.async_read_some(asio::buffer(first), one.handler());
  pair.left.async_read_some(asio::buffer(second), two.handler());
  this->pass_time();
  EXPECT_FALSE(one.done() || two.done());
  pair.left.cancel();
  EXPECT_FALSE(one.done() || two.done()) << "not inside cancel()";
  this->finish(one, two);
  EXPECT_EQ(one.error(), asio::error::operation_aborted);
  EXPECT_EQ(one.bytes(), 0u);
  EXPECT_EQ(two.error(), asio::error::operation_aborted);
  this->expect_usable(pair);
}

TYPED_TEST_P(CancelContract, CancelEndsAStalledWrite) {
  auto pair = this->connect_pair();
  pair.left.set_option(asio::socket_base::send_buffer_size(16 * 1024));
  const std::size_t filled = this->fill(pair.left);
  Outcome stalled;
  pair.left.async_write_some(asio::buffer("more", 4), stalled.handler());
  this->pass_time();
  EXPECT_FALSE(stalled.done());
  pair.left.cancel();
  this->finish(stalled);
  EXPECT_EQ(stalled.error(), asio::error::operation_aborted);
  EXPECT_EQ(stalled.bytes(), 0u);
  EXPECT_EQ(this->read_exactly(pair.right, filled), std::string(filled, 'f'));
  this->expect_usable(pair);
}

TYPED_TEST_P(CancelContract, CancelWithoutOperationsDoesNothing) {
  auto pair = this->connect_pair();
  pair.left.cancel();
  this->expect_usable(pair);
}

TYPED_TEST_P(CancelContract, CloseEndsReadsAndWrites) {
  auto pair = this->connect_pair();
  this->fill(pair.left);
  char byte = 0;
  Outcome read;
  Outcome written;
  pair.left.async_read_some(asio::buffer(&byte, 1), read.handler());
  pair.left.async_write_some(asio::buffer("more", 4), written.handler());
  pair.left.close();
  EXPECT_FALSE(pair.left.is_open());
  EXPECT_FALSE(read.done() || written.done()) << "not inside close()";
  this->finish(read, written);
  EXPECT_EQ(read.error(), asio::error::operation_aborted);
  EXPECT_EQ(written.error(), asio::error::operation_aborted);
}

TYPED_TEST_P(CancelContract, DestructionEndsReadsAndTheConnection) {
  auto pair = this->connect_pair();
  char byte = 0;
  Outcome read;
  {
    auto doomed = std::move(pair.left);
    doomed.async_read_some(asio::buffer(&byte, 1), read.handler());
  }
  this->finish(read);
  EXPECT_EQ(read.error(), asio::error::operation_aborted);
  EXPECT_EQ(this->read_one(pair.right), asio::error::eof);
}

// A completion that is already on its way cannot be taken back: the bytes were taken
// from the stream and must reach the program.
TYPED_TEST_P(CancelContract, CancelLosesNoBytes) {
  auto pair = this->connect_pair();
  this->write_all(pair.left, "ab");
  this->pass_time();
  char first = 0;
  Outcome read;
  pair.right.async_read_some(asio::buffer(&first, 1), read.handler());
  pair.right.cancel();
  this->finish(read);
  if (read.error()) {
    EXPECT_EQ(read.error(), asio::error::operation_aborted);
    EXPECT_EQ(this->read_exactly(pair.right, 1), "a");
  } else {
    EXPECT_EQ(first, 'a');
  }
  EXPECT_EQ(this->read_exactly(pair.right, 1), "b");
}

TYPED_TEST_P(CancelContract, ASlotEndsOneRead) {
  for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                          asio::cancellation_type::total}) {
    auto pair = this->connect_pair();
    asio::cancellation_signal signal;
    std::string first(1, '\0');
    std::string second(4, '\0');
    Outcome cancelled;
    Outcome kept;
    pair.left.async_read_some(asio::buffer(first),
                              asio::bind_cancellation_slot(signal.slot(), cancelled.handler()));
    pair.left.async_read_some(asio::buffer(second), kept.handler());
    this->pass_time();
    signal.emit(type);
    EXPECT_FALSE(cancelled.done()) << "not inside emit()";
    this->finish(cancelled);
    EXPECT_EQ(cancelled.error(), asio::error::operation_aborted);
    this->pass_time();
    EXPECT_FALSE(kept.done());
    this->write_all(pair.right, "kept");
    this->finish(kept);
    EXPECT_EQ(kept.error(), kSuccess);
    EXPECT_EQ(second, "kept");
    this->expect_usable(pair);
  }
}

TYPED_TEST_P(CancelContract, ASlotEndsAStalledWrite) {
  auto pair = this->connect_pair();
  const std::size_t filled = this->fill(pair.left);
  asio::cancellation_signal signal;
  Outcome stalled;
  pair.left.async_write_some(asio::buffer("more", 4),
                             asio::bind_cancellation_slot(signal.slot(), stalled.handler()));
  this->pass_time();
  EXPECT_FALSE(stalled.done());
  signal.emit(asio::cancellation_type::total);
  this->finish(stalled);
  EXPECT_EQ(stalled.error(), asio::error::operation_aborted);
  EXPECT_EQ(this->read_exactly(pair.right, filled), std::string(filled, 'f'));
  this->expect_usable(pair);
}

TYPED_TEST_P(CancelContract, ASlotEndsAConnect) {
  auto acceptor = this->listen_right();
  typename TypeParam::tcp::socket socket(this->machines_.left());
  asio::cancellation_signal signal;
  Outcome cancelled;
  socket.async_connect(acceptor.local_endpoint(),
                       asio::bind_cancellation_slot(signal.slot(), cancelled.handler()));
  signal.emit(asio::cancellation_type::terminal);
  this->finish(cancelled);
  EXPECT_EQ(cancelled.error(), asio::error::operation_aborted);
  EXPECT_TRUE(socket.is_open());
}

TYPED_TEST_P(CancelContract, ASlotIsSpentAfterCompletion) {
  auto pair = this->connect_pair();
  asio::cancellation_signal signal;
  char byte = 0;
  Outcome first;
  pair.left.async_read_some(asio::buffer(&byte, 1),
                            asio::bind_cancellation_slot(signal.slot(), first.handler()));
  this->write_all(pair.right, "1");
  this->finish(first);
  EXPECT_EQ(first.error(), kSuccess);
  Outcome second;
  pair.left.async_read_some(asio::buffer(&byte, 1), second.handler());
  signal.emit(asio::cancellation_type::terminal);
  this->pass_time();
  EXPECT_FALSE(second.done());
  this->write_all(pair.right, "2");
  this->finish(second);
  EXPECT_EQ(second.error(), kSuccess);
}

TYPED_TEST_P(CancelContract, AComposedReadChoosesWhatCancelsIt) {
  auto pair = this->connect_pair();
  asio::cancellation_signal signal;
  std::string text(10, '\0');
  Outcome read;
  asio::async_read(pair.left, asio::buffer(text),
                   asio::bind_cancellation_slot(signal.slot(), read.handler()));
  this->write_all(pair.right, "half");
  this->pass_time();
  signal.emit(asio::cancellation_type::total);
  this->pass_time();
  EXPECT_FALSE(read.done()) << "total would mean that nothing was read";
  signal.emit(asio::cancellation_type::partial);
  this->finish(read);
  EXPECT_EQ(read.error(), asio::error::operation_aborted);
  EXPECT_EQ(read.bytes(), 4u);
  EXPECT_EQ(text.substr(0, 4), "half");
}

TYPED_TEST_P(CancelContract, AMovedSocketTakesItsConnectionAlong) {
  auto pair = this->connect_pair();
  const auto local = pair.left.local_endpoint();
  SocketPair<typename TypeParam::tcp::socket> moved{std::move(pair.left), std::move(pair.right)};
  EXPECT_EQ(moved.left.local_endpoint(), local);
  this->expect_usable(moved);
  // As if newly constructed.
  EXPECT_FALSE(pair.left.is_open());
  EXPECT_EQ(this->read_one(pair.left), asio::error::bad_descriptor);
  auto acceptor = this->listen_right();
  Outcome connected;
  pair.left.async_connect(acceptor.local_endpoint(), connected.handler());
  this->finish(connected);
  EXPECT_EQ(connected.error(), kSuccess);
}

TYPED_TEST_P(CancelContract, AMovedSocketTakesItsOperationsAlong) {
  auto pair = this->connect_pair();
  char byte = 0;
  Outcome read;
  pair.left.async_read_some(asio::buffer(&byte, 1), read.handler());
  auto moved = std::move(pair.left);
  this->pass_time();
  EXPECT_FALSE(read.done()) << "a move cancels nothing";
  this->write_all(pair.right, "m");
  this->finish(read);
  EXPECT_EQ(read.error(), kSuccess);
  EXPECT_EQ(byte, 'm');

  Outcome aborted;
  moved.async_read_some(asio::buffer(&byte, 1), aborted.handler());
  auto twice_moved = std::move(moved);
  twice_moved.cancel();
  this->finish(aborted);
  EXPECT_EQ(aborted.error(), asio::error::operation_aborted);
}

TYPED_TEST_P(CancelContract, MoveAssignmentClosesWhatWasThere) {
  auto old = this->connect_pair();
  auto fresh = this->connect_pair();
  char byte = 0;
  Outcome read;
  old.left.async_read_some(asio::buffer(&byte, 1), read.handler());
  old.left = std::move(fresh.left);
  this->finish(read);
  EXPECT_EQ(read.error(), asio::error::operation_aborted);
  EXPECT_EQ(this->read_one(old.right), asio::error::eof);
  SocketPair<typename TypeParam::tcp::socket> pair{std::move(old.left), std::move(fresh.right)};
  this->expect_usable(pair);
}

TYPED_TEST_P(CancelContract, AHandlerMayDestroyItsSocket) {
  auto pair = this->connect_pair();
  auto owned = std::make_shared<typename TypeParam::tcp::socket>(std::move(pair.left));
  auto& socket = *owned;
  auto byte = std::make_shared<char>();
  Outcome read;
  socket.async_read_some(asio::buffer(byte.get(), 1),
                         [owned = std::move(owned), byte, handler = read.handler()](
                             error_code error, std::size_t bytes) mutable {
                           owned.reset();
                           handler(error, bytes);
                         });
  this->write_all(pair.right, "x");
  this->finish(read);
  EXPECT_EQ(read.error(), kSuccess);
  EXPECT_EQ(this->read_one(pair.right), asio::error::eof);
}

REGISTER_TYPED_TEST_SUITE_P(CancelContract, CancelEndsReadsAndTheSocketGoesOn,
                            CancelEndsAStalledWrite, CancelWithoutOperationsDoesNothing,
                            CloseEndsReadsAndWrites, DestructionEndsReadsAndTheConnection,
                            CancelLosesNoBytes, ASlotEndsOneRead, ASlotEndsAStalledWrite,
                            ASlotEndsAConnect, ASlotIsSpentAfterCompletion,
                            AComposedReadChoosesWhatCancelsIt, AMovedSocketTakesItsConnectionAlong,
                            AMovedSocketTakesItsOperationsAlong, MoveAssignmentClosesWhatWasThere,
                            AHandlerMayDestroyItsSocket);

}  // namespace contract
