// SHA-256 (FIPS 180-4) as strings see it. The work is libcrypto's.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace lottery {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view bytes);

std::string_view bytes_of(const Digest& digest);  // valid as long as the digest
std::string hex_of(const Digest& digest);         // 64 lower-case digits

}  // namespace lottery
