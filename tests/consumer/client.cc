#include "client.h"

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <sstream>
#include <utility>

namespace chat {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using namespace net::experimental::awaitable_operators;

namespace {

constexpr std::chrono::milliseconds kOpenTimeout(1500);
constexpr std::chrono::milliseconds kAcknowledgeTimeout(1000);
constexpr std::chrono::milliseconds kPause(300);

}  // namespace

// One connection to the server, from the resolver to the close.
class Connection {
 public:
  explicit Connection(Client& client)
      : client_(client),
        stream_(net::ip::tcp::socket(client.executor_)),
        beat_(client.executor_),
        silence_(client.executor_) {}

  net::awaitable<void> run() {
    net::steady_timer deadline(client_.executor_, kOpenTimeout);
    auto waiting = deadline.async_wait(as_result);
    auto opening = open() || std::move(waiting);
    const auto first = co_await std::move(opening);
    if (first.index() != 0 || !std::get<0>(first)) {
      co_return;
    }
    ++client_.connections_;
    last_heard_ = Clock::now();
    stream_.control_callback(
        [this](websocket::frame_type, beast::string_view) { last_heard_ = Clock::now(); });
    auto working = hear() || tell();
    auto watching = beat() || watch();
    auto all = std::move(working) || std::move(watching);
    co_await std::move(all);
  }

 private:
  net::awaitable<bool> open() {
    auto& socket = stream_.next_layer();
    net::ip::tcp::resolver resolver(client_.executor_);
    const std::string port = std::to_string(client_.options_.port);
    const auto [unknown, places] =
        co_await resolver.async_resolve(client_.options_.server, port, as_result);
    if (unknown || places.empty()) {
      co_return false;
    }
    const net::ip::tcp::endpoint place = places.begin()->endpoint();
    const auto [refused] = co_await socket.async_connect(place, as_result);
    if (refused) {
      co_return false;
    }
    socket.set_option(net::ip::tcp::no_delay(true));
    if (!co_await catch_up()) {
      co_return false;
    }
    const std::string target = "/chat" + after();
    const auto [error] =
        co_await stream_.async_handshake(client_.options_.server, target, as_result);
    co_return !error;
  }

  net::awaitable<bool> catch_up() {
    auto& socket = stream_.next_layer();
    http::request<http::empty_body> request(http::verb::get, "/history" + after(), 11);
    request.set(http::field::host, client_.options_.server);
    const auto [unsent, sent] = co_await http::async_write(socket, request, as_result);
    if (unsent) {
      co_return false;
    }
    beast::flat_buffer buffer;
    http::response<http::string_body> response;
    const auto [error, read] = co_await http::async_read(socket, buffer, response, as_result);
    if (error || response.result() != http::status::ok) {
      co_return false;
    }
    std::istringstream lines(response.body());
    for (std::string line; std::getline(lines, line);) {
      handle(line);
    }
    co_return true;
  }

  net::awaitable<void> hear() {
    beast::flat_buffer buffer;
    for (;;) {
      const auto [error, bytes] = co_await stream_.async_read(buffer, as_result);
      if (error) {
        co_return;
      }
      last_heard_ = Clock::now();
      handle(beast::buffers_to_string(buffer.data()));
      buffer.consume(bytes);
    }
  }

  net::awaitable<void> tell() {
    auto& wake = client_.wake_;
    for (;;) {
      if (client_.outbox_.empty()) {
        if (client_.leaving_) {
          co_await stream_.async_close(websocket::close_code::normal, as_result);
          co_return;
        }
        wake.expires_after(kHeartbeat);
        co_await wake.async_wait(as_result);
        continue;
      }
      const Message said = client_.outbox_.front();
      const std::string line = say_line(said.id, said.text);
      const auto [error, bytes] = co_await stream_.async_write(net::buffer(line), as_result);
      if (error) {
        co_return;
      }
      if (!co_await acknowledged(said.id)) {
        co_return;
      }
    }
  }

  // False when it takes too long: the way back may be cut.
  net::awaitable<bool> acknowledged(const std::string& id) {
    const auto deadline = Clock::now() + kAcknowledgeTimeout;
    while (!client_.outbox_.empty() && client_.outbox_.front().id == id) {
      if (Clock::now() >= deadline) {
        co_return false;
      }
      client_.wake_.expires_at(deadline);
      co_await client_.wake_.async_wait(as_result);
    }
    co_return true;
  }

  // Keeps the server from taking this client for dead; its pongs are heard by watch().
  net::awaitable<void> beat() {
    const websocket::ping_data nothing;
    for (;;) {
      beat_.expires_after(kHeartbeat);
      co_await beat_.async_wait(as_result);
      co_await stream_.async_ping(nothing, as_result);
    }
  }

  net::awaitable<void> watch() {
    while (Clock::now() - last_heard_ < kSilence) {
      silence_.expires_after(kHeartbeat);
      co_await silence_.async_wait(as_result);
    }
  }

  void handle(const std::string& line) {
    if (const auto message = message_of(line)) {
      client_.heard(*message);
    } else if (const auto acknowledgement = acknowledgement_of(line)) {
      client_.acknowledged(*acknowledgement);
    }
  }

  std::string after() const { return "?after=" + std::to_string(client_.history_.size()); }

  Client& client_;
  websocket::stream<net::ip::tcp::socket> stream_;
  net::steady_timer beat_;
  net::steady_timer silence_;
  Clock::time_point last_heard_;
};

Client::Client(net::any_io_executor executor, ClientOptions options)
    : executor_(executor), options_(std::move(options)), wake_(executor) {}

void Client::start() { net::co_spawn(executor_, run(), Rethrow()); }

net::awaitable<void> Client::run() {
  net::steady_timer pause(executor_);
  while (!leaving_ || !outbox_.empty()) {
    {
      Connection connection(*this);
      co_await connection.run();
    }
    pause.expires_after(kPause);
    co_await pause.async_wait(as_result);
  }
  gone_ = true;
}

std::string Client::say(std::string text) {
  std::string id = options_.session + "." + std::to_string(++said_);
  outbox_.push_back({0, id, std::move(text)});
  wake_.cancel();
  return id;
}

void Client::leave() {
  leaving_ = true;
  wake_.cancel();
}

void Client::heard(const Message& message) {
  if (message.number == history_.size() + 1) {
    history_.push_back(message);
  }
}

void Client::acknowledged(const Acknowledgement& acknowledgement) {
  if (!outbox_.empty() && outbox_.front().id == acknowledgement.id) {
    outbox_.pop_front();
    options_.on_acknowledged(acknowledgement);
    wake_.cancel();
  }
}

}  // namespace chat
