#include "properties/linearizability/jsonl.h"

#include <nlohmann/json.hpp>

#include "properties/linearizability/input_error.h"

namespace linearizability {
namespace {

using Json = nlohmann::json;

// Builds Values from the parser's events, so that a hostile depth is refused before it
// becomes a tree.
class Reader : public nlohmann::json_sax<Json> {
 public:
  explicit Reader(const std::string& where) : where_(where) {}

  bool null() override { return put({}); }
  bool boolean(bool value) override { return put({Value::Kind::boolean, value ? 1 : 0, {}, {}}); }
  bool number_integer(number_integer_t value) override { return put(Value::integer(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    return put(value <= static_cast<number_unsigned_t>(INT64_MAX)
                   ? Value::integer(static_cast<std::int64_t>(value))
                   : Value::word(Value::Kind::decimal, std::to_string(value)));
  }
  bool number_float(number_float_t, const string_t& text) override {
    return put(Value::word(Value::Kind::decimal, text));
  }
  bool string(string_t& text) override {
    return put(Value::word(Value::Kind::text, std::move(text)));
  }
  bool binary(binary_t&) override { return false; }  // JSON has none
  bool start_object(std::size_t) override { return open(Value::Kind::map); }
  bool start_array(std::size_t) override { return open(Value::Kind::list); }
  bool key(string_t& name) override {
    open_.back().items.push_back(Value::word(Value::Kind::text, std::move(name)));
    return true;
  }
  bool end_array() override { return close(); }
  bool end_object() override {
    std::vector<std::pair<Value, Value>> pairs;
    std::vector<Value>& items = open_.back().items;
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      pairs.emplace_back(std::move(items[i]), std::move(items[i + 1]));
    }
    bool duplicate = false;
    open_.back() = Value::map(std::move(pairs), duplicate);
    if (duplicate) {
      throw InputError(where_ + "expected each member once, got one twice");
    }
    return close();
  }
  bool parse_error(std::size_t byte, const std::string&,
                   const nlohmann::detail::exception&) override {
    throw InputError(where_ + "expected JSON, but byte " + std::to_string(byte) + " is none");
  }

  Value take() { return std::move(result_); }

 private:
  bool open(Value::Kind kind) {
    if (open_.size() >= static_cast<std::size_t>(kDepthLimit)) {
      throw InputError(where_ + "expected JSON nested at most " + std::to_string(kDepthLimit) +
                       " deep");
    }
    open_.push_back({kind, 0, {}, {}});
    return true;
  }
  bool close() {
    Value value = std::move(open_.back());
    open_.pop_back();
    return put(std::move(value));
  }
  bool put(Value value) {
    if (open_.empty()) {
      result_ = std::move(value);
    } else {
      open_.back().items.push_back(std::move(value));
    }
    return true;
  }

  const std::string& where_;
  std::vector<Value> open_;
  Value result_;
};

}  // namespace

Value parse_json(std::string_view text, const std::string& where) {
  Reader reader(where);
  try {
    Json::sax_parse(text.begin(), text.end(), &reader);
  } catch (const Json::exception&) {
    throw InputError(where + "expected JSON");
  }
  return reader.take();
}

History read_jsonl(std::string_view text, const HistoryOptions& options) {
  HistoryBuilder builder(options);
  std::size_t line = 1;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view one = text.substr(0, end);
    if (one.find_first_not_of(" \t\r") != std::string_view::npos) {
      builder.add(parse_json(one, at_line(options.file, line)), line);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line;
  }
  return builder.finish();
}

}  // namespace linearizability
