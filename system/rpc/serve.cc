#include "system/rpc/serve.h"

#include <memory>
#include <string>
#include <utility>

#include "system/env/async.h"
#include "system/probe/probe.h"

namespace rpc {
namespace {

// So that an accept that keeps failing (no file descriptors left) does not spin.
constexpr env::Duration kPauseAfterError = std::chrono::milliseconds(10);

env::awaitable<void> accept_loop(env::Env& env, std::unique_ptr<env::Listener> listener,
                                 StreamHandler handler) {
  for (;;) {
    env::Result<env::Stream> stream = co_await listener->accept();
    if (stream) {
      env::spawn(env, handler(std::move(*stream)));
    } else {
      probe::hit<"rpc.accept_failed">();
      co_await env::sleep_for(env, kPauseAfterError);
    }
  }
}

}  // namespace

void serve_streams(env::Env& env, std::uint16_t port, StreamHandler handler) {
  auto listener = env.listen(port);
  if (!listener) {
    env.fail_stop("cannot listen on port " + std::to_string(port));
    return;
  }
  env::spawn(env, accept_loop(env, std::move(*listener), std::move(handler)));
}

}  // namespace rpc
