#include "properties/repeats.h"

#include <map>
#include <string_view>

namespace properties {

std::vector<Repeats> each_once(const std::vector<Violation>& violations) {
  std::vector<Repeats> once;
  std::map<std::string_view, std::size_t> by_words;
  for (const Violation& violation : violations) {
    const auto [found, fresh] = by_words.try_emplace(violation.what, once.size());
    if (fresh) {
      once.push_back({&violation, violation.at});
    } else {
      once[found->second].last = violation.at;
      ++once[found->second].times;
    }
  }
  return once;
}

}  // namespace properties
