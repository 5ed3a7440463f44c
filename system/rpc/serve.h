// Listening: one coroutine per accepted connection, for ever.
#pragma once

#include <cstdint>
#include <functional>

#include "system/env/env.h"

namespace rpc {

// Serves one connection until it ends.
using StreamHandler = std::function<env::awaitable<void>(env::Stream)>;

// A failed listen ends the process (fail_stop).
void serve_streams(env::Env& env, std::uint16_t port, StreamHandler handler);

}  // namespace rpc
