#include "properties/linearizability/edn_reader.h"

#include <algorithm>
#include <charconv>

#include "properties/linearizability/input_error.h"
#include "properties/linearizability/jsonl.h"

namespace linearizability {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == ',';
}
bool ends_word(char c) {
  return is_blank(c) || std::string_view("()[]{}\";").find(c) != std::string_view::npos;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string utf8(unsigned code) {
  std::string result;
  if (code < 0x80) {
    result += static_cast<char>(code);
  } else if (code < 0x800) {
    result += static_cast<char>(0xc0 | (code >> 6));
    result += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    result += static_cast<char>(0xe0 | (code >> 12));
    result += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    result += static_cast<char>(0x80 | (code & 0x3f));
  }
  return result;
}

}  // namespace

std::size_t EdnReader::line() {
  const std::size_t end = std::min(at_, text_.size());
  for (; counted_to_ < end; ++counted_to_) {
    line_ += text_[counted_to_] == '\n' ? 1 : 0;
  }
  return line_;
}

void EdnReader::fail(const std::string& expected) {
  throw InputError(at_line(file_, line()) + "expected " + expected);
}

void EdnReader::enter(int depth) {
  if (depth > kDepthLimit) {
    fail("EDN nested at most " + std::to_string(kDepthLimit) + " deep");
  }
}

void EdnReader::skip() { skip_at(0); }

void EdnReader::skip_at(int depth) {
  while (!at_end()) {
    if (is_blank(peek())) {
      step();
    } else if (peek() == ';') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (text_.substr(at_, 2) == "#_") {
      at_ += 2;
      form_at(depth + 1);
    } else {
      return;
    }
  }
}

Value EdnReader::form() { return form_at(0); }

Value EdnReader::form_at(int depth) {
  enter(depth);
  skip_at(depth);
  if (at_end()) {
    fail("a value, got the end of the text");
  }
  switch (peek()) {
    case '[':
    case '(': {
      const char close = peek() == '[' ? ']' : ')';
      step();
      return Value::list(forms_until(close, depth));
    }
    case '{':
      step();
      return map_at(depth);
    case '"':
      step();
      return text_at();
    case '\\':
      return character();
    case '#':
      return dispatch(depth);
    case ')':
    case ']':
    case '}':
      fail("a value, got " + std::string(1, peek()));
    default:
      return token();
  }
}

std::vector<Value> EdnReader::forms_until(char close, int depth) {
  std::vector<Value> items;
  for (;;) {
    skip_at(depth);
    if (at_end()) {
      fail(std::string("a value or ") + close + ", got the end of the text");
    }
    if (peek() == close) {
      step();
      return items;
    }
    items.push_back(form_at(depth + 1));
  }
}

Value EdnReader::map_at(int depth) {
  std::vector<Value> items = forms_until('}', depth);
  if (items.size() % 2 != 0) {
    fail("a value for each key of a map");
  }
  std::vector<std::pair<Value, Value>> pairs;
  for (std::size_t i = 0; i < items.size(); i += 2) {
    pairs.emplace_back(std::move(items[i]), std::move(items[i + 1]));
  }
  bool duplicate = false;
  Value result = Value::map(std::move(pairs), duplicate);
  if (duplicate) {
    fail("each key of a map once, got one twice");
  }
  return result;
}

Value EdnReader::dispatch(int depth) {
  step();
  if (at_end()) {
    fail("a tag, a set or #_ behind #");
  }
  if (peek() == '{') {
    step();
    std::vector<Value> items = forms_until('}', depth);
    std::sort(items.begin(), items.end());
    return Value::list(std::move(items));
  }
  if (peek() == '#') {  // ##NaN, ##Inf
    step();
    return Value::word(Value::Kind::decimal, "##" + std::string(word()));
  }
  if (word().empty()) {
    fail("a tag, a set or #_ behind #");
  }
  return form_at(depth + 1);
}

std::string EdnReader::escape() {
  if (at_end()) {
    fail("a character behind \\, got the end of the text");
  }
  const char c = peek();
  step();
  switch (c) {
    case 'n':
      return "\n";
    case 't':
      return "\t";
    case 'r':
      return "\r";
    case 'b':
      return "\b";
    case 'f':
      return "\f";
    case '"':
    case '\\':
    case '/':
      return std::string(1, c);
    case 'u': {
      const std::string_view digits = text_.substr(at_, 4);
      unsigned code = 0;
      const auto [end, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
      if (digits.size() != 4 || error != std::errc() || end != digits.data() + 4) {
        fail("four hexadecimal digits behind \\u");
      }
      at_ += 4;
      return utf8(code);
    }
    default:
      fail("one of n t r b f u \" \\ behind \\ in a string");
  }
}

Value EdnReader::text_at() {
  std::string text;
  while (!at_end() && peek() != '"') {
    const char c = peek();
    step();
    text += c == '\\' ? escape() : std::string(1, c);
  }
  if (at_end()) {
    fail("\" at the end of a string, got the end of the text");
  }
  step();
  return Value::word(Value::Kind::text, std::move(text));
}

Value EdnReader::character() {
  const std::size_t begin = at_;
  step();
  if (at_end()) {
    fail("a character behind \\, got the end of the text");
  }
  step();
  word();
  return Value::word(Value::Kind::symbol, std::string(text_.substr(begin, at_ - begin)));
}

std::string_view EdnReader::word() {
  const std::size_t begin = at_;
  while (!at_end() && !ends_word(peek())) {
    step();
  }
  return text_.substr(begin, at_ - begin);
}

Value EdnReader::token() {
  const std::string_view text = word();
  if (text == "nil") {
    return {};
  }
  if (text == "true" || text == "false") {
    return {Value::Kind::boolean, text == "true" ? 1 : 0, {}, {}};
  }
  if (text.starts_with(':')) {
    if (text.size() == 1) {
      fail("a name behind :");
    }
    return Value::word(Value::Kind::keyword, std::string(text.substr(1)));
  }
  const bool sign = text.starts_with('-') || text.starts_with('+');
  if (!is_digit(text.front()) && !(sign && text.size() > 1 && is_digit(text[1]))) {
    return Value::word(Value::Kind::symbol, std::string(text));
  }
  const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error == std::errc() && end == digits.data() + digits.size()) {
    return Value::integer(number);
  }
  if (text.find_first_not_of("+-0123456789.eEMN/") != std::string_view::npos) {
    fail("a number, got " + std::string(text.substr(0, 40)));
  }
  return Value::word(Value::Kind::decimal, std::string(text));
}

}  // namespace linearizability
