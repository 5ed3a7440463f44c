#include "system/rpc/http.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <utility>

#include "system/env/async.h"
#include "system/probe/probe.h"
#include "system/rpc/serve.h"

namespace rpc {
namespace {

namespace asio = env::asio;
namespace http = boost::beast::http;
constexpr env::Duration kHttpIdleTimeout = std::chrono::seconds(60);
constexpr env::Duration kReuseWithin = std::chrono::seconds(45);

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

template <class Message>
void put_headers(const Headers& headers, Message& message) {
  for (const auto& [name, value] : headers) {
    message.set(name, value);
  }
}

template <class Message>
Headers get_headers(const Message& message) {
  Headers headers;
  for (const auto& field : message) {
    headers.insert_or_assign(lower(field.name_string()), std::string(field.value()));
  }
  return headers;
}

http::request<http::string_body> to_beast(HttpRequest request) {
  http::request<http::string_body> message(http::string_to_verb(request.method), request.target,
                                           11);
  put_headers(request.headers, message);
  message.body() = std::move(request.body);
  message.prepare_payload();
  return message;
}

http::response<http::string_body> to_beast(HttpResponse response, bool keep_alive) {
  http::response<http::string_body> message;
  message.result(static_cast<unsigned>(response.status));
  put_headers(response.headers, message);
  message.keep_alive(keep_alive);
  message.body() = std::move(response.body);
  message.prepare_payload();
  return message;
}

HttpRequest from_beast(http::request<http::string_body> message) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.headers = get_headers(message);
  request.body = std::move(message.body());
  return request;
}

struct HttpServer {
  env::Env& env;
  HttpHandler handler;
};

env::awaitable<bool> write_response(env::Stream& stream, HttpResponse response, bool keep_alive) {
  const auto message = to_beast(std::move(response), keep_alive);
  const auto [error, written] = co_await http::async_write(stream, message, env::use_tuple);
  (void)written;
  co_return !error && keep_alive;
}

env::awaitable<void> serve_requests(std::shared_ptr<HttpServer> server, env::Stream stream) {
  boost::beast::flat_buffer buffer;
  bool open = true;
  while (open) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(kBodyLimit_bytes);
    stream.expires_at(server->env.now() + kHttpIdleTimeout);
    const auto [error, read] = co_await http::async_read(stream, buffer, parser, env::use_tuple);
    (void)read;
    if (error) {
      const bool malformed =
          error != http::error::end_of_stream &&
          error.category() == http::make_error_code(http::error::end_of_stream).category();
      if (malformed) {
        probe::hit<"rpc.malformed_http">();
        HttpResponse refusal;
        refusal.status = 400;
        refusal.body = "{\"error\":\"bad_request\",\"detail\":\"malformed HTTP\"}";
        co_await write_response(stream, std::move(refusal), false);
      }
      break;
    }
    stream.expires_at(std::nullopt);
    const bool keep_alive = parser.get().keep_alive();
    HttpRequest request = from_beast(parser.release());
    HttpResponse response = co_await server->handler(std::move(request));
    stream.expires_at(server->env.now() + kHttpIdleTimeout);
    open = co_await write_response(stream, std::move(response), keep_alive);
  }
}

}  // namespace

std::string HttpRequest::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found != headers.end() ? found->second : std::string();
}

HttpResponse json_response(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers.emplace("content-type", "application/json");
  response.body = std::move(body);
  return response;
}

struct HttpClient::Connection {
  env::Stream stream;
  boost::beast::flat_buffer buffer;
  env::Instant last_used{};
};

HttpClient::HttpClient(env::Env& env, env::Endpoint server)
    : env_(env), server_(std::move(server)) {}
HttpClient::~HttpClient() = default;

env::awaitable<env::Result<HttpResponse>> HttpClient::request(HttpRequest request,
                                                              env::Duration timeout) {
  const env::Instant deadline = env_.now() + timeout;
  sent_ = false;
  if (connection_ && env_.now() - connection_->last_used > kReuseWithin) {
    probe::hit<"rpc.idle_connection_left">();
    connection_.reset();  // the server is about to close it
  }
  if (!connection_) {
    env::Result<env::Stream> stream = co_await env_.connect(server_, timeout);
    if (!stream) {
      co_return stream.error();
    }
    connection_ = std::make_unique<Connection>();
    connection_->last_used = env_.now();
    connection_->stream = std::move(*stream);
  }
  connection_->stream.expires_at(deadline);
  request.headers.insert_or_assign("host", server_.host);
  const auto message = to_beast(std::move(request));
  sent_ = true;
  const auto [write_error, written] =
      co_await http::async_write(connection_->stream, message, env::use_tuple);
  (void)written;
  if (write_error) {
    probe::hit<"rpc.request_could_not_be_sent">();
    connection_.reset();
    co_return write_error;
  }
  http::response_parser<http::string_body> parser;
  parser.body_limit(kBodyLimit_bytes);
  const auto [read_error, read] =
      co_await http::async_read(connection_->stream, connection_->buffer, parser, env::use_tuple);
  (void)read;
  if (read_error) {
    probe::hit<"rpc.request_unanswered">();
    connection_.reset();
    co_return read_error;
  }
  connection_->stream.expires_at(std::nullopt);
  connection_->last_used = env_.now();
  HttpResponse response;
  response.status = static_cast<int>(parser.get().result_int());
  response.headers = get_headers(parser.get());
  const bool keep_alive = parser.get().keep_alive();
  response.body = std::move(parser.get().body());
  if (!keep_alive) {
    connection_.reset();
  }
  co_return response;
}

void serve_http(env::Env& env, std::uint16_t port, HttpHandler handler) {
  auto server = std::make_shared<HttpServer>(env, std::move(handler));
  serve_streams(env, port,
                [server](env::Stream stream) { return serve_requests(server, std::move(stream)); });
}

}  // namespace rpc
