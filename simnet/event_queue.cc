#include "simnet/event_queue.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "simnet/prefetch.h"

namespace simnet {
namespace {

constexpr std::size_t kNode_bytes = 256;  // most tasks; a small actor with its frame

}  // namespace

EventQueue::~EventQueue() {
  ending_ = true;
  while (!empty()) {
    Task::drop_entry(pop().task);
  }
}

Time EventQueue::next_time() {
  if (line_next_ < line_.size()) {
    return now_;
  }
  if (front_.empty()) {
    refill();
  }
  return front_.back().at;
}

EventQueue::Item EventQueue::pop() {
  Item item{};
  pop_until(Time::max(), item);
  return item;
}

bool EventQueue::pop_until(Time until, Item& item) {
  if (line_next_ < line_.size()) {
    if (now_ > until) {
      return false;
    }
    item = pop_line();
  } else {
    if (size_ == 0) {
      return false;
    }
    if (front_.empty()) {
      refill();
    }
    if (front_.back().at > until) {
      return false;
    }
    item = pop_front();
  }
  --size_;
  sweep_if_worth_it();  // the share of the spent grows as the others are popped
  return true;
}

EventQueue::Item EventQueue::pop_line() {
  const Item item = line_[line_next_++];
  if (line_next_ == line_.size()) {
    line_.clear();
    line_next_ = 0;
  } else if (line_next_ == kLineLimit) {
    line_.erase(line_.begin(), line_.begin() + static_cast<std::ptrdiff_t>(line_next_));
    line_next_ = 0;
  }
  return item;
}

EventQueue::Item EventQueue::pop_front() {
  const Item item = front_.back();
  front_.pop_back();
  now_ = item.at;
  look_ahead();
  while (!front_.empty() && front_.back().at == now_) {
    line_.push_back(front_.back());
    front_.pop_back();
    look_ahead();
  }
  if (size_ > kWarmAbove) {
    warm_next();
  }
  return item;
}

// Of the next kWarmSteps tasks, the nearest is at its last step.
void EventQueue::warm_next() const {
  const std::size_t ahead = std::min<std::size_t>(front_.size(), Task::kWarmSteps);
  for (std::size_t i = ending_ ? ahead : 0; i < ahead; ++i) {
    front_[front_.size() - 1 - i].task->warm_if_worth_it(
        static_cast<unsigned>(Task::kWarmSteps - 1 - i));
  }
}

// For each entry popped, one of the slot that will follow the front: its node.
void EventQueue::look_ahead() {
  if (ahead_ != nullptr && ahead_next_ < ahead_->size()) {
    prefetch((*ahead_)[ahead_next_++].task, kNode_bytes);
  }
}

// Of a slot that has come up, what look_ahead() did not get to.
void EventQueue::prefetch_rest(const Entries& entries) const {
  if (size_ > kWarmAbove) {
    const std::size_t last = std::min(entries.size(), kPrefetchUpTo);
    for (std::size_t i = ahead_ == &entries ? ahead_next_ : 0; i < last; ++i) {
      prefetch(entries[i].task, kNode_bytes);
    }
  }
}

void EventQueue::add(Time at, Task& task) {
  ++size_;
  task.add_entry();
  if (at == now_) {
    line_.push_back({at, &task});
  } else if (ticks(at) < front_end_) {
    add_to_front({at, &task});
  } else {
    add_to_levels({at, &task});
  }
}

// Behind those of the same time: they are nearer to the end.
void EventQueue::add_to_front(Item item) {
  const auto place = std::partition_point(front_.begin(), front_.end(),
                                          [&](const Item& other) { return other.at > item.at; });
  front_.insert(place, item);
  if (front_.size() > kFrontLimit) {
    split_front();
  }
}

void EventQueue::add_to_levels(Item item) {
  const std::uint64_t difference = ticks(item.at) ^ base_;
  const int level = (63 - std::countl_zero(difference)) / kDigit_bits;
  const std::size_t slot = (ticks(item.at) >> (level * kDigit_bits)) % kSlots;
  auto& place = levels_[static_cast<std::size_t>(level)];
  if (!place) {
    place = std::make_unique<Level>();
  }
  place->slots[slot].push_back(item);
  place->occupied |= std::uint64_t{1} << slot;
  levels_occupied_ |= 1U << level;
}

// The later half goes back to the levels below the front's own, which are empty.
void EventQueue::split_front() {
  const Time middle = front_[front_.size() / 2].at;
  if (ticks(middle) <= base_ || middle == front_.back().at) {
    return;
  }
  front_end_ = ticks(middle);
  const auto first_kept = std::find_if(front_.begin(), front_.end(),
                                       [&](const Item& item) { return item.at < middle; });
  for (auto it = std::make_reverse_iterator(first_kept); it != front_.rend(); ++it) {
    add_to_levels(*it);
  }
  front_.erase(front_.begin(), first_kept);
}

// The earliest slot becomes the front. REQUIRES: front and line are empty, levels not.
void EventQueue::refill() {
  while (front_.empty()) {
    const int level = std::countr_zero(levels_occupied_);
    const Level& lowest = *levels_[static_cast<std::size_t>(level)];
    take_slot(level, static_cast<std::size_t>(std::countr_zero(lowest.occupied)));
  }
}

void EventQueue::take_slot(int level, std::size_t slot) {
  Level& from = *levels_[static_cast<std::size_t>(level)];
  Entries& entries = from.slots[slot];
  from.occupied &= ~(std::uint64_t{1} << slot);
  if (from.occupied == 0) {
    levels_occupied_ &= ~(1U << level);
  }
  const int low_bits = level * kDigit_bits;
  const std::uint64_t span = std::uint64_t{1} << low_bits;
  base_ = ticks(entries.front().at) & ~(span - 1);
  prefetch_rest(entries);
  const std::uint64_t later = from.occupied >> slot;  // its own bit is gone
  ahead_ = later != 0 && size_ > kWarmAbove
               ? &from.slots[slot + static_cast<std::size_t>(std::countr_zero(later))]
               : nullptr;
  ahead_next_ = 0;
  if (level == 0 || entries.size() <= (level == 1 ? kFrontLimit : kSortUpTo)) {
    front_end_ = base_ + span;
    front_.swap(entries);
    if (front_.size() <= kSortUpTo) {
      sort_by_time(front_);
    } else {
      sort_by_last_digit(front_);
    }
    return;
  }
  front_end_ = base_;
  Entries dealt = std::move(entries);
  entries = {};
  for (const Item& item : dealt) {
    if (ticks(item.at) == base_) {
      front_.push_back(item);
    } else {
      add_to_levels(item);
    }
  }
  std::reverse(front_.begin(), front_.end());
  front_end_ = base_ + 1;
  if (entries.capacity() == 0) {  // keep the memory for the slot's next round
    dealt.clear();
    entries = std::move(dealt);
  }
}

// Latest first; of equal times the later added first.
void EventQueue::sort_by_time(Entries& entries) {
  std::reverse(entries.begin(), entries.end());
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const Item item = entries[i];
    std::size_t hole = i;
    while (hole > 0 && entries[hole - 1].at < item.at) {
      entries[hole] = entries[hole - 1];
      --hole;
    }
    entries[hole] = item;
  }
}

// The same for a slot of the lowest levels, by counting.
void EventQueue::sort_by_last_digit(Entries& entries) {
  std::array<std::uint32_t, kSlots + 1> place{};
  for (const Item& item : entries) {
    ++place[kSlots - ticks(item.at) % kSlots];
  }
  for (std::size_t i = 1; i <= kSlots; ++i) {
    place[i] += place[i - 1];
  }
  sorted_.resize(entries.size());
  for (std::size_t i = entries.size(); i-- > 0;) {
    sorted_[place[kSlots - 1 - ticks(entries[i].at) % kSlots]++] = entries[i];
  }
  entries.swap(sorted_);
}

std::size_t EventQueue::sweep(Entries& entries) {
  return std::erase_if(entries, [](const Item& item) {
    if (!item.task->spent()) {
      return false;
    }
    Task::drop_entry(item.task);
    return true;
  });
}

// The line is left alone: it is about to be popped.
void EventQueue::sweep() {
  size_ -= sweep(front_);
  for (const auto& level : levels_) {
    if (!level) {
      continue;
    }
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      Entries& entries = level->slots[slot];
      size_ -= sweep(entries);
      if (entries.empty()) {
        level->occupied &= ~(std::uint64_t{1} << slot);
      }
    }
  }
  levels_occupied_ = 0;
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    if (levels_[level] && levels_[level]->occupied != 0) {
      levels_occupied_ |= 1U << level;
    }
  }
  spent_ = 0;
}

}  // namespace simnet
