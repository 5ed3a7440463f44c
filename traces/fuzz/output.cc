#include "traces/fuzz/output.h"

#include <algorithm>

namespace fuzz {

void Output::add(std::string_view bytes) {
  const std::size_t fits = std::min(bytes.size(), kStart_bytes - start_.size());
  start_.append(bytes.substr(0, fits));
  end_.append(bytes.substr(fits));
  if (end_.size() > 2 * kEnd_bytes) {
    dropped_bytes_ += end_.size() - kEnd_bytes;
    end_.erase(0, end_.size() - kEnd_bytes);
  }
}

std::string Output::text() const {
  const std::size_t over = end_.size() - std::min(end_.size(), kEnd_bytes);
  const std::size_t dropped_bytes = dropped_bytes_ + over;
  const std::string gap =
      dropped_bytes == 0 ? "" : "\n[" + std::to_string(dropped_bytes) + " bytes left out]\n";
  return start_ + gap + end_.substr(over);
}

}  // namespace fuzz
