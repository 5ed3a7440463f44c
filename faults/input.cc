#include "faults/input.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

namespace faults {
namespace {

std::string shown(const Json& value) {
  constexpr std::size_t kLongest = 40;
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.size() <= kLongest ? text : text.substr(0, kLongest) + "...";
}

}  // namespace

Json read_json_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw InputError(path + ": cannot be read: no such file, or no permission");
  }
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad()) {
    throw InputError(path + ": cannot be read: it is not a file");
  }
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, text.size()));
    const auto line = 1 + std::count(text.begin(), end, '\n');
    throw InputError(path + ": line " + std::to_string(line) + ": not JSON (byte " +
                     std::to_string(error.byte) + ")");
  }
}

Fields::Fields(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
  if (!object_.is_object()) {
    throw InputError(where_ + ": expected an object, got " + shown(object_));
  }
}

std::string Fields::path(const char* name) const {
  const bool file_only = where_.find(": ") == std::string::npos;
  return where_ + (file_only ? ": " : ".") + name;
}

void Fields::fail(const char* name, const std::string& expected) const {
  const auto found = object_.find(name);
  const std::string got = found == object_.end() ? "nothing" : shown(*found);
  throw InputError(path(name) + ": expected " + expected + ", got " + got);
}

const Json& Fields::member(const char* name, const char* expected) {
  asked_.insert(name);
  const auto found = object_.find(name);
  if (found == object_.end()) {
    fail(name, expected);
  }
  return *found;
}

std::int64_t Fields::integer(const char* name, std::int64_t low, std::int64_t high) {
  const std::string expected =
      "an integer from " + std::to_string(low) + " to " + std::to_string(high);
  const Json& value = member(name, expected.c_str());
  const bool fits = value.is_number_integer() &&
                    !(value.is_number_unsigned() &&
                      value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX));
  if (!fits || value.get<std::int64_t>() < low || value.get<std::int64_t>() > high) {
    fail(name, expected);
  }
  return value.get<std::int64_t>();
}

std::int64_t Fields::integer_or(const char* name, std::int64_t otherwise, std::int64_t low,
                                std::int64_t high) {
  asked_.insert(name);
  return has(name) ? integer(name, low, high) : otherwise;
}

std::string Fields::text(const char* name) {
  const Json& value = member(name, "a string");
  if (!value.is_string()) {
    fail(name, "a string");
  }
  return value.get<std::string>();
}

std::string Fields::text_or(const char* name, std::string otherwise) {
  asked_.insert(name);
  return has(name) ? text(name) : std::move(otherwise);
}

std::vector<std::string> Fields::texts(const char* name) {
  constexpr const char* kExpected = "a list of strings that is not empty";
  const Json& value = member(name, kExpected);
  const bool fits = value.is_array() && !value.empty() &&
                    std::all_of(value.begin(), value.end(),
                                [](const Json& element) { return element.is_string(); });
  if (!fits) {
    fail(name, kExpected);
  }
  return value.get<std::vector<std::string>>();
}

const Json& Fields::array(const char* name) {
  const Json& value = member(name, "a list");
  if (!value.is_array()) {
    fail(name, "a list");
  }
  return value;
}

const Json& Fields::object(const char* name) {
  const Json& value = member(name, "an object");
  if (!value.is_object()) {
    fail(name, "an object");
  }
  return value;
}

void Fields::finish() const {
  for (const auto& [name, value] : object_.items()) {
    if (!asked_.contains(name)) {
      std::string known;
      for (const std::string& each : asked_) {
        known += (known.empty() ? "" : ", ") + each;
      }
      throw InputError(path(name.c_str()) + ": unknown field; known here: " + known);
    }
  }
}

}  // namespace faults
