// A first-in-first-out line that owns no memory while empty and reuses what it has.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace simnet {

template <class T>
class Fifo {
 public:
  bool empty() const { return first_ == items_.size(); }
  std::size_t size() const { return items_.size() - first_; }
  T& front() { return items_[first_]; }
  const T& front() const { return items_[first_]; }
  auto begin() { return items_.begin() + static_cast<std::ptrdiff_t>(first_); }
  auto end() { return items_.end(); }

  void push_back(T item) {
    if (first_ > kSpare && first_ > items_.size() / 2) {
      items_.erase(items_.begin(), begin());
      first_ = 0;
    }
    items_.push_back(std::move(item));
  }
  T pop_front() {
    T item = std::move(items_[first_]);
    if (++first_ == items_.size()) {
      clear();
    }
    return item;
  }
  void clear() {
    items_.clear();
    first_ = 0;
  }

 private:
  static constexpr std::size_t kSpare = 16;
  std::vector<T> items_;
  std::size_t first_ = 0;
};

}  // namespace simnet
