// Listening: the steps, the backlog, accepting in each form, and how accepts end.
#pragma once

#include <boost/asio/strand.hpp>

#include "tests/net/contract.h"

namespace contract {

template <class Machines>
class AcceptorContract : public NetContract<Machines> {
 protected:
  using socket = typename Machines::tcp::socket;

  // Connected as the peer's kernel sees it; not accepted.
  socket connect_unaccepted(const typename Machines::tcp::endpoint& to) {
    socket client(this->machines_.left());
    Outcome connected;
    client.async_connect(to, connected.handler());
    this->finish(connected);
    EXPECT_EQ(connected.error(), kSuccess);
    return client;
  }
};
TYPED_TEST_SUITE_P(AcceptorContract);

TYPED_TEST_P(AcceptorContract, OpenBindListen) {
  using tcp = typename TypeParam::tcp;
  typename tcp::acceptor acceptor(this->machines_.right());
  EXPECT_FALSE(acceptor.is_open());
  acceptor.open(tcp::v4());
  EXPECT_TRUE(acceptor.is_open());
  acceptor.set_option(asio::socket_base::reuse_address(true));
  acceptor.bind(typename tcp::endpoint(this->machines_.right_address(), 0));
  EXPECT_NE(acceptor.local_endpoint().port(), 0) << "port 0 asks for any";
  acceptor.listen();
  auto pair = this->connect_to(acceptor);
  this->expect_usable(pair);
}

TYPED_TEST_P(AcceptorContract, ABoundPortRefusesUntilItListens) {
  using tcp = typename TypeParam::tcp;
  typename tcp::acceptor acceptor(this->machines_.right(), tcp::v4());
  acceptor.bind(typename tcp::endpoint(this->machines_.right_address(), 0));
  typename tcp::socket client(this->machines_.left());
  Outcome refused;
  client.async_connect(acceptor.local_endpoint(), refused.handler());
  this->finish(refused);
  EXPECT_EQ(refused.error(), asio::error::connection_refused);
  acceptor.listen();
  this->connect_unaccepted(acceptor.local_endpoint());
}

TYPED_TEST_P(AcceptorContract, AnyAddressIsEveryAddress) {
  using tcp = typename TypeParam::tcp;
  typename tcp::acceptor acceptor(this->machines_.right(), typename tcp::endpoint(tcp::v4(), 0));
  EXPECT_TRUE(acceptor.local_endpoint().address().is_unspecified());
  const typename tcp::endpoint reachable(this->machines_.right_address(),
                                         acceptor.local_endpoint().port());
  auto client = this->connect_unaccepted(reachable);
  typename tcp::socket server(this->machines_.right());
  Outcome accepted;
  acceptor.async_accept(server, accepted.handler());
  this->finish(accepted);
  EXPECT_EQ(server.local_endpoint(), reachable);
}

TYPED_TEST_P(AcceptorContract, APortHasOneListener) {
  using tcp = typename TypeParam::tcp;
  auto first = this->listen_right();
  typename tcp::acceptor second(this->machines_.right(), tcp::v4());
  second.set_option(asio::socket_base::reuse_address(true));
  error_code error;
  second.bind(first.local_endpoint(), error);
  if (!error) {
    second.listen(asio::socket_base::max_listen_connections, error);
  }
  EXPECT_EQ(error, asio::error::address_in_use);
  const auto endpoint = first.local_endpoint();
  first.close();
  const typename tcp::acceptor again(this->machines_.right(), endpoint);
  EXPECT_EQ(again.local_endpoint(), endpoint) << "free once closed";
}

TYPED_TEST_P(AcceptorContract, EphemeralPortsDiffer) {
  auto one = this->listen_right();
  auto two = this->listen_right();
  EXPECT_NE(one.local_endpoint().port(), two.local_endpoint().port());
}

TYPED_TEST_P(AcceptorContract, ConnectionsAreAcceptedInTheirOrder) {
  auto acceptor = this->listen_right();
  std::vector<typename TypeParam::tcp::socket> clients;
  for (int i = 0; i < 5; ++i) {
    clients.push_back(this->connect_unaccepted(acceptor.local_endpoint()));
  }
  for (auto& client : clients) {
    typename TypeParam::tcp::socket server(this->machines_.right());
    Outcome accepted;
    acceptor.async_accept(server, accepted.handler());
    EXPECT_FALSE(accepted.done());
    this->finish(accepted);
    EXPECT_EQ(accepted.error(), kSuccess);
    EXPECT_EQ(server.remote_endpoint(), client.local_endpoint());
  }
}

TYPED_TEST_P(AcceptorContract, AcceptsMayQueue) {
  auto acceptor = this->listen_right();
  typename TypeParam::tcp::socket first(this->machines_.right());
  typename TypeParam::tcp::socket second(this->machines_.right());
  Outcome one;
  Outcome two;
  acceptor.async_accept(first, one.handler());
  acceptor.async_accept(second, two.handler());
  auto early = this->connect_unaccepted(acceptor.local_endpoint());
  auto late = this->connect_unaccepted(acceptor.local_endpoint());
  this->finish(one, two);
  EXPECT_EQ(first.remote_endpoint(), early.local_endpoint());
  EXPECT_EQ(second.remote_endpoint(), late.local_endpoint());
}

TYPED_TEST_P(AcceptorContract, BytesWaitWithTheUnacceptedConnection) {
  auto acceptor = this->listen_right();
  auto client = this->connect_unaccepted(acceptor.local_endpoint());
  this->write_all(client, "early");
  client.close();
  this->pass_time();
  typename TypeParam::tcp::socket server(this->machines_.right());
  Outcome accepted;
  acceptor.async_accept(server, accepted.handler());
  this->finish(accepted);
  EXPECT_EQ(this->read_exactly(server, 5), "early");
  EXPECT_EQ(this->read_one(server), asio::error::eof);
}

TYPED_TEST_P(AcceptorContract, AcceptReturnsASocket) {
  using socket = typename TypeParam::tcp::socket;
  auto acceptor = this->listen_right();
  std::optional<socket> server;
  Outcome accepted;
  acceptor.async_accept(
      [&, handler = accepted.handler()](error_code error, socket accepted_socket) mutable {
        server.emplace(std::move(accepted_socket));
        handler(error);
      });
  auto client = this->connect_unaccepted(acceptor.local_endpoint());
  this->finish(accepted);
  EXPECT_EQ(accepted.error(), kSuccess);
  ASSERT_TRUE(server);
  EXPECT_EQ(server->get_executor(), this->machines_.right());
  SocketPair<socket> pair{std::move(client), std::move(*server)};
  this->expect_usable(pair);
}

TYPED_TEST_P(AcceptorContract, AcceptGivesTheSocketAnotherExecutor) {
  using socket = typename TypeParam::tcp::socket;
  auto acceptor = this->listen_right();
  const asio::any_io_executor strand = asio::make_strand(this->machines_.right());
  std::optional<socket> server;
  Outcome accepted;
  acceptor.async_accept(
      strand, [&, handler = accepted.handler()](error_code error, socket accepted_socket) mutable {
        server.emplace(std::move(accepted_socket));
        handler(error);
      });
  auto client = this->connect_unaccepted(acceptor.local_endpoint());
  this->finish(accepted);
  ASSERT_TRUE(server);
  EXPECT_EQ(server->get_executor(), strand);
  SocketPair<socket> pair{std::move(client), std::move(*server)};
  this->expect_usable(pair);
}

TYPED_TEST_P(AcceptorContract, AcceptTellsThePeersEndpoint) {
  using tcp = typename TypeParam::tcp;
  auto acceptor = this->listen_right();
  typename tcp::socket server(this->machines_.right());
  typename tcp::endpoint peer;
  Outcome accepted;
  acceptor.async_accept(server, peer, accepted.handler());
  auto client = this->connect_unaccepted(acceptor.local_endpoint());
  this->finish(accepted);
  EXPECT_EQ(peer, client.local_endpoint());
}

TYPED_TEST_P(AcceptorContract, NonBlockingAcceptAndWait) {
  auto acceptor = this->listen_right();
  acceptor.non_blocking(true);
  typename TypeParam::tcp::socket server(this->machines_.right());
  error_code error;
  acceptor.accept(server, error);
  EXPECT_EQ(error, asio::error::would_block);
  EXPECT_FALSE(server.is_open());
  Outcome waited;
  acceptor.async_wait(asio::socket_base::wait_read, waited.handler());
  this->pass_time();
  EXPECT_FALSE(waited.done());
  auto client = this->connect_unaccepted(acceptor.local_endpoint());
  this->finish(waited);
  EXPECT_EQ(waited.error(), kSuccess);
  acceptor.accept(server, error);
  EXPECT_EQ(error, kSuccess);
  EXPECT_EQ(server.remote_endpoint(), client.local_endpoint());
}

TYPED_TEST_P(AcceptorContract, CancelCloseAndDestructionEndAccepts) {
  typename TypeParam::tcp::socket server(this->machines_.right());
  auto cancelled = this->listen_right();
  Outcome by_cancel;
  cancelled.async_accept(server, by_cancel.handler());
  cancelled.cancel();
  auto closed = this->listen_right();
  Outcome by_close;
  closed.async_accept(server, by_close.handler());
  closed.close();
  Outcome by_destructor;
  {
    auto destroyed = this->listen_right();
    destroyed.async_accept(server, by_destructor.handler());
  }
  EXPECT_FALSE(by_cancel.done() || by_close.done() || by_destructor.done());
  this->finish(by_cancel, by_close, by_destructor);
  EXPECT_EQ(by_cancel.error(), asio::error::operation_aborted);
  EXPECT_EQ(by_close.error(), asio::error::operation_aborted);
  EXPECT_EQ(by_destructor.error(), asio::error::operation_aborted);
  EXPECT_FALSE(server.is_open());
  auto pair = this->connect_to(cancelled);
  this->expect_usable(pair);
}

TYPED_TEST_P(AcceptorContract, AClosedAcceptorRefuses) {
  auto acceptor = this->listen_right();
  const auto endpoint = acceptor.local_endpoint();
  auto waiting = this->connect_unaccepted(endpoint);
  acceptor.close();
  EXPECT_EQ(this->read_one(waiting), asio::error::connection_reset)
      << "whoever waited to be accepted";
  typename TypeParam::tcp::socket late(this->machines_.left());
  Outcome refused;
  late.async_connect(endpoint, refused.handler());
  this->finish(refused);
  EXPECT_EQ(refused.error(), asio::error::connection_refused);
}

TYPED_TEST_P(AcceptorContract, AnAcceptNeedsAListener) {
  using tcp = typename TypeParam::tcp;
  typename tcp::acceptor acceptor(this->machines_.right());
  typename tcp::socket server(this->machines_.right());
  Outcome closed;
  acceptor.async_accept(server, closed.handler());
  this->finish(closed);
  EXPECT_EQ(closed.error(), asio::error::bad_descriptor);
  acceptor.open(tcp::v4());
  acceptor.bind(typename tcp::endpoint(this->machines_.right_address(), 0));
  Outcome silent;
  acceptor.async_accept(server, silent.handler());
  this->finish(silent);
  EXPECT_EQ(silent.error(), asio::error::invalid_argument);
}

TYPED_TEST_P(AcceptorContract, AcceptIntoAnOpenSocketFails) {
  auto acceptor = this->listen_right();
  auto pair = this->connect_to(acceptor);
  Outcome accepted;
  acceptor.async_accept(pair.right, accepted.handler());
  this->finish(accepted);
  EXPECT_EQ(accepted.error(), asio::error::already_open);
  this->expect_usable(pair);
}

TYPED_TEST_P(AcceptorContract, AMovedAcceptorGoesOn) {
  auto acceptor = this->listen_right();
  const auto endpoint = acceptor.local_endpoint();
  typename TypeParam::tcp::socket server(this->machines_.right());
  Outcome accepted;
  acceptor.async_accept(server, accepted.handler());
  auto moved = std::move(acceptor);
  EXPECT_FALSE(acceptor.is_open());
  EXPECT_EQ(moved.local_endpoint(), endpoint);
  auto client = this->connect_unaccepted(endpoint);
  this->finish(accepted);
  EXPECT_EQ(accepted.error(), kSuccess);
  EXPECT_EQ(server.remote_endpoint(), client.local_endpoint());
}

REGISTER_TYPED_TEST_SUITE_P(AcceptorContract, OpenBindListen, ABoundPortRefusesUntilItListens,
                            AnyAddressIsEveryAddress, APortHasOneListener, EphemeralPortsDiffer,
                            ConnectionsAreAcceptedInTheirOrder, AcceptsMayQueue,
                            BytesWaitWithTheUnacceptedConnection, AcceptReturnsASocket,
                            AcceptGivesTheSocketAnotherExecutor, AcceptTellsThePeersEndpoint,
                            NonBlockingAcceptAndWait, CancelCloseAndDestructionEndAccepts,
                            AClosedAcceptorRefuses, AnAcceptNeedsAListener,
                            AcceptIntoAnOpenSocketFails, AMovedAcceptorGoesOn);

}  // namespace contract
