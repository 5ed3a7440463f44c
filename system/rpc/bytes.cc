#include "system/rpc/bytes.h"

#include <utility>

#include "system/rpc/codec.h"

namespace rpc {
namespace {

constexpr unsigned kGroup_bits = 7;
constexpr std::uint8_t kMore = 0x80;
constexpr std::size_t kFixed_bytes = 8;

}  // namespace

void Writer::integer(std::uint64_t value) {
  while (value >= kMore) {
    byte(static_cast<std::uint8_t>(value) | kMore);
    value >>= kGroup_bits;
  }
  byte(static_cast<std::uint8_t>(value));
}

void Writer::fixed(std::uint64_t value) {
  for (std::size_t i = 0; i < kFixed_bytes; ++i) {
    byte(static_cast<std::uint8_t>(value >> (8 * i)));
  }
}

void Writer::text(std::string_view value) {
  integer(value.size());
  raw(value);
}

void Reader::fail(const char* what, const char* why) {
  throw CodecError(std::string(what) + ": " + why);
}

std::string_view Reader::take(std::size_t size, const char* what) {
  if (size > bytes_.size()) {
    fail(what, "ends early");
  }
  const std::string_view taken = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return taken;
}

std::uint8_t Reader::byte(const char* what) {
  return static_cast<std::uint8_t>(take(1, what).front());
}

std::uint64_t Reader::integer(const char* what) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += kGroup_bits) {
    const std::uint8_t group = byte(what);
    const std::uint64_t bits = group & (kMore - 1);
    if (shift == 63 && bits > 1) {
      break;
    }
    value |= bits << shift;
    if ((group & kMore) == 0) {
      return value;
    }
  }
  fail(what, "longer than 64 bits");
}

std::uint64_t Reader::fixed(const char* what) {
  const std::string_view bytes = take(kFixed_bytes, what);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kFixed_bytes; ++i) {
    value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(bytes[i])) << (8 * i);
  }
  return value;
}

std::string_view Reader::text(const char* what) { return take(count(what), what); }

bool Reader::boolean(const char* what) {
  const std::uint8_t value = byte(what);
  if (value > 1) {
    fail(what, "neither 0 nor 1");
  }
  return value == 1;
}

std::size_t Reader::count(const char* what) {
  const std::uint64_t value = integer(what);
  if (value > bytes_.size()) {
    fail(what, "more than there are bytes");
  }
  return static_cast<std::size_t>(value);
}

std::string_view Reader::rest() { return std::exchange(bytes_, {}); }

void Reader::finish() const {
  if (!bytes_.empty()) {
    fail("end", "bytes are left");
  }
}

}  // namespace rpc
