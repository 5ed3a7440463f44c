#include "tests/replica/history.h"

#include <algorithm>

namespace replica_test {

void History::acknowledged(const std::string& value, std::uint64_t index) {
  acknowledged_[value] = index;
  floor_ = std::max(floor_, index);
}

void History::read(std::uint64_t floor_then, std::uint64_t applied) {
  ++reads_;
  if (applied < floor_then) {
    violations_.push_back("a read at " + std::to_string(applied) + " began when " +
                          std::to_string(floor_then) + " had been told");
  }
  floor_ = std::max(floor_, applied);
}

void History::check(const std::vector<Written>& log) {
  std::map<std::string, std::uint64_t> found;
  for (const Written& written : log) {
    if (!written.value.empty() && !found.emplace(written.value, written.index).second) {
      violations_.push_back("S9: " + written.value + " is in the log twice");
    }
  }
  for (const auto& [value, index] : acknowledged_) {
    const auto it = found.find(value);
    if (it == found.end() || it->second != index) {
      violations_.push_back("S9: " + value + " was acknowledged at " + std::to_string(index) +
                            " and is not there");
    }
  }
  for (const std::string& value : refused_) {
    if (found.contains(value)) {
      violations_.push_back(value + " was refused and is in the log");
    }
  }
}

}  // namespace replica_test
