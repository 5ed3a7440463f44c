// Asio's awaitable on the smallest executor that can carry it, sleeping in a 4-ary heap.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>
#include <memory>

#include "simnet/recycling.h"
#include "tests/bench/loops.h"
#include "tests/bench/stopwatch.h"

namespace bench {
namespace {

namespace asio = boost::asio;

// Runs everything where it is called.
struct InlineExecutor {
  asio::io_context* context;

  asio::execution_context& query(asio::execution::context_t) const noexcept { return *context; }
  static constexpr asio::execution::blocking_t query(asio::execution::blocking_t) noexcept {
    return asio::execution::blocking.possibly;
  }
  InlineExecutor require(asio::execution::blocking_t::possibly_t) const noexcept { return *this; }
  InlineExecutor require(asio::execution::blocking_t::never_t) const noexcept { return *this; }
  template <class Function>
  void execute(Function&& function) const {
    std::decay_t<Function> local(std::forward<Function>(function));
    std::move(local)();
  }
  bool operator==(const InlineExecutor&) const noexcept = default;
};

// Waits in the heap and resumes one handler.
template <class Handler>
Fire wait(HeapLoop& loop, std::uint64_t after, Handler handler) {
  co_await loop.sleep(after);
  std::move(handler)(boost::system::error_code());
}

template <class Token>
auto async_sleep(HeapLoop& loop, std::uint64_t after, Token&& token) {
  return asio::async_initiate<Token, void(boost::system::error_code)>(
      [](auto&& handler, HeapLoop* where, std::uint64_t how_long) {
        wait(*where, how_long, std::move(handler));
      },
      token, &loop, after);
}

asio::awaitable<void> sleep_for_ever(HeapLoop* loop, std::uint64_t state) {
  for (;;) {
    co_await async_sleep(*loop, nap(state), asio::deferred);
  }
}

}  // namespace

double asio_sleeps_per_second(std::size_t sleepers) {
  simnet::recycle_asio_memory();
  asio::io_context context;
  HeapLoop loop;
  for (std::size_t i = 0; i < sleepers; ++i) {
    asio::co_spawn(InlineExecutor{&context}, sleep_for_ever(&loop, 88172645463325252ULL + i),
                   asio::detached);
  }
  return rate_of([&loop] { loop.step(); });
}

}  // namespace bench
