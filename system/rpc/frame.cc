#include "system/rpc/frame.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "system/env/async.h"
#include "system/probe/probe.h"
#include "system/rpc/serve.h"

namespace rpc {
namespace {

namespace asio = env::asio;
constexpr env::Duration kFrameIdleTimeout = std::chrono::minutes(5);
constexpr std::size_t kHeader_bytes = 4;

struct FrameServer {
  env::Env& env;
  FrameHandler handler;
};

env::awaitable<void> serve_frames(std::shared_ptr<FrameServer> server, env::Stream stream) {
  for (;;) {
    stream.expires_at(server->env.now() + kFrameIdleTimeout);
    env::Result<std::string> request = co_await read_frame(stream);
    if (!request) {
      co_return;
    }
    stream.expires_at(std::nullopt);
    const std::string response = co_await server->handler(std::move(*request));
    stream.expires_at(server->env.now() + kFrameIdleTimeout);
    if (co_await write_frame(stream, response)) {
      co_return;
    }
  }
}

}  // namespace

env::awaitable<env::error_code> write_frame(env::Stream& stream, const std::string& payload) {
  if (payload.size() > kFrameLimit_bytes) {
    co_return asio::error::message_size;
  }
  std::string bytes;
  bytes.reserve(kHeader_bytes + payload.size());
  for (std::size_t i = 0; i < kHeader_bytes; ++i) {
    bytes.push_back(static_cast<char>((payload.size() >> (8 * i)) & 0xff));
  }
  bytes += payload;
  const auto [error, written] =
      co_await asio::async_write(stream, asio::buffer(bytes), env::use_tuple);
  (void)written;
  co_return error;
}

env::awaitable<env::Result<std::string>> read_frame(env::Stream& stream) {
  std::array<unsigned char, kHeader_bytes> header{};
  const auto [header_error, header_read] =
      co_await asio::async_read(stream, asio::buffer(header), env::use_tuple);
  (void)header_read;
  if (header_error) {
    co_return header_error;
  }
  std::size_t size = 0;
  for (std::size_t i = 0; i < kHeader_bytes; ++i) {
    size |= static_cast<std::size_t>(header[i]) << (8 * i);
  }
  if (size > kFrameLimit_bytes) {
    probe::hit<"rpc.frame_too_large">();
    co_return env::error_code(asio::error::message_size);
  }
  std::string payload(size, '\0');
  const auto [error, read] =
      co_await asio::async_read(stream, asio::buffer(payload), env::use_tuple);
  (void)read;
  if (error) {
    co_return error;
  }
  co_return payload;
}

env::awaitable<env::Result<std::string>> FrameClient::call(std::string request,
                                                           env::Duration timeout) {
  const env::Instant deadline = env_.now() + timeout;
  env::Stream stream;
  if (!idle_.empty()) {
    stream = std::move(idle_.back());
    idle_.pop_back();
  } else {
    env::Result<env::Stream> connected = co_await env_.connect(server_, timeout);
    if (!connected) {
      co_return connected.error();
    }
    stream = std::move(*connected);
  }
  stream.expires_at(deadline);
  if (const env::error_code error = co_await write_frame(stream, request)) {
    probe::hit<"rpc.call_could_not_be_sent">();
    co_return error;
  }
  env::Result<std::string> response = co_await read_frame(stream);
  probe::hit_if<"rpc.call_unanswered">(!response);
  if (response && idle_.size() < kIdleConnections) {
    stream.expires_at(std::nullopt);
    idle_.push_back(std::move(stream));
  }
  co_return response;
}

void serve_frames(env::Env& env, std::uint16_t port, FrameHandler handler) {
  auto server = std::make_shared<FrameServer>(env, std::move(handler));
  serve_streams(env, port,
                [server](env::Stream stream) { return serve_frames(server, std::move(stream)); });
}

}  // namespace rpc
