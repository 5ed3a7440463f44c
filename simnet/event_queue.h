// The future: tasks by time; tasks of equal time run in the order in which they were
// added. Times never lie before the last popped one, which allows a monotone queue, a
// radix heap (Ahuja, Mehlhorn, Orlin, Tarjan 1990) of base 64:
//   - level l, slot d holds what differs from the base first in digit l (6 bits each),
//     which is d there. A slot that comes up is dealt to the levels below it;
//   - a slot that comes up with few entries is sorted instead and becomes the front,
//     together with whatever is added in its span from then on;
//   - what is due at the very time of the last pop waits in a first-in-first-out line.
// All three keep equal times in order, so no sequence number is stored.
//
// Costs: an entry is moved once per level, at most; adding and popping read no task,
// only entries. In a large world what the next tasks will touch is prefetched. A cancelled task
// leaves a spent entry behind; once half of all are, they are swept out.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "simnet/task.h"
#include "simnet/time.h"

namespace simnet {

class EventQueue {
 public:
  struct Item {
    Time at;
    Task* task;
  };

  EventQueue() = default;
  ~EventQueue();
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }  // entries, spent ones too
  // Of the first entry. REQUIRES: !empty().
  Time next_time();

  // Takes over the task. REQUIRES: `at` is not before the last popped time.
  void push(Time at, std::unique_ptr<Task> task) { add(at, *task.release()); }
  // One more entry of a task that has one, or had when it was popped.
  void push_again(Time at, Task& task) { add(at, task); }
  // The entry is the caller's: Task::drop_entry. REQUIRES: !empty().
  Item pop();
  // The same, if there is an entry that is due at `until` or before.
  bool pop_until(Time until, Item& item);
  // A popped entry was a spent one.
  void forget_spent() { spent_ -= spent_ > 0 ? 1 : 0; }
  // A task was spent that still has an entry here.
  void count_spent() {
    ++spent_;
    sweep_if_worth_it();
  }

 private:
  static constexpr int kDigit_bits = 6;
  static constexpr std::size_t kSlots = std::size_t{1} << kDigit_bits;
  static constexpr int kLevels = (63 + kDigit_bits) / kDigit_bits;
  static constexpr std::size_t kSortUpTo = 48;       // entries; a larger slot is dealt down
  static constexpr std::size_t kFrontLimit = 192;    // entries; a larger front is split
  static constexpr std::size_t kLineLimit = 4096;    // popped entries kept in front of the line
  static constexpr std::size_t kWarmAbove = 1024;    // entries; a smaller world is in the cache
  static constexpr std::size_t kPrefetchUpTo = 256;  // entries that the cache has room for
  static constexpr std::size_t kSweepAbove = 1024;
  using Entries = std::vector<Item>;
  struct Level {
    std::uint64_t occupied = 0;
    std::array<Entries, kSlots> slots;
  };

  static std::uint64_t ticks(Time at) {
    return static_cast<std::uint64_t>(at.time_since_epoch().count());
  }
  void add(Time at, Task& task);
  Item pop_line();
  Item pop_front();
  void add_to_front(Item item);
  void add_to_levels(Item item);
  void split_front();
  void refill();
  void look_ahead();
  void prefetch_rest(const Entries& entries) const;
  void warm_next() const;
  void take_slot(int level, std::size_t slot);
  static void sort_by_time(Entries& entries);
  void sort_by_last_digit(Entries& entries);
  void sweep_if_worth_it() {
    if (spent_ > kSweepAbove && spent_ > size_ / 2) {
      sweep();
    }
  }
  void sweep();
  std::size_t sweep(Entries& entries);

  std::size_t size_ = 0;
  std::size_t spent_ = 0;
  bool ending_ = false;
  Time now_{};                   // of the last pop; the line's time
  std::uint64_t base_ = 0;       // start of the front's span
  std::uint64_t front_end_ = 1;  // what is due before it is in line or front
  Entries line_;                 // from line_next_ on
  std::size_t line_next_ = 0;
  Entries front_;                   // latest first
  Entries sorted_;                  // memory for sorting
  const Entries* ahead_ = nullptr;  // the slot that will follow; null: not known
  std::size_t ahead_next_ = 0;      // its first entry whose node was not prefetched
  std::uint32_t levels_occupied_ = 0;
  std::array<std::unique_ptr<Level>, kLevels> levels_;
};

}  // namespace simnet
