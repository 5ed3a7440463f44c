#include "simnet/event_queue.h"

#include <algorithm>
#include <utility>

namespace simnet {

void EventQueue::push(Time at, std::unique_ptr<Task> task) {
  heap_.emplace_back();
  sift_up(heap_.size() - 1, Item{at, next_sequence_++, std::move(task)});
}

EventQueue::Item EventQueue::pop() {
  Item top = std::move(heap_.front());
  Item last = std::move(heap_.back());
  heap_.pop_back();
  if (!heap_.empty()) {
    sift_down(0, std::move(last));
  }
  return top;
}

void EventQueue::sift_up(std::size_t hole, Item item) {
  while (hole > 0) {
    const std::size_t parent = (hole - 1) / kArity;
    if (!before(item, heap_[parent])) {
      break;
    }
    heap_[hole] = std::move(heap_[parent]);
    hole = parent;
  }
  heap_[hole] = std::move(item);
}

void EventQueue::sift_down(std::size_t hole, Item item) {
  const std::size_t size = heap_.size();
  for (;;) {
    const std::size_t first = hole * kArity + 1;
    if (first >= size) {
      break;
    }
    std::size_t best = first;
    const std::size_t end = std::min(first + kArity, size);
    for (std::size_t child = first + 1; child < end; ++child) {
      if (before(heap_[child], heap_[best])) {
        best = child;
      }
    }
    if (!before(heap_[best], item)) {
      break;
    }
    heap_[hole] = std::move(heap_[best]);
    hole = best;
  }
  heap_[hole] = std::move(item);
}

}  // namespace simnet
