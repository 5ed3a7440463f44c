// When a property compares everything, beside what each entry concerns: often in short runs, and
// so seldom in long ones that it costs a constant share of them.
#pragma once

#include <cstdint>

namespace properties {

class WholeComparisons {
 public:
  // As long as the log holds no more commands, every few entries.
  static constexpr std::int64_t kOftenUntil_commands = 4096;

  // `growth`: of the number of commands, from one comparison to the next, after that.
  explicit WholeComparisons(std::int64_t growth) : growth_(growth) {}

  // Whether the entry at `index` is one to compare at; `commands` are those up to and with it.
  // Ask once per entry.
  bool due(std::int64_t index, std::int64_t commands) {
    const bool due = index % kEvery == 0 &&
                     (commands <= kOftenUntil_commands || commands / growth_ >= last_commands_);
    last_commands_ = due ? commands : last_commands_;
    return due;
  }
  // At the next entry that may be one.
  void hurry() { last_commands_ = 0; }

 private:
  static constexpr std::int64_t kEvery = 64;

  const std::int64_t growth_;
  std::int64_t last_commands_ = 0;
};

}  // namespace properties
