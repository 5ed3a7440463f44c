#include "system/lottery/draw_numbers.h"

#include <string>

#include "system/lottery/messages.h"

namespace lottery {
namespace {

constexpr std::uint8_t kFirstDropped = 250;

Digest block(std::string_view seed, const Digest& root, std::uint32_t number) {
  std::string bytes(seed);
  bytes.append(bytes_of(root));
  for (const int shift : {24, 16, 8, 0}) {
    bytes.push_back(static_cast<char>((number >> shift) & 0xff));
  }
  return sha256(bytes);
}

}  // namespace

std::vector<std::int64_t> draw_numbers(std::string_view seed, const Digest& root) {
  std::vector<std::int64_t> numbers;
  for (std::uint32_t k = 0; numbers.size() < kNumbersPerDraw; ++k) {
    for (const std::uint8_t byte : block(seed, root, k)) {
      if (byte < kFirstDropped && numbers.size() < kNumbersPerDraw) {
        numbers.push_back(byte % 10);
      }
    }
  }
  return numbers;
}

}  // namespace lottery
