// Internal calls: length-prefixed frames over a stream. A frame is a 4-byte
// little-endian length and that many bytes, at most kFrameLimit_bytes. One call
// at a time per connection; a client keeps a pool of connections.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "system/env/env.h"

namespace rpc {

inline constexpr std::size_t kFrameLimit_bytes = 4 << 20;

// Errors of both: those of the stream; message_size for a frame over the limit.
env::awaitable<env::error_code> write_frame(env::Stream& stream, const std::string& payload);
env::awaitable<env::Result<std::string>> read_frame(env::Stream& stream);

class FrameClient {
 public:
  FrameClient(env::Env& env, env::Endpoint server) : env_(env), server_(std::move(server)) {}

  // Any error means: nobody knows whether the server acted. Retry with the same
  // idempotency key.
  env::awaitable<env::Result<std::string>> call(std::string request, env::Duration timeout);

 private:
  static constexpr std::size_t kIdleConnections = 64;

  env::Env& env_;
  const env::Endpoint server_;
  std::vector<env::Stream> idle_;
};

using FrameHandler = std::function<env::awaitable<std::string>(std::string)>;

// Accepts connections and answers their frames for ever. A failed listen ends the
// process (fail_stop).
void serve_frames(env::Env& env, std::uint16_t port, FrameHandler handler);

}  // namespace rpc
