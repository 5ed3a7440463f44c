// The forms of co_await that g++ 12.2 compiles correctly, and that this project
// therefore uses. Run under AddressSanitizer.
//
// Known miscompilations, none of which may be written anywhere in the tree:
//   co_await take(Options{"name", ...});       a temporary with a non-trivial
//                                              member: freed twice or never made
//   co_await with([shared] { ... });           a capturing lambda as temporary:
//                                              used after it was freed
//   co_await co_spawn(ex, [shared]() -> awaitable<void> { ... }, use_awaitable);
//                                              both at once
//   co_await take({{"name"}, 1});              nested braces: does not compile,
//                                              "array used as initializer"
// clang 19 compiles all of them as written. Blind spot: a newer g++ with another
// such defect; only the forms below are watched.
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;

// Longer than the small-string buffer, so that a wrong move or free touches the heap.
const char* const kLong = "a name that is too long for the small string buffer";

struct Options {
  std::string name;
  std::vector<int> values;
  std::shared_ptr<int> owner;
};

asio::awaitable<void> yield() {
  co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
}

asio::awaitable<std::size_t> take(Options options) {
  co_await yield();
  co_return options.name.size() + options.values.size() + static_cast<std::size_t>(*options.owner);
}

asio::awaitable<int> call(std::function<int()> function) {
  co_await yield();
  co_return function();
}

asio::awaitable<int> read_shared(std::shared_ptr<int> value) {
  co_await yield();
  co_return *value;
}

template <class Coroutine>
void run(Coroutine coroutine) {
  asio::io_context context;
  std::exception_ptr failure;
  bool done = false;
  asio::co_spawn(context, coroutine(), [&](std::exception_ptr error) {
    failure = std::move(error);
    done = true;
  });
  context.run();
  ASSERT_TRUE(done);
  ASSERT_EQ(failure, nullptr);
}

asio::awaitable<void> named_aggregate() {
  for (int round = 0; round < 3; ++round) {
    Options options{kLong, {1, 2, 3}, std::make_shared<int>(round)};
    const std::weak_ptr<int> watch = options.owner;
    const std::size_t sum = co_await take(std::move(options));
    EXPECT_EQ(sum, std::string(kLong).size() + 3 + static_cast<std::size_t>(round));
    EXPECT_TRUE(watch.expired());
  }
}

asio::awaitable<void> named_function() {
  auto shared = std::make_shared<int>(7);
  std::function<int()> function = [shared] { return *shared; };
  EXPECT_EQ(co_await call(std::move(function)), 7);
  EXPECT_EQ(shared.use_count(), 1);
}

asio::awaitable<void> spawned_with_arguments() {
  auto shared = std::make_shared<int>(9);
  const auto executor = co_await asio::this_coro::executor;
  // Arguments of a free coroutine function instead of captures.
  asio::awaitable<int> child = read_shared(shared);
  EXPECT_EQ(co_await asio::co_spawn(executor, std::move(child), asio::use_awaitable), 9);
  EXPECT_EQ(shared.use_count(), 1);
}

TEST(CoAwait, NamedAggregateThenMove) { run(named_aggregate); }
TEST(CoAwait, NamedFunctionThenMove) { run(named_function); }
TEST(CoAwait, CoroutineFunctionInsteadOfCapturingLambda) { run(spawned_with_arguments); }

}  // namespace
