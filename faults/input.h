// Reading JSON that people write: every member is asked for by name, and what was
// not asked for is an error. Messages say file, field and what was expected.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace faults {

using Json = nlohmann::ordered_json;

// The text is one line, ready for a person: control characters that came with the
// input are shown as \xNN.
class InputError : public std::runtime_error {
 public:
  explicit InputError(const std::string& text);
};

inline constexpr std::size_t kInputLimit_bytes = 64 << 20;
inline constexpr std::size_t kNestingLimit = 32;

// Stricter than JSON: a name occurs once per object, and nesting is at most
// kNestingLimit deep. `where` is the file's name. Errors: InputError.
Json parse_json(const std::string& text, const std::string& where);

// Errors: InputError when the file cannot be read, is larger than kInputLimit_bytes
// or is not JSON (with the line).
Json read_json_file(const std::string& path);

// One JSON object being read. Call finish() when every known member was asked for.
class Fields {
 public:
  // `where` names the object in messages, for instance "plan.json: faults[2]".
  Fields(const Json& object, std::string where);

  std::int64_t integer(const char* name, std::int64_t low, std::int64_t high);
  std::int64_t integer_or(const char* name, std::int64_t otherwise, std::int64_t low,
                          std::int64_t high);
  std::uint64_t natural(const char* name);  // any that has 64 bits
  bool boolean(const char* name);
  bool boolean_or(const char* name, bool otherwise);
  std::string text(const char* name);
  std::string text_or(const char* name, std::string otherwise);
  std::vector<std::string> texts(const char* name);
  bool has(const char* name) const { return object_.is_object() && object_.contains(name); }
  // The member as it is, to be read by other Fields.
  const Json& array(const char* name);
  const Json& object(const char* name);
  void finish() const;

  [[noreturn]] void fail(const char* name, const std::string& expected) const;
  std::string path(const std::string& name) const;

 private:
  const Json& member(const char* name, const char* expected);

  const Json& object_;
  const std::string where_;
  std::set<std::string> asked_;
};

}  // namespace faults
