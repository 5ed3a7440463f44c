#include "system/lottery/key_rows.h"

#include <xxhash.h>

namespace lottery {

void KeyRows::add(std::string_view key, std::int64_t row) {
  for (std::uint64_t turn = 0; !rows_.emplace(hash(key, turn), row).second; ++turn) {
  }
}

std::uint64_t KeyRows::hash(std::string_view key, std::uint64_t turn) {
  return XXH3_64bits_withSeed(key.data(), key.size(), turn);
}

}  // namespace lottery
