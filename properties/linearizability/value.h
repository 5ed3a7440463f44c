// A value as histories hold them: what JSON and EDN can say, in one shape. Two values
// are equal when the register, the key or the process they stand for is the same.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace linearizability {

struct Value {
  enum class Kind : std::uint8_t {
    nil,
    boolean,
    integer,
    decimal,  // any other number, as it was written; compared as text
    text,
    keyword,  // EDN's :name, without the colon
    symbol,   // EDN's name; also characters, as they were written
    list,     // vectors, lists; sets, sorted
    map,      // key, value, key, value, ...; sorted by key
  };

  Kind kind = Kind::nil;
  std::int64_t number = 0;  // boolean, integer
  std::string text;         // decimal, text, keyword, symbol
  std::vector<Value> items;

  static Value integer(std::int64_t number) { return {Kind::integer, number, {}, {}}; }
  static Value word(Kind kind, std::string text) { return {kind, 0, std::move(text), {}}; }
  static Value list(std::vector<Value> items) { return {Kind::list, 0, {}, std::move(items)}; }
  // Sorts the pairs. `duplicate`: set when a key occurs twice.
  static Value map(std::vector<std::pair<Value, Value>> pairs, bool& duplicate);

  bool is(Kind wanted) const { return kind == wanted; }
  bool is_name() const { return kind == Kind::text || kind == Kind::keyword; }
  // The member of a map under the name, written as text or keyword; null without it.
  const Value* find(std::string_view name) const;
};

std::strong_ordering operator<=>(const Value& a, const Value& b);
inline bool operator==(const Value& a, const Value& b) { return (a <=> b) == 0; }

// For people, in EDN's notation.
std::string to_string(const Value& value);
// The same, cut off where it gets long.
std::string to_short_string(const Value& value);

}  // namespace linearizability
