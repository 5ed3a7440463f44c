// Structs described with Boost.Describe as bytes, for what only programs read: log entries,
// calls between servers, digests. Members in the order in which they are declared, without
// names: integers as varints (signed ones in zigzag, so that small ones are short), strings and
// vectors with their length before them. Equal values have equal bytes.
//
// What is written and what is read must be described alike; a change of a struct is a new
// version of whatever holds it. For people and for what must bear changes: codec.h.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "system/rpc/bytes.h"
#include "system/rpc/codec.h"

namespace rpc {

constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

template <class T>
void pack_into(Writer& writer, const T& value) {
  if constexpr (boost::describe::has_describe_members<T>::value) {
    boost::mp11::mp_for_each<detail::Members<T>>(
        [&](auto member) { pack_into(writer, value.*member.pointer); });
  } else if constexpr (detail::IsVector<T>::value) {
    writer.integer(value.size());
    for (const auto& element : value) {
      pack_into(writer, element);
    }
  } else if constexpr (std::is_same_v<T, std::string>) {
    writer.text(value);
  } else if constexpr (std::is_same_v<T, bool>) {
    writer.byte(value ? 1 : 0);
  } else if constexpr (std::is_signed_v<T>) {
    static_assert(std::is_integral_v<T>);
    writer.integer(zigzag(value));
  } else {
    static_assert(std::is_integral_v<T>);
    writer.integer(value);
  }
}

// Errors: CodecError, which names the member.
template <class T>
void unpack_from(Reader& reader, T& value, const char* what) {
  if constexpr (boost::describe::has_describe_members<T>::value) {
    boost::mp11::mp_for_each<detail::Members<T>>(
        [&](auto member) { unpack_from(reader, value.*member.pointer, member.name); });
  } else if constexpr (detail::IsVector<T>::value) {
    value.clear();
    for (std::size_t left = reader.count(what); left != 0; --left) {
      unpack_from(reader, value.emplace_back(), what);
    }
  } else if constexpr (std::is_same_v<T, std::string>) {
    value = reader.text(what);
  } else if constexpr (std::is_same_v<T, bool>) {
    value = reader.boolean(what);
  } else {
    static_assert(std::is_integral_v<T>);
    const std::uint64_t read = reader.integer(what);
    const bool fits =
        std::is_signed_v<T> ? std::in_range<T>(unzigzag(read)) : std::in_range<T>(read);
    if (!fits) {
      Reader::fail(what, "out of range");
    }
    value = std::is_signed_v<T> ? static_cast<T>(unzigzag(read)) : static_cast<T>(read);
  }
}

template <class T>
std::string pack(const T& value) {
  Writer writer;
  pack_into(writer, value);
  return writer.take();
}

// Errors: CodecError, also when bytes are left.
template <class T>
T unpack(std::string_view bytes) {
  Reader reader(bytes);
  T value{};
  unpack_from(reader, value, "body");
  reader.finish();
  return value;
}

}  // namespace rpc
