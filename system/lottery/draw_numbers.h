// The numbers of a draw from what was fixed before anybody could know them: the seed that
// the draw committed to when it opened, and the root of the tickets sold.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "system/lottery/sha256.h"

namespace lottery {

// kNumbersPerDraw digits 0..9, each as likely as any other whatever came before it, so
// digits repeat. Block k is SHA-256(seed, root, k as 4 bytes, high byte first), k = 0, 1 and
// so on. The bytes of the blocks are taken in order; one of 250 or more is dropped, since
// 256 is no multiple of 10; of the others the digit is the remainder by 10.
std::vector<std::int64_t> draw_numbers(std::string_view seed, const Digest& root);

}  // namespace lottery
