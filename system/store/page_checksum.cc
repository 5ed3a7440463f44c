#include "system/store/page_checksum.h"

#include <xxhash.h>

#include <cstring>

namespace store {
namespace {

XXH64_canonical_t checksum(const char* page, std::uint32_t number) {
  XXH64_canonical_t bytes;
  XXH64_canonicalFromHash(&bytes, XXH3_64bits_withSeed(page, kCoveredBytes, number));
  return bytes;
}

}  // namespace

void seal_page(std::span<char> page, std::uint32_t number) {
  const XXH64_canonical_t bytes = checksum(page.data(), number);
  std::memcpy(page.data() + kCoveredBytes, &bytes, kChecksumBytes);
}

bool is_sealed(std::span<const char> page, std::uint32_t number) {
  const XXH64_canonical_t bytes = checksum(page.data(), number);
  return std::memcmp(page.data() + kCoveredBytes, &bytes, kChecksumBytes) == 0;
}

}  // namespace store
