#include "tests/traces/schema.h"

#include <regex.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace traces_test {
namespace {

using faults::Json;

bool is_of_type(const Json& value, const std::string& type) {
  return type == "object"    ? value.is_object()
         : type == "array"   ? value.is_array()
         : type == "string"  ? value.is_string()
         : type == "boolean" ? value.is_boolean()
         : type == "integer" ? value.is_number_integer()
                             : false;
}

std::string problem_at(const Json& schema, const Json& value, const std::string& at);

std::string problem_of_members(const Json& schema, const Json& value, const std::string& at) {
  const Json properties = schema.value("properties", Json::object());
  for (const auto& [name, member] : value.items()) {
    if (!properties.contains(name)) {
      if (schema.value("additionalProperties", true)) {
        continue;
      }
      return at + "/" + name + " is not described";
    }
    const std::string problem = problem_at(properties[name], member, at + "/" + name);
    if (!problem.empty()) {
      return problem;
    }
  }
  for (const Json& name : schema.value("required", Json::array())) {
    if (!value.contains(name.get<std::string>())) {
      return at + " lacks " + name.get<std::string>();
    }
  }
  return {};
}

std::string problem_of_elements(const Json& schema, const Json& value, const std::string& at) {
  if (value.size() > schema.value("maxItems", SIZE_MAX) ||
      value.size() < schema.value("minItems", std::size_t{0})) {
    return at + " has " + std::to_string(value.size()) + " elements";
  }
  for (std::size_t i = 0; schema.contains("items") && i < value.size(); ++i) {
    const std::string problem = problem_at(schema["items"], value[i], at + "/" + std::to_string(i));
    if (!problem.empty()) {
      return problem;
    }
  }
  return {};
}

// POSIX's expressions: g++ 12 warns about std::regex when it sanitizes. The schema uses nothing
// that ECMA's mean otherwise.
bool matches(const std::string& pattern, const std::string& text) {
  regex_t compiled;
  if (regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) {
    return false;
  }
  const bool found = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return found;
}

bool fits_as_text(const Json& schema, const std::string& text) {
  return text.size() >= schema.value("minLength", std::size_t{0}) &&
         (!schema.contains("pattern") || matches(schema["pattern"].get<std::string>(), text));
}

// Orders whole numbers; nlohmann takes those above 2^63 for negative when it compares.
std::pair<bool, std::uint64_t> rank(const Json& number) {
  const bool natural = number.is_number_unsigned() || number.get<std::int64_t>() >= 0;
  return {natural, number.get<std::uint64_t>()};
}

bool fits_as_number(const Json& schema, const Json& value) {
  return (!schema.contains("minimum") || rank(value) >= rank(schema["minimum"])) &&
         (!schema.contains("maximum") || rank(value) <= rank(schema["maximum"]));
}

std::string problem_at(const Json& schema, const Json& value, const std::string& at) {
  static const std::set<std::string> known = {
      "$schema", "title",   "description", "type",     "properties", "required",
      "items",   "minimum", "maximum",     "maxItems", "minItems",   "additionalProperties",
      "const",   "enum",    "pattern",     "not",      "minLength"};
  for (const auto& [keyword, argument] : schema.items()) {
    if (!known.contains(keyword)) {
      return at + ": the keyword " + keyword + " is unknown here";
    }
  }
  const auto words = schema.find("enum");
  const bool fits = !schema.contains("not") &&
                    (!schema.contains("type") || is_of_type(value, schema["type"])) &&
                    (!schema.contains("const") || value == schema["const"]) &&
                    (words == schema.end() || std::ranges::find(*words, value) != words->end()) &&
                    (!value.is_string() || fits_as_text(schema, value)) &&
                    (!value.is_number() || fits_as_number(schema, value));
  if (!fits) {
    return at + " is " + value.dump(-1, ' ', true, Json::error_handler_t::replace);
  }
  return value.is_object()  ? problem_of_members(schema, value, at)
         : value.is_array() ? problem_of_elements(schema, value, at)
                            : std::string();
}

}  // namespace

std::string problem_of(const Json& schema, const Json& document) {
  return problem_at(schema, document, "");
}

}  // namespace traces_test
