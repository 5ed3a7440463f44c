#include "properties/linearizability/value.h"

#include <algorithm>

namespace linearizability {
namespace {

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
    }
    result += c;
  }
  return result + "\"";
}

std::string joined(const std::vector<Value>& items) {
  std::string result;
  for (const Value& item : items) {
    result += (result.empty() ? "" : " ") + to_string(item);
  }
  return result;
}

}  // namespace

Value Value::map(std::vector<std::pair<Value, Value>> pairs, bool& duplicate) {
  std::sort(pairs.begin(), pairs.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  duplicate = std::adjacent_find(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) {
                return a.first == b.first;
              }) != pairs.end();
  Value result{Kind::map, 0, {}, {}};
  for (auto& [key, value] : pairs) {
    result.items.push_back(std::move(key));
    result.items.push_back(std::move(value));
  }
  return result;
}

const Value* Value::find(std::string_view name) const {
  for (std::size_t i = 0; kind == Kind::map && i + 1 < items.size(); i += 2) {
    if (items[i].is_name() && items[i].text == name) {
      return &items[i + 1];
    }
  }
  return nullptr;
}

std::strong_ordering operator<=>(const Value& a, const Value& b) {
  if (const auto order = a.kind <=> b.kind; order != 0) {
    return order;
  }
  if (const auto order = a.number <=> b.number; order != 0) {
    return order;
  }
  if (const auto order = a.text <=> b.text; order != 0) {
    return order;
  }
  for (std::size_t i = 0; i < a.items.size() && i < b.items.size(); ++i) {
    if (const auto order = a.items[i] <=> b.items[i]; order != 0) {
      return order;
    }
  }
  return a.items.size() <=> b.items.size();
}

std::string to_string(const Value& value) {
  switch (value.kind) {
    case Value::Kind::nil:
      return "nil";
    case Value::Kind::boolean:
      return value.number != 0 ? "true" : "false";
    case Value::Kind::integer:
      return std::to_string(value.number);
    case Value::Kind::decimal:
    case Value::Kind::symbol:
      return value.text;
    case Value::Kind::text:
      return quoted(value.text);
    case Value::Kind::keyword:
      return ":" + value.text;
    case Value::Kind::list:
      return "[" + joined(value.items) + "]";
    case Value::Kind::map:
      return "{" + joined(value.items) + "}";
  }
  return "";
}

std::string to_short_string(const Value& value) {
  constexpr std::size_t kLongest = 60;
  const std::string text = to_string(value);
  return text.size() <= kLongest ? text : text.substr(0, kLongest) + "...";
}

}  // namespace linearizability
