#include "server.h"

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <string>
#include <utility>

namespace chat {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using namespace net::experimental::awaitable_operators;

using Socket = net::ip::tcp::socket;
using Request = http::request<http::string_body>;

// One client's WebSocket: hears, tells and watches, until one of the three ends.
class Session {
 public:
  Session(Server& server, Socket socket, std::uint64_t told)
      : server_(server),
        stream_(std::move(socket)),
        wake_(server.executor_),
        silence_(server.executor_),
        last_heard_(Clock::now()),
        told_(told),
        number_(server.next_session_++) {
    server_.sessions_.emplace(number_, this);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { server_.sessions_.erase(number_); }

  net::awaitable<void> run(const Request& request) {
    const auto [error] = co_await stream_.async_accept(request, as_result);
    if (error) {
      co_return;
    }
    stream_.control_callback(
        [this](websocket::frame_type, beast::string_view) { last_heard_ = Clock::now(); });
    auto working = hear() || tell();
    auto all = std::move(working) || watch();
    co_await std::move(all);
  }

  void acknowledge(Acknowledgement acknowledgement) {
    acknowledgements_.push_back(std::move(acknowledgement));
    wake();
  }
  void wake() { wake_.cancel(); }
  void hang_up() {
    hung_up_ = true;
    wake();
  }

 private:
  net::awaitable<void> hear() {
    beast::flat_buffer buffer;
    for (;;) {
      const auto [error, bytes] = co_await stream_.async_read(buffer, as_result);
      if (error) {
        co_return;
      }
      last_heard_ = Clock::now();
      if (const auto said = said_of(beast::buffers_to_string(buffer.data()))) {
        server_.append(*this, *said);
      }
      buffer.consume(bytes);
    }
  }

  net::awaitable<void> tell() {
    while (!hung_up_) {
      const std::string line = next_line();
      if (line.empty()) {
        wake_.expires_after(kHeartbeat);
        co_await wake_.async_wait(as_result);
        continue;
      }
      const auto [error, bytes] = co_await stream_.async_write(net::buffer(line), as_result);
      if (error) {
        co_return;
      }
    }
  }

  net::awaitable<void> watch() {
    while (Clock::now() - last_heard_ < kSilence) {
      silence_.expires_after(kHeartbeat);
      co_await silence_.async_wait(as_result);
    }
  }

  std::string next_line() {
    if (!acknowledgements_.empty()) {
      const std::string line = to_line(acknowledgements_.front());
      acknowledgements_.pop_front();
      return line;
    }
    const auto& messages = server_.history_.messages();
    return told_ < messages.size() ? to_line(messages[told_++]) : std::string();
  }

  Server& server_;
  websocket::stream<Socket> stream_;
  net::steady_timer wake_;
  net::steady_timer silence_;
  Clock::time_point last_heard_;
  std::uint64_t told_;
  const std::uint64_t number_;
  std::deque<Acknowledgement> acknowledgements_;
  bool hung_up_ = false;
};

namespace {

http::response<http::string_body> answer(const Request& request, const History& history) {
  http::response<http::string_body> response(http::status::ok, request.version());
  response.set(http::field::content_type, "text/plain");
  response.keep_alive(request.keep_alive());
  if (request.method() != http::verb::get || !request.target().starts_with("/history")) {
    response.result(http::status::not_found);
  } else {
    const auto& messages = history.messages();
    for (std::size_t i = after_of(request.target()); i < messages.size(); ++i) {
      response.body() += to_line(messages[i]) + "\n";
    }
  }
  response.prepare_payload();
  return response;
}

net::awaitable<bool> read_request(Socket& socket, beast::flat_buffer& buffer, Request& request) {
  net::steady_timer timer(co_await net::this_coro::executor, kSilence);
  auto reading = http::async_read(socket, buffer, request, as_result);
  auto waiting = timer.async_wait(as_result);
  auto race = std::move(reading) || std::move(waiting);
  const auto first = co_await std::move(race);
  co_return first.index() == 0 && !std::get<0>(std::get<0>(first));
}

}  // namespace

Server::Server(net::any_io_executor executor, std::uint16_t port, History& history)
    : executor_(executor),
      acceptor_(executor, net::ip::tcp::endpoint(net::ip::tcp::v4(), port)),
      history_(history) {}

void Server::start() {
  net::co_spawn(executor_, accept(), net::bind_cancellation_slot(stop_.slot(), Rethrow()));
}

void Server::stop() { stop_.emit(net::cancellation_type::terminal); }

void Server::hang_up() {
  for (const auto& [number, session] : sessions_) {
    session->hang_up();
  }
}

net::awaitable<void> Server::accept() {
  for (;;) {
    auto [error, socket] = co_await acceptor_.async_accept(as_result);
    if (error) {
      co_return;
    }
    socket.set_option(net::ip::tcp::no_delay(true));
    net::co_spawn(executor_, serve(std::move(socket)), Rethrow());
  }
}

net::awaitable<void> Server::serve(Socket socket) {
  beast::flat_buffer buffer;
  for (;;) {
    Request request;
    if (!co_await read_request(socket, buffer, request)) {
      co_return;
    }
    if (websocket::is_upgrade(request)) {
      Session session(*this, std::move(socket), after_of(request.target()));
      co_await session.run(request);
      co_return;
    }
    auto response = answer(request, history_);
    const auto [error, bytes] = co_await http::async_write(socket, response, as_result);
    if (error || !response.keep_alive()) {
      co_return;
    }
  }
}

void Server::append(Session& session, const Message& said) {
  session.acknowledge({said.id, history_.append(said.id, said.text)});
  wake_all();
}

void Server::wake_all() {
  for (const auto& [number, session] : sessions_) {
    session->wake();
  }
}

}  // namespace chat
