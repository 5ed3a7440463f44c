// Helps models read operations: errors that name file, line and field, and numbers for
// effects.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "properties/linearizability/history.h"
#include "properties/linearizability/model.h"

namespace linearizability {

// `field` is "value" or "f"; the line is the invocation's or, when `of_result`, the
// completion's.
[[noreturn]] void refuse(const std::string& file, const Operation& operation, bool of_result,
                         const std::string& field, const std::string& expected);

// Amounts; small enough that no sum of a history overflows.
inline constexpr std::int64_t kAmountMax = 1'000'000'000'000;

// Errors: InputError when the value is no integer from low to kAmountMax.
std::int64_t amount_of(const std::string& file, const Operation& operation, bool of_result,
                       const Value& value, std::int64_t low, const std::string& what);

// A completion may repeat the argument or leave it out. Errors: InputError otherwise.
void check_echo(const std::string& file, const Operation& operation);

// "write 3", "read -> nil": the argument, and what the result adds to it.
std::string call_text(const Operation& operation);

// Numbers for effects: the same for equal codes, ascending in the order of first use.
class EffectTable {
 public:
  using Code = std::vector<std::int64_t>;

  EffectId id(const Code& code) {
    return ids_.emplace(code, static_cast<EffectId>(ids_.size())).first->second;
  }
  std::size_t size() const { return ids_.size(); }

 private:
  std::map<Code, EffectId> ids_;
};

}  // namespace linearizability
