#include "simnet/event_queue.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "simnet/random.h"

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
  void push(Time at, std::uint64_t number) { items_.emplace(at, number); }
  bool empty() const { return items_.empty(); }
  Time next_time() const { return items_.begin()->first; }
  std::uint64_t pop() {
    const std::uint64_t number = items_.begin()->second;
    items_.erase(items_.begin());
    return number;
  }

 private:
  std::multimap<Time, std::uint64_t> items_;
};

// Both queues; every pop is compared.
class Pair {
 public:
  ~Pair() {
    while (!twin_.empty()) {
      twin_.pop();
    }
  }
  void push(Duration after) {
    queue_.push(now_ + after, std::make_unique<Numbered>(next_));
    twin_.push(now_ + after, next_++);
  }
  bool peek_agrees() { return twin_.empty() || queue_.next_time() == twin_.next_time(); }
  bool pop_agrees() {
    if (twin_.empty()) {
      return queue_.empty();
    }
    const Time at = twin_.next_time();
    const std::uint64_t number = twin_.pop();
    const EventQueue::Item item = queue_.pop();
    const bool same = item.at == at && item.task->payload == number;
    Task::drop_entry(item.task);
    now_ = at;
    return same;
  }
  // Time may pass without an event.
  void wait(Duration duration) {
    const Time until = now_ + duration;
    now_ = twin_.empty() ? until : std::min(until, twin_.next_time());
  }
  bool drain_agrees() {
    while (!twin_.empty()) {
      if (!pop_agrees()) {
        return false;
      }
    }
    return queue_.empty() && queue_.size() == 0;
  }

 private:
  EventQueue queue_;
  Twin twin_;
  Time now_{};
  std::uint64_t next_ = 0;
};

// A delay of any magnitude from 1 ns to some hours; often 0.
Duration delay(std::uint64_t random) {
  const std::uint64_t bits = random % 45;
  const std::uint64_t low = bits == 0 ? 0 : (random >> 8) & ((std::uint64_t{1} << bits) - 1);
  return Duration(static_cast<std::int64_t>(low));
}

RC_GTEST_PROP(EventQueue, PopsLikeASortedListThatKeepsTheOrderOfEqualTimes, ()) {
  Pair pair;
  for (const std::uint64_t step : *rc::gen::container<std::vector<std::uint64_t>>(
           rc::gen::resize(200, rc::gen::arbitrary<std::uint64_t>()))) {
    switch (step % 8) {
      case 0:
      case 1:
      case 2:
        RC_ASSERT(pair.pop_agrees());
        break;
      case 3:
        RC_ASSERT(pair.peek_agrees());
        break;
      case 4:
        pair.wait(delay(step >> 3));
        break;
      default:
        pair.push(delay(step >> 3));
    }
  }
  RC_ASSERT(pair.drain_agrees());
}

// Long enough for crowded slots, splits of the front and every level.
TEST(EventQueue, AgreesWithItsTwinOverManyThousandSteps) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random{StreamKey(seed)};
    Pair pair;
    for (int i = 0; i < 20'000; ++i) {
      const std::uint64_t choice = random.below(100);
      const bool crowded = (i / 2'000) % 2 == 0;
      if (choice < (crowded ? 40U : 60U)) {
        ASSERT_TRUE(pair.pop_agrees()) << "seed " << seed << ", step " << i;
      } else if (choice < 65) {
        ASSERT_TRUE(pair.peek_agrees()) << "seed " << seed << ", step " << i;
      } else if (choice < 67) {
        pair.wait(delay(random.next()));
      } else if (choice < 80) {
        pair.push(Duration(static_cast<std::int64_t>(random.below(3'000))));
      } else {
        pair.push(delay(random.next()));
      }
    }
    ASSERT_TRUE(pair.drain_agrees()) << "seed " << seed;
  }
}

// From a tenth of an entry per nanosecond to eight: each way in which a slot is sorted.
TEST(EventQueue, AgreesWithItsTwinAtEveryDensity) {
  for (const std::uint64_t entries : {400U, 2'000U, 6'000U, 10'000U, 32'000U}) {
    Random random{StreamKey(entries)};
    Pair pair;
    const auto push = [&] { pair.push(Duration(static_cast<std::int64_t>(random.below(4'096)))); };
    for (std::uint64_t i = 0; i < entries; ++i) {
      push();
    }
    for (std::uint64_t i = 0; i < 20'000; ++i) {
      ASSERT_TRUE(pair.pop_agrees()) << entries << " entries, step " << i;
      push();
    }
    ASSERT_TRUE(pair.drain_agrees()) << entries << " entries";
  }
}

TEST(EventQueue, ManyEqualTimesStayInOrder) {
  Pair pair;
  for (int i = 0; i < 1000; ++i) {
    pair.push(Duration(7));
  }
  ASSERT_TRUE(pair.drain_agrees());
}

TEST(EventQueue, WhatIsAddedForThePresentRunsBehindWhatWasDueThen) {
  Pair pair;
  for (int i = 0; i < 10; ++i) {
    pair.push(Duration(5));
  }
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_TRUE(pair.pop_agrees());
    pair.push(Duration(0));
  }
  ASSERT_TRUE(pair.drain_agrees());
}

TEST(EventQueue, SpentTasksAreSweptOutBeforeTheirTime) {
  EventQueue queue;
  std::vector<Task*> tasks;
  for (int i = 0; i < 10'000; ++i) {
    auto task = std::make_unique<Numbered>(static_cast<std::uint64_t>(i));
    tasks.push_back(task.get());
    queue.push(Time(std::chrono::seconds(60 + i % 50)), std::move(task));
  }
  for (int i = 0; i < 9'999; ++i) {
    tasks[static_cast<std::size_t>(i)]->spend();
    queue.count_spent();
  }
  EXPECT_LT(queue.size(), 5'000u);
  std::vector<std::uint64_t> left;
  while (!queue.empty()) {
    const EventQueue::Item item = queue.pop();
    if (!item.task->spent()) {
      left.push_back(item.task->payload);
    }
    Task::drop_entry(item.task);
  }
  EXPECT_EQ(left, std::vector<std::uint64_t>{9'999});
}

}  // namespace
}  // namespace simnet
