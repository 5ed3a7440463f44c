// What follows from a draw's tickets and seed, computed once more from the rules: the
// manifest that seals a draw and the numbers that are drawn.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace properties {

// 64 lower-case digits.
std::string sha256_hex(std::string_view bytes);

struct Ticket {
  std::int64_t number = 0;
  std::int64_t price = 0;
  std::string purchase;
  std::string owner;
};

struct Manifest {
  std::int64_t count = 0;
  std::int64_t sum = 0;
  std::string root;  // hex
};

// REQUIRES: in the order of their numbers.
Manifest manifest_of(const std::vector<Ticket>& tickets);

// `root` in hex.
std::vector<std::int64_t> numbers_of(std::string_view seed, std::string_view root);

}  // namespace properties
