// The future, ordered by (time, sequence): tasks of equal time run in the order in
// which they were added. Times never lie before the last popped one.
#pragma once

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
    std::uint64_t sequence;
    std::unique_ptr<Task> task;
  };

  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  // REQUIRES: !empty().
  Time next_time() const { return heap_.front().at; }

  void push(Time at, std::unique_ptr<Task> task);
  Item pop();

 private:
  static constexpr std::size_t kArity = 4;
  static bool before(const Item& a, const Item& b) {
    return a.at != b.at ? a.at < b.at : a.sequence < b.sequence;
  }
  void sift_up(std::size_t hole, Item item);
  void sift_down(std::size_t hole, Item item);

  std::vector<Item> heap_;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace simnet
