// Sockets and timers under coroutines: errors as exceptions or as values, parallel
// operators, and cancellation of a coroutine through its slot.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tests/net/contract.h"

namespace contract {

inline constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);

// How a coroutine ended.
struct Ending {
  bool done = false;
  error_code error;
};

// co_spawn's completion handler: a system_error's code, any other exception fails.
inline auto note(Ending& ending) {
  return [&ending](std::exception_ptr thrown) {
    ending.done = true;
    try {
      if (thrown) {
        std::rethrow_exception(thrown);
      }
    } catch (const boost::system::system_error& error) {
      ending.error = error.code();
    }
  };
}

template <class Acceptor>
asio::awaitable<void> echo_one(Acceptor* acceptor) {
  auto socket = co_await acceptor->async_accept(asio::use_awaitable);
  std::string text(64, '\0');
  for (;;) {
    const std::size_t count =
        co_await socket.async_read_some(asio::buffer(text), asio::use_awaitable);
    co_await asio::async_write(socket, asio::buffer(text.data(), count), asio::use_awaitable);
  }
}

template <class Socket, class Endpoint>
asio::awaitable<void> call_echo(Socket* socket, Endpoint to, std::string* answer) {
  co_await socket->async_connect(to, asio::use_awaitable);
  for (int i = 0; i < 3; ++i) {
    const std::string question = "question " + std::to_string(i) + "; ";
    co_await asio::async_write(*socket, asio::buffer(question), asio::use_awaitable);
    std::string text(question.size(), '\0');
    co_await asio::async_read(*socket, asio::buffer(text), asio::use_awaitable);
    *answer += text;
  }
  socket->shutdown(asio::socket_base::shutdown_send);
  char byte = 0;
  const auto [error, count] = co_await socket->async_read_some(asio::buffer(&byte, 1), use_tuple);
  *answer += error == asio::error::eof && count == 0 ? "end" : error.message();
}

template <class Socket>
asio::awaitable<void> read_forever(Socket* socket) {
  char byte = 0;
  for (;;) {
    co_await socket->async_read_some(asio::buffer(&byte, 1), asio::use_awaitable);
  }
}

template <class Socket>
asio::awaitable<void> read_byte(Socket* socket) {
  char byte = 0;
  co_await socket->async_read_some(asio::buffer(&byte, 1), asio::use_awaitable);
}

template <class Timer>
asio::awaitable<void> wait_on(Timer* timer) {
  co_await timer->async_wait(asio::use_awaitable);
}

template <class Socket, class Timer>
asio::awaitable<void> read_or_give_up(Socket* socket, Timer* timer, std::size_t* first) {
  using namespace asio::experimental::awaitable_operators;
  auto reading = read_byte(socket);
  auto waiting = wait_on(timer);
  auto both = std::move(reading) || std::move(waiting);
  const auto result = co_await std::move(both);
  *first = result.index();
}

template <class Timer>
asio::awaitable<void> wait_for_both(Timer* one, Timer* two) {
  using namespace asio::experimental::awaitable_operators;
  auto first = wait_on(one);
  auto second = wait_on(two);
  auto both = std::move(first) && std::move(second);
  co_await std::move(both);
}

template <class Socket>
asio::awaitable<void> read_without_exception(Socket* socket, error_code* error) {
  char byte = 0;
  co_await socket->async_read_some(asio::buffer(&byte, 1),
                                   asio::redirect_error(asio::use_awaitable, *error));
}

template <class Timer>
asio::awaitable<void> wait_long(std::shared_ptr<int> owned) {
  const auto executor = co_await asio::this_coro::executor;
  Timer timer(executor, 1h);
  co_await timer.async_wait(asio::use_awaitable);
  *owned = 1;
}

template <class Machines, class Resolver, class Socket>
asio::awaitable<void> resolve_and_connect(Resolver* resolver, Socket* socket, std::string name,
                                          std::string port) {
  const auto results = co_await resolver->async_resolve(name, port, asio::use_awaitable);
  co_await Machines::async_connect(*socket, results, asio::use_awaitable);
}

template <class Socket, class Endpoint>
asio::awaitable<void> send_and_receive(Socket* socket, Endpoint to, std::string* text) {
  co_await socket->async_send_to(asio::buffer("ping", 4), to, asio::use_awaitable);
  text->resize(10);
  Endpoint sender;
  const std::size_t count =
      co_await socket->async_receive_from(asio::buffer(*text), sender, asio::use_awaitable);
  text->resize(count);
}

template <class Machines>
class CoroutineContract : public NetContract<Machines> {
 protected:
  void finish_all(const std::vector<const Ending*>& endings) {
    for (const Ending* ending : endings) {
      EXPECT_TRUE(this->machines_.run_until([&] { return ending->done; }, kPatience));
    }
  }
};
TYPED_TEST_SUITE_P(CoroutineContract);

TYPED_TEST_P(CoroutineContract, AClientAndAServer) {
  auto acceptor = this->listen_right();
  typename TypeParam::tcp::socket socket(this->machines_.left());
  std::string answer;
  Ending server;
  Ending client;
  asio::co_spawn(this->machines_.right(), echo_one(&acceptor), note(server));
  asio::co_spawn(this->machines_.left(), call_echo(&socket, acceptor.local_endpoint(), &answer),
                 note(client));
  this->finish_all({&server, &client});
  EXPECT_EQ(client.error, kSuccess);
  EXPECT_EQ(server.error, asio::error::eof) << "as an exception";
  EXPECT_EQ(answer, "question 0; question 1; question 2; end");
}

TYPED_TEST_P(CoroutineContract, ErrorsCanBeValues) {
  auto pair = this->connect_pair();
  pair.right.close();
  error_code error;
  Ending ending;
  asio::co_spawn(this->machines_.left(), read_without_exception(&pair.left, &error), note(ending));
  this->finish_all({&ending});
  EXPECT_EQ(ending.error, kSuccess);
  EXPECT_EQ(error, asio::error::eof);
}

TYPED_TEST_P(CoroutineContract, TheTimerWinsAgainstASilentPeer) {
  auto pair = this->connect_pair();
  typename TypeParam::steady_timer timer(this->machines_.left(), 5ms);
  std::size_t first = 9;
  Ending ending;
  asio::co_spawn(this->machines_.left(), read_or_give_up(&pair.left, &timer, &first), note(ending));
  this->finish_all({&ending});
  EXPECT_EQ(ending.error, kSuccess);
  EXPECT_EQ(first, 1u);
  this->expect_usable(pair);
}

TYPED_TEST_P(CoroutineContract, APeerThatSpeaksWinsAgainstTheTimer) {
  auto pair = this->connect_pair();
  typename TypeParam::steady_timer timer(this->machines_.left(), 1h);
  std::size_t first = 9;
  Ending ending;
  asio::co_spawn(this->machines_.left(), read_or_give_up(&pair.left, &timer, &first), note(ending));
  this->pass_time();
  EXPECT_FALSE(ending.done);
  this->write_all(pair.right, "x");
  this->finish_all({&ending});
  EXPECT_EQ(ending.error, kSuccess);
  EXPECT_EQ(first, 0u);
  EXPECT_EQ(timer.cancel(), 0u) << "the wait was cancelled";
}

TYPED_TEST_P(CoroutineContract, BothTimers) {
  typename TypeParam::steady_timer one(this->machines_.left(), 10ms);
  typename TypeParam::steady_timer two(this->machines_.left(), 1ms);
  typename TypeParam::steady_timer clock(this->machines_.left());
  Ending ending;
  asio::co_spawn(this->machines_.left(), wait_for_both(&one, &two), note(ending));
  this->finish_all({&ending});
  EXPECT_EQ(ending.error, kSuccess);
  clock.expires_after(0ms);
  EXPECT_GE(clock.expiry(), one.expiry()) << "the later one counts";
}

TYPED_TEST_P(CoroutineContract, ASlotEndsACoroutine) {
  auto pair = this->connect_pair();
  asio::cancellation_signal signal;
  Ending ending;
  asio::co_spawn(this->machines_.left(), read_forever(&pair.left),
                 asio::bind_cancellation_slot(signal.slot(), note(ending)));
  this->write_all(pair.right, "read by the coroutine");
  this->pass_time();
  EXPECT_FALSE(ending.done);
  signal.emit(asio::cancellation_type::total);
  this->pass_time();
  EXPECT_FALSE(ending.done) << "by default a coroutine heeds terminal only";
  signal.emit(asio::cancellation_type::terminal);
  this->finish_all({&ending});
  EXPECT_EQ(ending.error, asio::error::operation_aborted);
  this->expect_usable(pair);
}

TYPED_TEST_P(CoroutineContract, CloseEndsACoroutine) {
  auto pair = this->connect_pair();
  Ending ending;
  asio::co_spawn(this->machines_.left(), read_forever(&pair.left), note(ending));
  this->pass_time();
  pair.left.close();
  this->finish_all({&ending});
  EXPECT_EQ(ending.error, asio::error::operation_aborted);
}

TYPED_TEST_P(CoroutineContract, ResolveAndConnect) {
  auto acceptor = this->listen_right();
  typename TypeParam::tcp::resolver resolver(this->machines_.left());
  typename TypeParam::tcp::socket socket(this->machines_.left());
  Ending ending;
  asio::co_spawn(this->machines_.left(),
                 resolve_and_connect<TypeParam>(&resolver, &socket, this->machines_.right_name(),
                                                std::to_string(acceptor.local_endpoint().port())),
                 note(ending));
  this->finish_all({&ending});
  EXPECT_EQ(ending.error, kSuccess);
  EXPECT_EQ(socket.remote_endpoint(), acceptor.local_endpoint());
}

TYPED_TEST_P(CoroutineContract, Datagrams) {
  auto left = this->bind_udp_left();
  auto right = this->bind_udp_right();
  std::string at_left;
  std::string at_right;
  Ending one;
  Ending two;
  asio::co_spawn(this->machines_.left(), send_and_receive(&left, right.local_endpoint(), &at_left),
                 note(one));
  asio::co_spawn(this->machines_.right(),
                 send_and_receive(&right, left.local_endpoint(), &at_right), note(two));
  this->finish_all({&one, &two});
  EXPECT_EQ(at_left, "ping");
  EXPECT_EQ(at_right, "ping");
}

TYPED_TEST_P(CoroutineContract, AnAbandonedCoroutineGoesWithItsMachine) {
  auto owned = std::make_shared<int>(0);
  const std::weak_ptr<int> watched = owned;
  asio::co_spawn(this->machines_.right(),
                 wait_long<typename TypeParam::steady_timer>(std::move(owned)), asio::detached);
  this->pass_time();
  EXPECT_FALSE(watched.expired());
  this->destroy_machines();
  EXPECT_TRUE(watched.expired());
}

REGISTER_TYPED_TEST_SUITE_P(CoroutineContract, AClientAndAServer, ErrorsCanBeValues,
                            TheTimerWinsAgainstASilentPeer, APeerThatSpeaksWinsAgainstTheTimer,
                            BothTimers, ASlotEndsACoroutine, CloseEndsACoroutine, ResolveAndConnect,
                            Datagrams, AnAbandonedCoroutineGoesWithItsMachine);

}  // namespace contract
