// Integers and strings in a byte string: base-128 varints, least significant group first,
// and length-prefixed bytes. Reading never goes past the end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace rpc {

class Writer {
 public:
  void byte(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void integer(std::uint64_t value);
  void fixed(std::uint64_t value);  // 8 bytes, little-endian
  void text(std::string_view value);
  void raw(std::string_view value) { bytes_ += value; }
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }

  std::size_t size() const { return bytes_.size(); }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Errors of all: CodecError (codec.h), which names what was being read.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint8_t byte(const char* what);
  std::uint64_t integer(const char* what);
  std::uint64_t fixed(const char* what);
  std::string_view text(const char* what);
  bool boolean(const char* what);
  // A number of elements that take at least one byte each: no more than are left.
  std::size_t count(const char* what);
  std::string_view rest();
  void finish() const;

  [[noreturn]] static void fail(const char* what, const char* why);

 private:
  std::string_view take(std::size_t size, const char* what);

  std::string_view bytes_;
};

}  // namespace rpc
