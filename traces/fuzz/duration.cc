#include "traces/fuzz/duration.h"

#include <charconv>
#include <iterator>
#include <string_view>

#include "faults/input.h"

namespace fuzz {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t us;
};

constexpr Unit kUnits[] = {{"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1000}};
constexpr std::int64_t kMax_us = 365LL * 24 * 3'600'000'000;

[[noreturn]] void fail(const std::string& option, const std::string& why, const std::string& text) {
  throw faults::InputError(option + ": " + why + ", got \"" + text + "\"");
}

// The index of the unit that the text begins with; the number of units when it begins with none.
std::size_t unit_at(std::string_view text) {
  const std::string_view name = text.substr(0, text.find_first_of("0123456789"));
  std::size_t index = 0;
  while (index < std::size(kUnits) && kUnits[index].name != name) {
    ++index;
  }
  return index;
}

}  // namespace

std::int64_t parse_duration(const std::string& text, const std::string& option) {
  constexpr const char* kExpected =
      "expected a length of time such as 90s, 10m or 1h30m, with h, m, s or ms";
  std::string_view rest = text;
  std::int64_t total_us = 0;
  std::size_t unit_min = 0;
  while (!rest.empty()) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error == std::errc::invalid_argument) {
      fail(option, kExpected, text);
    }
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const std::size_t unit = unit_at(rest);
    if (unit == std::size(kUnits)) {
      fail(option, kExpected, text);
    }
    if (unit < unit_min) {
      fail(option, "expected each unit once and the larger first", text);
    }
    if (error != std::errc() || number > static_cast<std::uint64_t>(kMax_us / kUnits[unit].us)) {
      fail(option, "expected at most 365 days", text);
    }
    total_us += static_cast<std::int64_t>(number) * kUnits[unit].us;
    unit_min = unit + 1;
    rest.remove_prefix(kUnits[unit].name.size());
  }
  if (text.empty()) {
    fail(option, kExpected, text);
  }
  if (total_us == 0) {
    fail(option, "expected more than nothing", text);
  }
  if (total_us > kMax_us) {
    fail(option, "expected at most 365 days", text);
  }
  return total_us;
}

}  // namespace fuzz
