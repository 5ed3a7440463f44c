// How the process of a run ended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "traces/fuzz/task.h"

namespace fuzz {

enum class How {
  answered,   // with a result
  exited,     // without one
  signalled,  // by itself
  hung,       // and was killed
};

struct Ending {
  Task task;
  How how = How::answered;
  int number = 0;                // the exit code or signal
  std::optional<Result> result;  // when it answered
  std::string diagnostics;       // its standard error, shortened in the middle
  std::int64_t wall_us = 0;
};

}  // namespace fuzz
