// The bare loops that figures are compared with: what the same work costs when nothing
// is simulated. A coroutine type without frills, a 4-ary heap, no host, no network
// model, no digest.
#pragma once

#include <coroutine>
#include <cstdint>
#include <exception>
#include <utility>
#include <vector>

namespace bench {

// Starts at once, destroys itself at its end.
struct Fire {
  struct promise_type {
    Fire get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

// A 4-ary heap of (time, sequence, coroutine).
class HeapLoop {
 public:
  struct Item {
    std::uint64_t at;
    std::uint64_t sequence;
    std::coroutine_handle<> handle;
  };
  struct Sleep {
    HeapLoop& loop;
    std::uint64_t after;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) { loop.push(loop.now_ + after, handle); }
    void await_resume() const {}
  };

  ~HeapLoop() {
    for (const Item& item : heap_) {
      item.handle.destroy();
    }
  }
  Sleep sleep(std::uint64_t after) { return {*this, after}; }
  void push(std::uint64_t at, std::coroutine_handle<> handle);
  void step() {
    const Item item = pop();
    now_ = item.at;
    item.handle.resume();
  }
  std::uint64_t now() const { return now_; }

 private:
  static constexpr std::size_t kArity = 4;
  static bool before(const Item& a, const Item& b) {
    return a.at != b.at ? a.at < b.at : a.sequence < b.sequence;
  }
  Item pop();

  std::vector<Item> heap_;
  std::uint64_t sequence_ = 0;
  std::uint64_t now_ = 0;
};

// The n-th number of a sleeper, the same in every loop: 1 to 1,048,576 ns.
inline std::uint64_t nap(std::uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return 1 + (state & 0xfffff);
}

// Steps per second.
double bare_sleeps_per_second(std::size_t sleepers);
// The same loop with Asio's coroutines and completion tokens in place of ours: what is
// left for a simulator to add.
double asio_sleeps_per_second(std::size_t sleepers);
// One 64-byte message after another between pairs of `hosts`: copied, hashed, queued in
// a heap by time, received by a coroutine.
double bare_messages_per_second(std::size_t hosts);

}  // namespace bench
