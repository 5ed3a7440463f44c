// A line that says how far long work has come: rewritten in place on a terminal,
// a plain line now and then elsewhere. Goes to standard error.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cli {

class ProgressLine {
 public:
  // `quiet`: say nothing (for --json).
  explicit ProgressLine(bool quiet);
  ~ProgressLine() { clear(); }

  // `done` of `total`, in whatever unit; `detail` follows the bar and the ETA.
  void show(std::uint64_t done, std::uint64_t total, const std::string& detail);
  void clear();
  double elapsed_s() const;

 private:
  using Clock = std::chrono::steady_clock;

  const bool quiet_;
  const bool terminal_;
  const Clock::time_point start_;
  Clock::time_point last_;
  bool shown_ = false;
};

}  // namespace cli
