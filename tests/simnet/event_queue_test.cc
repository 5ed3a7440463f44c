#include "simnet/event_queue.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace simnet {
namespace {

class Numbered final : public Task {
 public:
  explicit Numbered(std::uint64_t number) { payload = number; }
  void run() override {}
  void disarm() override {}
};

// The dumb twin: the earliest of a list, the first added among equals.
class Twin {
 public:
  void push(Time at, std::uint64_t number) { items_.push_back({at, number}); }
  bool empty() const { return items_.empty(); }
  std::pair<Time, std::uint64_t> pop() {
    const auto first =
        std::ranges::min_element(items_, {}, [](const auto& item) { return item.first; });
    const auto result = *first;
    items_.erase(first);
    return result;
  }

 private:
  std::vector<std::pair<Time, std::uint64_t>> items_;
};

RC_GTEST_PROP(EventQueue, PopsLikeASortedListThatKeepsTheOrderOfEqualTimes, ()) {
  EventQueue queue;
  Twin twin;
  std::uint64_t next = 0;
  Time now{};
  // A number below 6 pushes so far into the future; others pop.
  for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 10))) {
    if (step < 6) {
      queue.push(now + Duration(step), std::make_unique<Numbered>(next));
      twin.push(now + Duration(step), next++);
    } else if (!twin.empty()) {
      const auto expected = twin.pop();
      RC_ASSERT(queue.next_time() == expected.first);
      const EventQueue::Item item = queue.pop();
      RC_ASSERT(item.at == expected.first);
      RC_ASSERT(item.task->payload == expected.second);
      now = item.at;
    }
  }
  while (!twin.empty()) {
    RC_ASSERT(!queue.empty());
    RC_ASSERT(queue.pop().task->payload == twin.pop().second);
  }
  RC_ASSERT(queue.empty());
}

TEST(EventQueue, ManyEqualTimesStayInOrder) {
  EventQueue queue;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    queue.push(Time(Duration(7)), std::make_unique<Numbered>(i));
  }
  ASSERT_EQ(queue.size(), 1000u);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(queue.pop().task->payload, i);
  }
}

}  // namespace
}  // namespace simnet
