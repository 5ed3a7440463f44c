#include "tests/bench/loops.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "tests/bench/stopwatch.h"

namespace bench {
namespace {

Fire sleep_for_ever(HeapLoop& loop, std::uint64_t state) {
  for (;;) {
    co_await loop.sleep(nap(state));
  }
}

// A mailbox of one message per host.
struct Mailbox {
  std::array<char, 64> message{};
  std::uint64_t digest = 0;
};

Fire ping_pong(HeapLoop& loop, Mailbox& own, Mailbox& peer) {
  for (;;) {
    co_await loop.sleep(250'000);
    own.digest = XXH3_64bits_withSeed(own.message.data(), own.message.size(), own.digest);
    std::memcpy(peer.message.data(), own.message.data(), own.message.size());
    ++peer.message[0];
  }
}

}  // namespace

void HeapLoop::push(std::uint64_t at, std::coroutine_handle<> handle) {
  const Item item{at, sequence_++, handle};
  std::size_t hole = heap_.size();
  heap_.push_back(item);
  while (hole > 0) {
    const std::size_t parent = (hole - 1) / kArity;
    if (!before(item, heap_[parent])) {
      break;
    }
    heap_[hole] = heap_[parent];
    hole = parent;
  }
  heap_[hole] = item;
}

HeapLoop::Item HeapLoop::pop() {
  const Item top = heap_.front();
  const Item item = heap_.back();
  heap_.pop_back();
  std::size_t hole = 0;
  for (;;) {
    const std::size_t first = hole * kArity + 1;
    if (first >= heap_.size()) {
      break;
    }
    std::size_t best = first;
    const std::size_t end = std::min(first + kArity, heap_.size());
    for (std::size_t child = first + 1; child < end; ++child) {
      best = before(heap_[child], heap_[best]) ? child : best;
    }
    if (!before(heap_[best], item)) {
      break;
    }
    heap_[hole] = heap_[best];
    hole = best;
  }
  if (!heap_.empty()) {
    heap_[hole] = item;
  }
  return top;
}

double bare_sleeps_per_second(std::size_t sleepers) {
  HeapLoop loop;
  for (std::size_t i = 0; i < sleepers; ++i) {
    sleep_for_ever(loop, 88172645463325252ULL + i);
  }
  return rate_of([&loop] { loop.step(); });
}

double bare_messages_per_second(std::size_t hosts) {
  HeapLoop loop;
  std::vector<Mailbox> boxes(hosts);
  for (std::size_t i = 0; i < hosts; ++i) {
    ping_pong(loop, boxes[i], boxes[(i + 1) % hosts]);
  }
  return rate_of([&loop] { loop.step(); });
}

}  // namespace bench
