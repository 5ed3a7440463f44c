// The last eight bytes of each page of a database file: XXH3-64 of the bytes before them,
// seeded with the page's number, most significant byte first. The number makes a page that
// landed in another page's place show.
//
// What it cannot show: a write that never reached the medium leaves an older page with an
// older checksum, and both fit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace store {

inline constexpr std::size_t kPageBytes = 1024;
inline constexpr std::size_t kChecksumBytes = 8;
inline constexpr std::size_t kCoveredBytes = kPageBytes - kChecksumBytes;

// Pages count from 1. REQUIRES of both: the page has kPageBytes.
void seal_page(std::span<char> page, std::uint32_t number);
bool is_sealed(std::span<const char> page, std::uint32_t number);

}  // namespace store
