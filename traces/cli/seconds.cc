#include "traces/cli/seconds.h"

#include <charconv>
#include <chrono>

#include "faults/input.h"

namespace cli {

simnet::Time parse_seconds(const std::string& text, const std::string& option,
                           simnet::Time otherwise) {
  if (text.empty()) {
    return otherwise;
  }
  constexpr double kMost_s = 1e6;
  double seconds = -1;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size() || !(seconds >= 0) ||
      seconds > kMost_s) {
    throw faults::InputError(option + ": expected virtual seconds from 0 to 1000000, got \"" +
                             text + "\"");
  }
  return simnet::Time(
      std::chrono::duration_cast<simnet::Duration>(std::chrono::duration<double>(seconds)));
}

}  // namespace cli
