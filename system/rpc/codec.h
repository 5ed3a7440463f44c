// JSON encoding of structs described with Boost.Describe: described once, encoded
// in member order. Decoding is strict: a missing or unknown member, or a value of
// another type, is an error that names the member. nlohmann::ordered_json keeps
// the order, so equal values have equal bytes.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace rpc {

using Json = nlohmann::ordered_json;

// The text of a decode error names the struct's member.
class CodecError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

namespace detail {

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_any_access>;

}  // namespace detail

template <class T>
Json to_json(const T& value) {
  if constexpr (boost::describe::has_describe_members<T>::value) {
    Json object = Json::object();
    boost::mp11::mp_for_each<detail::Members<T>>(
        [&](auto member) { object[member.name] = to_json(value.*member.pointer); });
    return object;
  } else if constexpr (detail::IsVector<T>::value) {
    Json array = Json::array();
    for (const auto& element : value) {
      array.push_back(to_json(element));
    }
    return array;
  } else {
    return Json(value);
  }
}

template <class T>
void from_json(const Json& json, T& value, const std::string& where) {
  if constexpr (boost::describe::has_describe_members<T>::value) {
    if (!json.is_object()) {
      throw CodecError(where + ": expected an object");
    }
    std::size_t known = 0;
    boost::mp11::mp_for_each<detail::Members<T>>([&](auto member) {
      const auto found = json.find(member.name);
      if (found == json.end()) {
        throw CodecError(where + "." + member.name + ": missing");
      }
      ++known;
      from_json(*found, value.*member.pointer, where + "." + member.name);
    });
    if (known != json.size()) {
      throw CodecError(where + ": unknown member");
    }
  } else if constexpr (detail::IsVector<T>::value) {
    if (!json.is_array()) {
      throw CodecError(where + ": expected an array");
    }
    value.clear();
    for (const Json& element : json) {
      from_json(element, value.emplace_back(), where + "[]");
    }
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!json.is_string()) {
      throw CodecError(where + ": expected a string");
    }
    value = json.get<std::string>();
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_boolean()) {
      throw CodecError(where + ": expected true or false");
    }
    value = json.get<bool>();
  } else {
    static_assert(std::is_integral_v<T>);
    if (!json.is_number_integer()) {
      throw CodecError(where + ": expected an integer");
    }
    const bool fits = json.is_number_unsigned() ? std::in_range<T>(json.get<std::uint64_t>())
                                                : std::in_range<T>(json.get<std::int64_t>());
    if (!fits) {
      throw CodecError(where + ": out of range");
    }
    value = json.get<T>();
  }
}

// Errors: CodecError when the text is no JSON or does not fit T.
template <class T>
T decode(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) {
    throw CodecError("body: not JSON");
  }
  T value;
  from_json(json, value, "body");
  return value;
}

// As nlohmann's dump() writes it, quotes included; invalid UTF-8 is replaced.
void append_json(std::string& text, std::string_view value);

// What to_json(value).dump() gives, without the tree in between: replies are written often.
template <class T>
void append_json(std::string& text, const T& value) {
  if constexpr (boost::describe::has_describe_members<T>::value) {
    char separator = '{';
    boost::mp11::mp_for_each<detail::Members<T>>([&](auto member) {
      text += separator;
      text.append("\"").append(member.name).append("\":");
      append_json(text, value.*member.pointer);
      separator = ',';
    });
    text += separator == '{' ? "{}" : "}";
  } else if constexpr (detail::IsVector<T>::value) {
    char separator = '[';
    for (const auto& element : value) {
      text += separator;
      append_json(text, element);
      separator = ',';
    }
    text += separator == '[' ? "[]" : "]";
  } else if constexpr (std::is_same_v<T, std::string>) {
    append_json(text, std::string_view(value));
  } else if constexpr (std::is_same_v<T, bool>) {
    text += value ? "true" : "false";
  } else {
    static_assert(std::is_integral_v<T>);
    text += std::to_string(value);
  }
}

template <class T>
std::string encode(const T& value) {
  std::string text;
  append_json(text, value);
  return text;
}

}  // namespace rpc
