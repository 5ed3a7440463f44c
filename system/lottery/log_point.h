// Where a command stands in the log: all the time and identity that a rule can see.
#pragma once

#include <cstdint>

#include "system/lottery/messages.h"

namespace lottery {

struct LogPoint {
  std::int64_t index = 0;
  std::int64_t position = 0;  // of the command in its entry
  std::int64_t now_us = 0;    // log time, the same for all commands of an entry

  // A number that no other command has and that grows along the log, so it fences:
  // whoever was granted something later carries the greater token.
  std::int64_t token() const { return index * kMaxCommandsPerEntry + position; }
};

}  // namespace lottery
