#include "faults/input.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

namespace faults {
namespace {

std::string shortened(const std::string& text) {
  constexpr std::size_t kLongest = 40;
  return text.size() <= kLongest ? text : text.substr(0, kLongest) + "...";
}

std::string shown(const Json& value) {
  return shortened(value.dump(-1, ' ', true, Json::error_handler_t::replace));
}

std::string one_line(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      line += c;
    } else {
      line += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return line;
}

// Watches a document being parsed. nlohmann keeps the last of two equal names and
// builds any depth, which its recursive functions then overflow the stack on.
class Watch {
 public:
  explicit Watch(std::string where) : where_(std::move(where)) {}

  void on(Json::parse_event_t event, const Json& parsed) {
    switch (event) {
      case Json::parse_event_t::object_start:
      case Json::parse_event_t::array_start:
        names_.emplace_back();
        if (names_.size() > kNestingLimit) {
          throw InputError(where_ + ": nested more than " + std::to_string(kNestingLimit) +
                           " deep");
        }
        break;
      case Json::parse_event_t::object_end:
      case Json::parse_event_t::array_end:
        names_.pop_back();
        break;
      case Json::parse_event_t::key:
        last_name_ = parsed.get<std::string>();
        if (!names_.back().insert(last_name_).second) {
          throw InputError(where_ + ": " + shortened(last_name_) + ": given twice");
        }
        break;
      default:
        break;
    }
  }

  const std::string& last_name() const { return last_name_; }

 private:
  const std::string where_;
  std::vector<std::set<std::string>> names_;  // of each open object; unused for arrays
  std::string last_name_;
};

}  // namespace

InputError::InputError(const std::string& text) : std::runtime_error(one_line(text)) {}

Json parse_json(const std::string& text, const std::string& where) {
  Watch watch(where);
  try {
    return Json::parse(text, [&](int, Json::parse_event_t event, Json& parsed) {
      watch.on(event, parsed);
      return true;
    });
  } catch (const Json::parse_error& error) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, text.size()));
    const auto line = 1 + std::count(text.begin(), end, '\n');
    throw InputError(where + ": line " + std::to_string(line) + ": not JSON (byte " +
                     std::to_string(error.byte) + ")");
  } catch (const Json::out_of_range&) {
    throw InputError(where + ": " + shortened(watch.last_name()) + ": the number is too large");
  }
}

Json read_json_file(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    throw InputError(path + ": cannot be read: it is a directory");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw InputError(path + ": cannot be read: no such file, or no permission");
  }
  std::string text;
  for (char block[1 << 16]; file.read(block, sizeof block) || file.gcount() > 0;) {
    text.append(block, static_cast<std::size_t>(file.gcount()));
    if (text.size() > kInputLimit_bytes) {
      throw InputError(path + ": larger than " + std::to_string(kInputLimit_bytes) + " bytes");
    }
  }
  if (file.bad()) {
    throw InputError(path + ": cannot be read: the disk reports an error");
  }
  return parse_json(text, path);
}

Fields::Fields(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
  if (!object_.is_object()) {
    throw InputError(where_ + ": expected an object, got " + shown(object_));
  }
}

std::string Fields::path(const std::string& name) const {
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
  return object_.contains(name) ? integer(name, low, high) : otherwise;
}

std::uint64_t Fields::natural(const char* name) {
  constexpr const char* kExpected = "an integer from 0 to 18446744073709551615";
  const Json& value = member(name, kExpected);
  if (!value.is_number_integer() ||
      (!value.is_number_unsigned() && value.get<std::int64_t>() < 0)) {
    fail(name, kExpected);
  }
  return value.get<std::uint64_t>();
}

bool Fields::boolean(const char* name) {
  const Json& value = member(name, "true or false");
  if (!value.is_boolean()) {
    fail(name, "true or false");
  }
  return value.get<bool>();
}

bool Fields::boolean_or(const char* name, bool otherwise) {
  asked_.insert(name);
  return object_.contains(name) ? boolean(name) : otherwise;
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
  return object_.contains(name) ? text(name) : std::move(otherwise);
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
      throw InputError(path(shortened(name)) + ": unknown field; known here: " + known);
    }
  }
}

}  // namespace faults
