#include "tests/linearizability/draw.h"

#include <algorithm>
#include <tuple>

namespace linearizability_test {
namespace {

using linearizability::ModelKind;
using linearizability::Operation;
using linearizability::Operations;
using linearizability::Value;

Value pair_of(std::int64_t a, std::int64_t b) {
  return Value::list({Value::integer(a), Value::integer(b)});
}

Value text(const char* word) { return Value::word(Value::Kind::text, word); }

void as_register(Operation& operation, const Draw& draw) {
  operation.f = draw.f < 3 ? "read" : draw.f < 6 ? "write" : "cas";
  operation.result = operation.f == "read" ? Value::integer(draw.answer % 3) : Value{};
  operation.argument = operation.f == "read"    ? Value{}
                       : operation.f == "write" ? Value::integer(draw.a % 3)
                                                : pair_of(draw.a % 3, draw.b % 3);
}

void as_stock(Operation& operation, const Draw& draw) {
  const char* const kNames[] = {"read", "read", "read", "sell", "hold", "hold", "release", "add"};
  operation.f = kNames[draw.f % 8];
  operation.result = operation.f == "read" ? Value::integer(draw.answer % 5) : Value{};
  operation.argument = operation.f == "read" ? Value{} : Value::integer(1 + draw.a % 2);
}

void as_lock(Operation& operation, const Draw& draw) {
  const char* const kNames[] = {"acquire", "acquire", "acquire", "release",
                                "release", "expire",  "renew",   "renew"};
  operation.f = kNames[draw.f % 8];
  operation.argument = operation.f == "acquire" ? Value{} : Value::integer(1 + draw.a % 3);
  operation.result = operation.f == "acquire" ? Value::integer(1 + draw.answer % 3) : Value{};
}

void as_bank(Operation& operation, const Draw& draw) {
  operation.f = draw.f < 3 ? "read" : "transfer";
  bool duplicate = false;
  if (operation.f == "read") {
    // Three accounts that begin with 1 each; a sum of 3, mostly.
    const std::int64_t first = draw.answer % 4;
    const std::int64_t second = draw.a % 3;
    operation.result = Value::map({{Value::integer(0), Value::integer(first)},
                                   {Value::integer(1), Value::integer(second)},
                                   {Value::integer(2), Value::integer(3 - first - second)}},
                                  duplicate);
    return;
  }
  operation.argument = Value::map({{text("from"), Value::integer(draw.a % 3)},
                                   {text("to"), Value::integer(draw.b % 3)},
                                   {text("amount"), Value::integer(1 + draw.answer % 2)}},
                                  duplicate);
}

struct Moment {
  int at = 0;
  std::size_t operation = 0;
  bool end = false;
};

}  // namespace

Operations operations_of(ModelKind kind, const std::vector<Draw>& draws) {
  Operations operations(draws.size());
  std::vector<Moment> moments;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    Operation& operation = operations[i];
    operation.process = static_cast<std::int64_t>(i);
    switch (kind) {
      case ModelKind::register_:
        as_register(operation, draws[i]);
        break;
      case ModelKind::stock:
        as_stock(operation, draws[i]);
        break;
      case ModelKind::lock:
        as_lock(operation, draws[i]);
        break;
      case ModelKind::bank:
        as_bank(operation, draws[i]);
        break;
    }
    moments.push_back({draws[i].begin, i, false});
    if (!draws[i].unknown) {
      moments.push_back({draws[i].begin + 1 + draws[i].length, i, true});
    } else {
      operation.result = {};
    }
  }
  std::sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) {
    return std::tuple(a.at, a.end, a.operation) < std::tuple(b.at, b.end, b.operation);
  });
  for (std::size_t place = 0; place < moments.size(); ++place) {
    Operation& operation = operations[moments[place].operation];
    (moments[place].end ? operation.returned : operation.invoked) = place;
  }
  std::sort(operations.begin(), operations.end(),
            [](const Operation& a, const Operation& b) { return a.invoked < b.invoked; });
  return operations;
}

linearizability::ModelOptions options_of(ModelKind kind, bool allow_negative) {
  linearizability::ModelOptions options;
  options.kind = kind;
  options.allow_negative = allow_negative;
  if (kind == ModelKind::register_) {
    options.initial = Value::integer(0);
  } else if (kind == ModelKind::stock) {
    options.initial = Value::integer(2);
  } else if (kind == ModelKind::bank) {
    options.initial = Value::integer(1);
  }
  return options;
}

std::string to_string(const Operations& operations) {
  std::string text;
  for (const Operation& one : operations) {
    text += std::to_string(one.invoked) + ".." +
            (one.known() ? std::to_string(one.returned) : "?") + " " + one.f + " " +
            linearizability::to_string(one.argument) + " -> " +
            linearizability::to_string(one.result) + "\n";
  }
  return text;
}

}  // namespace linearizability_test
