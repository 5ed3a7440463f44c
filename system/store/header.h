// The fields of a database's first 100 bytes that this folder looks at.
// Source: https://www.sqlite.org/fileformat2.html, section 1.3. Numbers are big-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace store::header {

inline constexpr std::string_view kMagic{"SQLite format 3", 16};  // with its zero

inline constexpr std::size_t kPageSize = 16;        // two bytes
inline constexpr std::size_t kWriteVersion = 18;    // one byte; 1: rollback journal
inline constexpr std::size_t kReadVersion = 19;     // one byte
inline constexpr std::size_t kReserved = 20;        // one byte: unused bytes of each page
inline constexpr std::size_t kChangeCounter = 24;   // four bytes, grows with each transaction
inline constexpr std::size_t kPages = 28;           // four bytes
inline constexpr std::size_t kFirstFreeTrunk = 32;  // four bytes: a page
inline constexpr std::size_t kFreePages = 36;       // four bytes
inline constexpr std::size_t kSchemaCookie = 40;    // four bytes, grows with each change of schema
inline constexpr std::size_t kPagesValidFor = 92;   // four bytes: a change counter
inline constexpr std::size_t kBytes = 100;

inline std::uint32_t get(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  }
  return value;
}

// Four bytes.
inline void put(char* bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[at + i] = static_cast<char>(value >> (24 - 8 * i));
  }
}

}  // namespace store::header
