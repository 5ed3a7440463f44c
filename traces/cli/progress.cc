#include "traces/cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace cli {

ProgressLine::ProgressLine(bool quiet)
    : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1), start_(Clock::now()), last_(start_) {}

double ProgressLine::elapsed_s() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

void ProgressLine::show(std::uint64_t done, std::uint64_t total, const std::string& detail) {
  const auto interval = terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(10);
  const Clock::time_point now = Clock::now();
  if (quiet_ || now - last_ < interval) {
    return;
  }
  last_ = now;
  shown_ = true;
  const double share =
      total == 0 ? 0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const double eta_s = share > 0 ? elapsed_s() * (1 - share) / share : 0;
  std::fprintf(stderr, "%s%3.0f %%  %s  ETA %.0f s%s", terminal_ ? "\r\x1b[K" : "", share * 100,
               detail.c_str(), eta_s, terminal_ ? "" : "\n");
  std::fflush(stderr);
}

void ProgressLine::clear() {
  if (shown_ && terminal_) {
    std::fprintf(stderr, "\r\x1b[K");
    std::fflush(stderr);
  }
  shown_ = false;
}

}  // namespace cli
