// Opening, binding and connecting TCP sockets; what each state of a socket answers.
#pragma once

#include <type_traits>

#include "tests/net/contract.h"

namespace contract {

template <class Machines>
class ConnectContract : public NetContract<Machines> {};
TYPED_TEST_SUITE_P(ConnectContract);

TYPED_TEST_P(ConnectContract, BothEndsAgreeOnTheirEndpoints) {
  auto acceptor = this->listen_right();
  auto pair = this->connect_to(acceptor);
  EXPECT_EQ(pair.left.remote_endpoint(), acceptor.local_endpoint());
  EXPECT_EQ(pair.right.local_endpoint(), acceptor.local_endpoint());
  EXPECT_EQ(pair.left.local_endpoint(), pair.right.remote_endpoint());
  EXPECT_EQ(pair.left.local_endpoint().address(), this->machines_.left_address());
  EXPECT_NE(pair.left.local_endpoint().port(), 0);
  this->expect_usable(pair);
}

TYPED_TEST_P(ConnectContract, NobodyListens) {
  const auto nobody = this->unused_endpoint();
  typename TypeParam::tcp::socket socket(this->machines_.left());
  Outcome refused;
  socket.async_connect(nobody, refused.handler());
  this->finish(refused);
  EXPECT_EQ(refused.error(), asio::error::connection_refused);
  EXPECT_TRUE(socket.is_open());

  // The socket can try elsewhere once closed.
  socket.close();
  auto acceptor = this->listen_right();
  Outcome connected;
  socket.async_connect(acceptor.local_endpoint(), connected.handler());
  this->finish(connected);
  EXPECT_EQ(connected.error(), kSuccess);
}

TYPED_TEST_P(ConnectContract, TheOperationOpensTheSocket) {
  auto acceptor = this->listen_right();
  typename TypeParam::tcp::socket socket(this->machines_.left());
  EXPECT_FALSE(socket.is_open());
  Outcome connected;
  socket.async_connect(acceptor.local_endpoint(), connected.handler());
  EXPECT_TRUE(socket.is_open());
  this->finish(connected);
  EXPECT_EQ(connected.error(), kSuccess);
}

TYPED_TEST_P(ConnectContract, ABoundSocketKeepsItsPort) {
  using tcp = typename TypeParam::tcp;
  auto acceptor = this->listen_right();
  typename tcp::socket socket(this->machines_.left());
  socket.open(tcp::v4());
  socket.bind(typename tcp::endpoint(this->machines_.left_address(), 0));
  const auto bound = socket.local_endpoint();
  EXPECT_NE(bound.port(), 0);
  Outcome connected;
  socket.async_connect(acceptor.local_endpoint(), connected.handler());
  this->finish(connected);
  EXPECT_EQ(connected.error(), kSuccess);
  EXPECT_EQ(socket.local_endpoint(), bound);
}

TYPED_TEST_P(ConnectContract, ConstructorsOpenAndBind) {
  using tcp = typename TypeParam::tcp;
  typename tcp::socket open(this->machines_.left(), tcp::v4());
  EXPECT_TRUE(open.is_open());
  error_code error;
  open.open(tcp::v4(), error);
  EXPECT_EQ(error, asio::error::already_open);
  const typename tcp::socket bound(this->machines_.left(),
                                   typename tcp::endpoint(this->machines_.left_address(), 0));
  EXPECT_NE(bound.local_endpoint().port(), 0);
}

TYPED_TEST_P(ConnectContract, BindSaysWhyItCannot) {
  using tcp = typename TypeParam::tcp;
  auto acceptor = this->listen_right();
  error_code error;
  typename tcp::socket taken(this->machines_.right(), tcp::v4());
  taken.bind(acceptor.local_endpoint(), error);
  EXPECT_EQ(error, asio::error::address_in_use);
  // 192.0.2.0/24 is for documentation (RFC 5737); no machine has it.
  const auto foreign = asio::ip::make_address("192.0.2.1");
  taken.bind(typename tcp::endpoint(foreign, 0), error);
  EXPECT_EQ(error, boost::system::errc::address_not_available);
  taken.bind(typename tcp::endpoint(this->machines_.right_address(), 0), error);
  EXPECT_EQ(error, kSuccess);
  taken.bind(typename tcp::endpoint(this->machines_.right_address(), 0), error);
  EXPECT_EQ(error, asio::error::invalid_argument) << "bound already";
}

TYPED_TEST_P(ConnectContract, ASecondConnectFailsAndHarmsNothing) {
  auto acceptor = this->listen_right();
  auto pair = this->connect_to(acceptor);
  const auto connect_again = [&](auto& socket) {
    Outcome again;
    socket.async_connect(acceptor.local_endpoint(), again.handler());
    this->finish(again);
    return again.error();
  };
  EXPECT_EQ(connect_again(pair.right), asio::error::already_connected);
  // Linux lets one further connect(2) of a non-blocking socket learn that it succeeded.
  const error_code second = connect_again(pair.left);
  EXPECT_TRUE(second == kSuccess || second == asio::error::already_connected) << second;
  EXPECT_EQ(connect_again(pair.left), asio::error::already_connected);
  this->expect_usable(pair);
}

TYPED_TEST_P(ConnectContract, AClosedSocketIsABadDescriptor) {
  typename TypeParam::tcp::socket socket(this->machines_.left());
  EXPECT_EQ(this->read_one(socket), asio::error::bad_descriptor);
  EXPECT_EQ(this->write_one(socket), asio::error::bad_descriptor);
  error_code error;
  socket.cancel(error);
  EXPECT_EQ(error, asio::error::bad_descriptor);
  socket.shutdown(asio::socket_base::shutdown_both, error);
  EXPECT_EQ(error, asio::error::bad_descriptor);
  socket.local_endpoint(error);
  EXPECT_EQ(error, asio::error::bad_descriptor);
  socket.remote_endpoint(error);
  EXPECT_EQ(error, asio::error::bad_descriptor);
  EXPECT_EQ(socket.available(error), 0u);
  EXPECT_EQ(error, asio::error::bad_descriptor);
  socket.set_option(asio::socket_base::keep_alive(true), error);
  EXPECT_EQ(error, asio::error::bad_descriptor);
  char byte = 0;
  EXPECT_EQ(socket.read_some(asio::buffer(&byte, 1), error), 0u);
  EXPECT_EQ(error, asio::error::bad_descriptor);
  EXPECT_EQ(socket.write_some(asio::buffer(&byte, 1), error), 0u);
  EXPECT_EQ(error, asio::error::bad_descriptor);
  socket.close(error);
  EXPECT_EQ(error, kSuccess);
}

TYPED_TEST_P(ConnectContract, AnUnconnectedSocketSaysSo) {
  using tcp = typename TypeParam::tcp;
  typename tcp::socket socket(this->machines_.left(), tcp::v4());
  EXPECT_EQ(this->read_one(socket), asio::error::not_connected);
  EXPECT_EQ(this->write_one(socket), asio::error::broken_pipe) << "as Linux's send(2)";
  error_code error;
  socket.remote_endpoint(error);
  EXPECT_EQ(error, asio::error::not_connected);
  socket.shutdown(asio::socket_base::shutdown_both, error);
  EXPECT_EQ(error, asio::error::not_connected);
  EXPECT_EQ(socket.local_endpoint(error).port(), 0);
  EXPECT_EQ(error, kSuccess);
}

TYPED_TEST_P(ConnectContract, ThrowingFormsThrowTheSameErrors) {
  typename TypeParam::tcp::socket socket(this->machines_.left());
  const auto thrown = [](auto function) {
    try {
      function();
    } catch (const boost::system::system_error& caught) {
      return caught.code();
    }
    return kSuccess;
  };
  EXPECT_EQ(thrown([&] { socket.local_endpoint(); }), asio::error::bad_descriptor);
  EXPECT_EQ(thrown([&] { socket.shutdown(asio::socket_base::shutdown_send); }),
            asio::error::bad_descriptor);
  EXPECT_EQ(thrown([&] { socket.cancel(); }), asio::error::bad_descriptor);
  EXPECT_EQ(thrown([&] { socket.close(); }), kSuccess);
  auto acceptor = this->listen_right();
  const auto endpoint = acceptor.local_endpoint();
  EXPECT_EQ(thrown([&] { typename TypeParam::tcp::acceptor(this->machines_.right(), endpoint); }),
            asio::error::address_in_use);
}

TYPED_TEST_P(ConnectContract, CancelEndsAConnect) {
  auto acceptor = this->listen_right();
  typename TypeParam::tcp::socket socket(this->machines_.left());
  Outcome cancelled;
  socket.async_connect(acceptor.local_endpoint(), cancelled.handler());
  socket.cancel();
  this->finish(cancelled);
  EXPECT_EQ(cancelled.error(), asio::error::operation_aborted);
  EXPECT_TRUE(socket.is_open());
  socket.close();
  Outcome connected;
  socket.async_connect(acceptor.local_endpoint(), connected.handler());
  this->finish(connected);
  EXPECT_EQ(connected.error(), kSuccess);
}

TYPED_TEST_P(ConnectContract, CloseAndDestructionEndAConnect) {
  auto acceptor = this->listen_right();
  typename TypeParam::tcp::socket closed(this->machines_.left());
  Outcome by_close;
  closed.async_connect(acceptor.local_endpoint(), by_close.handler());
  closed.close();
  Outcome by_destructor;
  {
    typename TypeParam::tcp::socket destroyed(this->machines_.left());
    destroyed.async_connect(acceptor.local_endpoint(), by_destructor.handler());
  }
  this->finish(by_close, by_destructor);
  EXPECT_EQ(by_close.error(), asio::error::operation_aborted);
  EXPECT_EQ(by_destructor.error(), asio::error::operation_aborted);
}

TYPED_TEST_P(ConnectContract, AMachineConnectsToItself) {
  auto acceptor = this->listen_right();
  typename TypeParam::tcp::socket near(this->machines_.right());
  typename TypeParam::tcp::socket far(this->machines_.right());
  Outcome connected;
  Outcome accepted;
  near.async_connect(acceptor.local_endpoint(), connected.handler());
  acceptor.async_accept(far, accepted.handler());
  this->finish(connected, accepted);
  EXPECT_EQ(near.local_endpoint(), far.remote_endpoint());
  this->write_all(near, "self");
  EXPECT_EQ(this->read_exactly(far, 4), "self");
}

TYPED_TEST_P(ConnectContract, AListOfEndpointsIsTriedInOrder) {
  using endpoint = typename TypeParam::tcp::endpoint;
  auto acceptor = this->listen_right();
  const std::vector<endpoint> endpoints = {this->unused_endpoint(), acceptor.local_endpoint()};
  typename TypeParam::tcp::socket socket(this->machines_.left());
  Outcome connected;
  endpoint chosen;
  TypeParam::async_connect(
      socket, endpoints, [&, handler = connected.handler()](error_code error, endpoint to) mutable {
        chosen = to;
        handler(error);
      });
  this->finish(connected);
  EXPECT_EQ(connected.error(), kSuccess);
  EXPECT_EQ(chosen, acceptor.local_endpoint());
}

TYPED_TEST_P(ConnectContract, AListThatFailsGivesItsLastError) {
  using endpoint = typename TypeParam::tcp::endpoint;
  typename TypeParam::tcp::socket socket(this->machines_.left());
  const std::vector<endpoint> refusing = {this->unused_endpoint()};
  const std::vector<endpoint> none;
  Outcome refused;
  Outcome empty;
  const auto told = [](const Outcome& outcome) {
    return [handler = outcome.handler()](error_code error, const endpoint& to) mutable {
      EXPECT_EQ(to, endpoint());
      handler(error);
    };
  };
  TypeParam::async_connect(socket, refusing, told(refused));
  this->finish(refused);
  EXPECT_EQ(refused.error(), asio::error::connection_refused);
  TypeParam::async_connect(socket, none, told(empty));
  EXPECT_FALSE(empty.done());
  this->finish(empty);
  EXPECT_EQ(empty.error(), asio::error::not_found);
}

TYPED_TEST_P(ConnectContract, AListMayBeIteratorsWithACondition) {
  using endpoint = typename TypeParam::tcp::endpoint;
  auto acceptor = this->listen_right();
  auto skipped = this->listen_right();
  const std::vector<endpoint> endpoints = {skipped.local_endpoint(), acceptor.local_endpoint()};
  typename TypeParam::tcp::socket socket(this->machines_.left());
  Outcome connected;
  auto chosen = endpoints.end();
  TypeParam::async_connect(
      socket, endpoints.begin(), endpoints.end(),
      [&](const error_code&, const endpoint& next) { return next != endpoints.front(); },
      [&, handler = connected.handler()](error_code error,
                                         std::vector<endpoint>::const_iterator at) mutable {
        chosen = at;
        handler(error);
      });
  this->finish(connected);
  EXPECT_EQ(connected.error(), kSuccess);
  EXPECT_EQ(chosen, endpoints.begin() + 1);
}

TYPED_TEST_P(ConnectContract, CloseEndsAList) {
  using endpoint = typename TypeParam::tcp::endpoint;
  auto acceptor = this->listen_right();
  const std::vector<endpoint> endpoints = {acceptor.local_endpoint(), acceptor.local_endpoint()};
  typename TypeParam::tcp::socket socket(this->machines_.left());
  Outcome ended;
  TypeParam::async_connect(
      socket, endpoints,
      [handler = ended.handler()](error_code error, const endpoint&) mutable { handler(error); });
  socket.close();
  this->finish(ended);
  EXPECT_EQ(ended.error(), asio::error::operation_aborted) << "no further endpoint is tried";
  EXPECT_FALSE(socket.is_open());
}

TYPED_TEST_P(ConnectContract, TypesAreNamedAsInAsio) {
  using socket = typename TypeParam::tcp::socket;
  static_assert(std::is_same_v<typename socket::executor_type, asio::any_io_executor>);
  static_assert(std::is_same_v<typename socket::endpoint_type, typename TypeParam::tcp::endpoint>);
  static_assert(std::is_nothrow_move_constructible_v<socket>);
  static_assert(std::is_move_assignable_v<socket>);
  static_assert(!std::is_copy_constructible_v<socket>);
  socket some(this->machines_.left());
  EXPECT_EQ(some.get_executor(), this->machines_.left());
  EXPECT_EQ(&some.lowest_layer(), &some.lowest_layer().lowest_layer());
}

REGISTER_TYPED_TEST_SUITE_P(ConnectContract, BothEndsAgreeOnTheirEndpoints, NobodyListens,
                            TheOperationOpensTheSocket, ABoundSocketKeepsItsPort,
                            ConstructorsOpenAndBind, BindSaysWhyItCannot,
                            ASecondConnectFailsAndHarmsNothing, AClosedSocketIsABadDescriptor,
                            AnUnconnectedSocketSaysSo, ThrowingFormsThrowTheSameErrors,
                            CancelEndsAConnect, CloseAndDestructionEndAConnect,
                            AMachineConnectsToItself, AListOfEndpointsIsTriedInOrder,
                            AListThatFailsGivesItsLastError, AListMayBeIteratorsWithACondition,
                            CloseEndsAList, TypesAreNamedAsInAsio);

}  // namespace contract
