// The start and the end of what a process wrote: the first lines of a crash tell what it was, the
// last ones what came of it, and what lies between may be without end.
#pragma once

#include <string>
#include <string_view>

namespace fuzz {

class Output {
 public:
  static constexpr std::size_t kStart_bytes = 4 << 10;
  static constexpr std::size_t kEnd_bytes = 12 << 10;

  void add(std::string_view bytes);
  // With a line in the middle that says how much was left out.
  std::string text() const;

 private:
  std::string start_;
  std::string end_;  // at most twice kEnd_bytes
  std::size_t dropped_bytes_ = 0;
};

}  // namespace fuzz
