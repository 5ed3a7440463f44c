// UDP: whole datagrams or none, who sent them, and how operations end.
//
// Both machines are taken to be on a network that loses and duplicates nothing unless a
// fault says so; kOrderedDatagrams tells whether it also keeps their order.
#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "tests/net/contract.h"

namespace contract {

template <class Machines>
class DatagramContract : public NetContract<Machines> {
 protected:
  using endpoint = typename Machines::udp::endpoint;
  using socket = typename Machines::udp::socket;

  void send_to(socket& from, std::string_view text, const endpoint& to) {
    Outcome sent;
    from.async_send_to(asio::buffer(text), to, sent.handler());
    this->finish(sent);
    EXPECT_EQ(sent.error(), kSuccess);
    EXPECT_EQ(sent.bytes(), text.size());
  }

  std::string receive(socket& at, endpoint* from = nullptr) {
    std::string text(1000, '\0');
    endpoint sender;
    Outcome received;
    at.async_receive_from(asio::buffer(text), sender, received.handler());
    this->finish(received);
    EXPECT_EQ(received.error(), kSuccess);
    if (from != nullptr) {
      *from = sender;
    }
    return text.substr(0, received.bytes());
  }
};
TYPED_TEST_SUITE_P(DatagramContract);

TYPED_TEST_P(DatagramContract, ADatagramTellsItsSender) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  EXPECT_NE(left.local_endpoint().port(), 0);
  typename TypeParam::udp::endpoint sender;
  this->send_to(left, "hello", right.local_endpoint());
  EXPECT_EQ(this->receive(right, &sender), "hello");
  EXPECT_EQ(sender, left.local_endpoint());
  this->send_to(right, "and back", sender);
  EXPECT_EQ(this->receive(left, &sender), "and back");
  EXPECT_EQ(sender, right.local_endpoint());
}

TYPED_TEST_P(DatagramContract, AReceiverMayWaitFirst) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  std::string text(10, '\0');
  typename TypeParam::udp::endpoint sender;
  Outcome received;
  right.async_receive_from(asio::buffer(text), sender, received.handler());
  this->pass_time();
  EXPECT_FALSE(received.done());
  this->send_to(left, "x", right.local_endpoint());
  this->finish(received);
  EXPECT_EQ(received.bytes(), 1u);
  EXPECT_EQ(sender, left.local_endpoint());
}

TYPED_TEST_P(DatagramContract, SendingBindsThePort) {
  using udp = typename TypeParam::udp;
  auto right = this->bind_udp_right();
  typename udp::socket left(this->machines_.left(), udp::v4());
  EXPECT_EQ(left.local_endpoint().port(), 0);
  this->send_to(left, "x", right.local_endpoint());
  const auto port = left.local_endpoint().port();
  EXPECT_NE(port, 0);
  typename udp::endpoint sender;
  this->receive(right, &sender);
  EXPECT_EQ(sender, typename udp::endpoint(this->machines_.left_address(), port));
}

TYPED_TEST_P(DatagramContract, SynchronousFormsDoNotBlock) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  right.non_blocking(true);
  std::string text(10, '\0');
  typename TypeParam::udp::endpoint sender;
  error_code error;
  EXPECT_EQ(right.receive_from(asio::buffer(text), sender, 0, error), 0u);
  EXPECT_EQ(error, asio::error::would_block);
  EXPECT_EQ(left.send_to(asio::buffer("now", 3), right.local_endpoint(), 0, error), 3u);
  EXPECT_EQ(error, kSuccess);
  EXPECT_EQ(left.send_to(asio::buffer("two", 3), right.local_endpoint()), 3u);
  this->pass_time();
  EXPECT_EQ(right.receive_from(asio::buffer(text), sender, 0, error), 3u);
  EXPECT_EQ(error, kSuccess);
  EXPECT_EQ(sender, left.local_endpoint());
  EXPECT_EQ(right.receive_from(asio::buffer(text), sender), 3u);
}

// Linux drops the tail and Asio does not tell (other systems: message_size).
TYPED_TEST_P(DatagramContract, WhatDoesNotFitIsLost) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  this->send_to(left, "longer than that", right.local_endpoint());
  this->send_to(left, "next", right.local_endpoint());
  this->pass_time();
  std::array<std::string, 2> got;
  for (std::string& text : got) {
    text.resize(6);
    Outcome received;
    typename TypeParam::udp::endpoint sender;
    right.async_receive_from(asio::buffer(text), sender, received.handler());
    this->finish(received);
    EXPECT_EQ(received.error(), kSuccess);
    text.resize(received.bytes());
  }
  std::sort(got.begin(), got.end());
  EXPECT_EQ(got, (std::array<std::string, 2>{"longer", "next"}));
}

TYPED_TEST_P(DatagramContract, EmptyDatagramsArrive) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  std::string text(10, '\0');
  typename TypeParam::udp::endpoint sender;
  Outcome received;
  right.async_receive_from(asio::buffer(text), sender, received.handler());
  this->send_to(left, "", right.local_endpoint());
  this->finish(received);
  EXPECT_EQ(received.error(), kSuccess);
  EXPECT_EQ(received.bytes(), 0u);
  EXPECT_EQ(sender, left.local_endpoint());
}

TYPED_TEST_P(DatagramContract, ADatagramHasALargestSize) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  // 65,535 less the headers of UDP and IPv4 (RFC 768, RFC 791).
  const std::string largest(65'507, 'l');
  const std::string larger(65'508, 'l');
  this->send_to(left, largest, right.local_endpoint());
  std::string text(70'000, '\0');
  typename TypeParam::udp::endpoint sender;
  Outcome received;
  right.async_receive_from(asio::buffer(text), sender, received.handler());
  this->finish(received);
  EXPECT_EQ(received.bytes(), largest.size());
  Outcome refused;
  left.async_send_to(asio::buffer(larger), right.local_endpoint(), refused.handler());
  this->finish(refused);
  EXPECT_EQ(refused.error(), asio::error::message_size);
  error_code error;
  left.send_to(asio::buffer(larger), right.local_endpoint(), 0, error);
  EXPECT_EQ(error, asio::error::message_size);
}

TYPED_TEST_P(DatagramContract, BuffersAreGatheredAndScattered) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  const std::array<asio::const_buffer, 2> parts = {asio::buffer("ab", 2), asio::buffer("cde", 3)};
  Outcome sent;
  left.async_send_to(parts, right.local_endpoint(), sent.handler());
  std::string first(1, '\0');
  std::string second(9, '\0');
  const std::array<asio::mutable_buffer, 2> into = {asio::buffer(first), asio::buffer(second)};
  typename TypeParam::udp::endpoint sender;
  Outcome received;
  right.async_receive_from(into, sender, received.handler());
  this->finish(sent, received);
  EXPECT_EQ(sent.bytes(), 5u);
  EXPECT_EQ(received.bytes(), 5u);
  EXPECT_EQ(first + second.substr(0, 4), "abcde");
}

TYPED_TEST_P(DatagramContract, ConnectChoosesThePeer) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  auto stranger = this->bind_udp_right();
  left.connect(right.local_endpoint());
  EXPECT_EQ(left.remote_endpoint(), right.local_endpoint());
  Outcome sent;
  left.async_send(asio::buffer("peer", 4), sent.handler());
  this->finish(sent);
  EXPECT_EQ(sent.error(), kSuccess);
  typename TypeParam::udp::endpoint sender;
  EXPECT_EQ(this->receive(right, &sender), "peer");
  EXPECT_EQ(sender, left.local_endpoint());

  std::string text(20, '\0');
  Outcome received;
  left.async_receive(asio::buffer(text), received.handler());
  this->send_to(stranger, "not for you", left.local_endpoint());
  this->pass_time();
  EXPECT_FALSE(received.done()) << "only the peer is heard";
  this->send_to(right, "reply", left.local_endpoint());
  this->finish(received);
  EXPECT_EQ(text.substr(0, received.bytes()), "reply");
}

TYPED_TEST_P(DatagramContract, AsyncConnectIsConnect) {
  using udp = typename TypeParam::udp;
  auto right = this->bind_udp_right();
  typename udp::socket left(this->machines_.left());
  Outcome connected;
  left.async_connect(right.local_endpoint(), connected.handler());
  this->finish(connected);
  EXPECT_EQ(connected.error(), kSuccess);
  EXPECT_EQ(left.remote_endpoint(), right.local_endpoint());
  EXPECT_EQ(left.send(asio::buffer("x", 1)), 1u);
  EXPECT_EQ(this->receive(right), "x");
}

TYPED_TEST_P(DatagramContract, AConnectedSocketLearnsThatNobodyIsThere) {
  auto left = this->bind_udp_left();
  auto gone = this->bind_udp_right();
  left.connect(gone.local_endpoint());
  gone.close();
  EXPECT_EQ(left.send(asio::buffer("x", 1)), 1u);
  std::string text(20, '\0');
  Outcome received;
  left.async_receive(asio::buffer(text), received.handler());
  this->finish(received);
  EXPECT_EQ(received.error(), asio::error::connection_refused);
}

TYPED_TEST_P(DatagramContract, AnUnconnectedSocketLearnsNothing) {
  auto left = this->bind_udp_left();
  auto gone = this->bind_udp_right();
  const auto nobody = gone.local_endpoint();
  gone.close();
  Outcome received;
  std::string text(20, '\0');
  typename TypeParam::udp::endpoint sender;
  left.async_receive_from(asio::buffer(text), sender, received.handler());
  this->send_to(left, "x", nobody);
  this->pass_time();
  EXPECT_FALSE(received.done());
  this->send_to(left, "y", nobody);
  auto right = this->bind_udp_right();
  this->send_to(right, "z", left.local_endpoint());
  this->finish(received);
  EXPECT_EQ(received.error(), kSuccess);
}

TYPED_TEST_P(DatagramContract, UnconnectedSendNeedsADestination) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  Outcome sent;
  left.async_send(asio::buffer("x", 1), sent.handler());
  this->finish(sent);
  EXPECT_EQ(sent.error(), boost::system::errc::destination_address_required);
  error_code error;
  left.remote_endpoint(error);
  EXPECT_EQ(error, asio::error::not_connected);
  // Receiving without asking for the sender needs no connection.
  std::string text(10, '\0');
  Outcome received;
  left.async_receive(asio::buffer(text), received.handler());
  this->send_to(right, "anyone", left.local_endpoint());
  this->finish(received);
  EXPECT_EQ(text.substr(0, received.bytes()), "anyone");
}

TYPED_TEST_P(DatagramContract, AllArriveAndPerhapsInOrder) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  std::vector<std::string> sent;
  std::vector<std::string> received;
  for (char c = 'a'; c < 'k'; ++c) {
    sent.emplace_back(1, c);
    this->send_to(left, sent.back(), right.local_endpoint());
  }
  for (std::size_t i = 0; i < sent.size(); ++i) {
    received.push_back(this->receive(right));
  }
  if (!TypeParam::kOrderedDatagrams) {
    std::sort(received.begin(), received.end());
  }
  EXPECT_EQ(received, sent);
}

TYPED_TEST_P(DatagramContract, AvailableAndWait) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  EXPECT_EQ(right.available(), 0u);
  Outcome waited;
  right.async_wait(asio::socket_base::wait_read, waited.handler());
  this->pass_time();
  EXPECT_FALSE(waited.done());
  this->send_to(left, "first", right.local_endpoint());
  this->finish(waited);
  EXPECT_EQ(waited.error(), kSuccess);
  EXPECT_EQ(right.available(), 5u);
  this->send_to(left, "more!", right.local_endpoint());
  this->pass_time();
  EXPECT_EQ(right.available(), 5u) << "the size of the next datagram";
  Outcome writable;
  right.async_wait(asio::socket_base::wait_write, writable.handler());
  this->finish(writable);
  EXPECT_EQ(writable.error(), kSuccess);
}

TYPED_TEST_P(DatagramContract, APortHasOneSocket) {
  using udp = typename TypeParam::udp;
  auto first = this->bind_udp_right();
  const auto endpoint = first.local_endpoint();
  typename udp::socket second(this->machines_.right(), udp::v4());
  error_code error;
  second.bind(endpoint, error);
  EXPECT_EQ(error, asio::error::address_in_use);
  EXPECT_THROW(typename udp::socket(this->machines_.right(), endpoint),
               boost::system::system_error);
  first.close();
  second.bind(endpoint, error);
  EXPECT_EQ(error, kSuccess);
  EXPECT_EQ(second.local_endpoint(), endpoint);
}

TYPED_TEST_P(DatagramContract, TcpAndUdpPortsAreApart) {
  using udp = typename TypeParam::udp;
  auto acceptor = this->listen_right();
  const typename udp::endpoint endpoint(this->machines_.right_address(),
                                        acceptor.local_endpoint().port());
  const typename udp::socket socket(this->machines_.right(), endpoint);
  EXPECT_EQ(socket.local_endpoint(), endpoint);
}

TYPED_TEST_P(DatagramContract, CancelCloseAndDestructionEndReceives) {
  std::string text(10, '\0');
  typename TypeParam::udp::endpoint sender;
  std::array<Outcome, 3> ended;
  auto cancelled = this->bind_udp_left();
  cancelled.async_receive_from(asio::buffer(text), sender, ended[0].handler());
  cancelled.cancel();
  auto closed = this->bind_udp_left();
  closed.async_receive_from(asio::buffer(text), sender, ended[1].handler());
  closed.close();
  {
    auto destroyed = this->bind_udp_left();
    destroyed.async_receive_from(asio::buffer(text), sender, ended[2].handler());
  }
  for (const Outcome& outcome : ended) {
    EXPECT_FALSE(outcome.done());
    this->finish(outcome);
    EXPECT_EQ(outcome.error(), asio::error::operation_aborted);
  }
  auto right = this->bind_udp_right();
  this->send_to(right, "still", cancelled.local_endpoint());
  EXPECT_EQ(this->receive(cancelled), "still");
}

TYPED_TEST_P(DatagramContract, ASlotEndsOneReceive) {
  for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                          asio::cancellation_type::total}) {
    auto left = this->bind_udp_left();
    auto right = this->bind_udp_right();
    std::array<std::string, 2> texts = {std::string(9, '\0'), std::string(9, '\0')};
    typename TypeParam::udp::endpoint sender;
    asio::cancellation_signal signal;
    Outcome cancelled;
    Outcome kept;
    left.async_receive_from(asio::buffer(texts[0]), sender,
                            asio::bind_cancellation_slot(signal.slot(), cancelled.handler()));
    left.async_receive_from(asio::buffer(texts[1]), sender, kept.handler());
    signal.emit(type);
    this->finish(cancelled);
    EXPECT_EQ(cancelled.error(), asio::error::operation_aborted);
    EXPECT_FALSE(kept.done());
    this->send_to(right, "kept", left.local_endpoint());
    this->finish(kept);
    EXPECT_EQ(texts[1].substr(0, kept.bytes()), "kept");
  }
}

TYPED_TEST_P(DatagramContract, AClosedSocketIsABadDescriptor) {
  typename TypeParam::udp::socket socket(this->machines_.left());
  std::string text(10, '\0');
  typename TypeParam::udp::endpoint sender;
  Outcome received;
  socket.async_receive_from(asio::buffer(text), sender, received.handler());
  Outcome sent;
  auto right = this->bind_udp_right();
  socket.async_send_to(asio::buffer("x", 1), right.local_endpoint(), sent.handler());
  this->finish(received, sent);
  EXPECT_EQ(received.error(), asio::error::bad_descriptor);
  EXPECT_EQ(sent.error(), asio::error::bad_descriptor);
}

TYPED_TEST_P(DatagramContract, AMovedSocketTakesItsOperationsAlong) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  const auto endpoint = left.local_endpoint();
  std::string text(10, '\0');
  typename TypeParam::udp::endpoint sender;
  Outcome received;
  left.async_receive_from(asio::buffer(text), sender, received.handler());
  auto moved = std::move(left);
  EXPECT_FALSE(left.is_open());
  EXPECT_EQ(moved.local_endpoint(), endpoint);
  this->send_to(right, "moved", endpoint);
  this->finish(received);
  EXPECT_EQ(received.error(), kSuccess);
  EXPECT_EQ(text.substr(0, received.bytes()), "moved");
}

REGISTER_TYPED_TEST_SUITE_P(DatagramContract, ADatagramTellsItsSender, AReceiverMayWaitFirst,
                            SendingBindsThePort, SynchronousFormsDoNotBlock, WhatDoesNotFitIsLost,
                            EmptyDatagramsArrive, ADatagramHasALargestSize,
                            BuffersAreGatheredAndScattered, ConnectChoosesThePeer,
                            AsyncConnectIsConnect, AConnectedSocketLearnsThatNobodyIsThere,
                            AnUnconnectedSocketLearnsNothing, UnconnectedSendNeedsADestination,
                            AllArriveAndPerhapsInOrder, AvailableAndWait, APortHasOneSocket,
                            TcpAndUdpPortsAreApart, CancelCloseAndDestructionEndReceives,
                            ASlotEndsOneReceive, AClosedSocketIsABadDescriptor,
                            AMovedSocketTakesItsOperationsAlong);

}  // namespace contract
