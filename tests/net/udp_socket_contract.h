// UDP sockets: peers, ports, and how pending operations end.
#pragma once

#include <array>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "tests/net/datagram_contract.h"

namespace contract {

template <class Machines>
class UdpSocketContract : public DatagramFixture<Machines> {};
TYPED_TEST_SUITE_P(UdpSocketContract);

TYPED_TEST_P(UdpSocketContract, ConnectChoosesThePeer) {
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

TYPED_TEST_P(UdpSocketContract, AsyncConnectIsConnect) {
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

TYPED_TEST_P(UdpSocketContract, AConnectedSocketMayLearnThatNobodyIsThere) {
  auto left = this->bind_udp_left();
  auto gone = this->bind_udp_right();
  const auto endpoint = gone.local_endpoint();
  left.connect(endpoint);
  gone.close();
  EXPECT_EQ(left.send(asio::buffer("x", 1)), 1u);
  std::string text(20, '\0');
  Outcome received;
  left.async_receive(asio::buffer(text), received.handler());
  if (TypeParam::kHasIcmp) {
    this->finish(received);
    EXPECT_EQ(received.error(), asio::error::connection_refused);
    return;
  }
  this->pass_time();
  EXPECT_FALSE(received.done());
  typename TypeParam::udp::socket back(this->machines_.right(), endpoint);
  this->send_to(back, "back", left.local_endpoint());
  this->finish(received);
  EXPECT_EQ(text.substr(0, received.bytes()), "back");
}

TYPED_TEST_P(UdpSocketContract, AnUnconnectedSocketLearnsNothing) {
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

TYPED_TEST_P(UdpSocketContract, UnconnectedSendNeedsADestination) {
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

TYPED_TEST_P(UdpSocketContract, APortHasOneSocket) {
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

TYPED_TEST_P(UdpSocketContract, TcpAndUdpPortsAreApart) {
  using udp = typename TypeParam::udp;
  auto acceptor = this->listen_right();
  const typename udp::endpoint endpoint(this->machines_.right_address(),
                                        acceptor.local_endpoint().port());
  const typename udp::socket socket(this->machines_.right(), endpoint);
  EXPECT_EQ(socket.local_endpoint(), endpoint);
}

TYPED_TEST_P(UdpSocketContract, CancelCloseAndDestructionEndReceives) {
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

TYPED_TEST_P(UdpSocketContract, ASlotEndsOneReceive) {
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

TYPED_TEST_P(UdpSocketContract, AClosedSocketIsABadDescriptor) {
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

TYPED_TEST_P(UdpSocketContract, AMovedSocketTakesItsOperationsAlong) {
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

REGISTER_TYPED_TEST_SUITE_P(UdpSocketContract, ConnectChoosesThePeer, AsyncConnectIsConnect,
                            AConnectedSocketMayLearnThatNobodyIsThere,
                            AnUnconnectedSocketLearnsNothing, UnconnectedSendNeedsADestination,
                            APortHasOneSocket, TcpAndUdpPortsAreApart,
                            CancelCloseAndDestructionEndReceives, ASlotEndsOneReceive,
                            AClosedSocketIsABadDescriptor, AMovedSocketTakesItsOperationsAlong);

}  // namespace contract
