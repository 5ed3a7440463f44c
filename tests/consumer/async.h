// What the chat's coroutines share: errors come back as values, and what escapes a
// coroutine all the same is a bug that ends the process.
#pragma once

#include <chrono>
#include <exception>
#include <utility>

#include "net.h"

namespace chat {

using Clock = net::steady_timer::clock_type;

inline constexpr auto as_result = net::as_tuple(net::use_awaitable);

struct Rethrow {
  void operator()(std::exception_ptr thrown) const {
    if (thrown) {
      std::rethrow_exception(thrown);
    }
  }
};

// How often a client says that it is there, and after what silence either side gives up.
inline constexpr std::chrono::milliseconds kHeartbeat(500);
inline constexpr std::chrono::milliseconds kSilence(2000);

}  // namespace chat
