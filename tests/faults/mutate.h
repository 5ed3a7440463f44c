// Spoils a text: flips bits, replaces bytes, cuts pieces out and splices pieces in.
#pragma once

#include <string>

#include "simnet/random.h"

namespace faults_test {

// The same for the same number.
inline std::string mutate(const std::string& text, std::uint64_t number) {
  simnet::Random random(simnet::StreamKey(7).child(number));
  std::string result = text;
  for (std::uint64_t edits = 1 + random.below(4); edits > 0 && !result.empty(); --edits) {
    const std::size_t at = random.below(result.size());
    const std::size_t length = random.below(result.size() - at + 1);
    switch (random.below(4)) {
      case 0:
        result[at] = static_cast<char>(result[at] ^ (1 << random.below(8)));
        break;
      case 1:
        result[at] = static_cast<char>(random.below(256));
        break;
      case 2:
        result.erase(at, length);
        break;
      default: {
        const std::size_t from = random.below(text.size());
        result.insert(at, text.substr(from, random.below(40)));
        break;
      }
    }
  }
  return result;
}

}  // namespace faults_test
