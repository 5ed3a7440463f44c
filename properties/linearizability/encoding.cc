#include "properties/linearizability/encoding.h"

#include "properties/linearizability/input_error.h"

namespace linearizability {

void refuse(const std::string& file, const Operation& operation, bool of_result,
            const std::string& field, const std::string& expected) {
  const Value& value = of_result ? operation.result : operation.argument;
  throw InputError(at_line(file, of_result ? operation.returned_line : operation.invoked_line) +
                   field + ": expected " + expected + ", got " +
                   (field == "f" ? operation.f : to_short_string(value)));
}

std::int64_t amount_of(const std::string& file, const Operation& operation, bool of_result,
                       const Value& value, std::int64_t low, const std::string& what) {
  if (!value.is(Value::Kind::integer) || value.number < low || value.number > kAmountMax) {
    refuse(file, operation, of_result, "value",
           what + ", an integer from " + std::to_string(low) + " to " + std::to_string(kAmountMax));
  }
  return value.number;
}

void check_echo(const std::string& file, const Operation& operation) {
  if (operation.known() && !operation.result.is(Value::Kind::nil) &&
      operation.result != operation.argument) {
    refuse(file, operation, true, "value",
           to_short_string(operation.argument) + ", as in line " +
               std::to_string(operation.invoked_line) + ", or none");
  }
}

std::string call_text(const Operation& operation) {
  const bool asks = operation.argument.is(Value::Kind::nil);
  std::string text = operation.f + (asks ? "" : " " + to_short_string(operation.argument));
  const bool echo =
      !asks && (operation.result.is(Value::Kind::nil) || operation.result == operation.argument);
  if (operation.known() && !echo) {
    text += " -> " + to_short_string(operation.result);
  }
  return text;
}

}  // namespace linearizability
