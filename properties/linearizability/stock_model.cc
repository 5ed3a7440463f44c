#include "properties/linearizability/stock_model.h"

#include "properties/linearizability/counters_model.h"
#include "properties/linearizability/input_error.h"

namespace linearizability {
namespace {

constexpr std::size_t kAvailable = 0;
constexpr std::size_t kHeld = 1;

CountersCall call_of(const Operation& operation, const std::string& file) {
  CountersCall call;
  if (operation.f == "read") {
    const std::int64_t units =
        operation.known() ? amount_of(file, operation, true, operation.result, 0, "units") : 0;
    call.sees = {{kAvailable, units}};
    return call;
  }
  const bool takes = operation.f == "sell" || operation.f == "hold";
  if (!takes && operation.f != "release" && operation.f != "add") {
    refuse(file, operation, false, "f", "sell, hold, release, add or read");
  }
  const std::int64_t units = amount_of(file, operation, false, operation.argument, 1, "units");
  check_echo(file, operation);
  call.changes = {{kAvailable, takes ? -units : units}};
  if (operation.f == "hold" || operation.f == "release") {
    call.changes.emplace_back(kHeld, operation.f == "hold" ? units : -units);
  }
  return call;
}

}  // namespace

std::unique_ptr<Model> make_stock_model(const ModelOptions& options, const Operations& operations,
                                        const std::string& file) {
  if (!options.initial || !options.initial->is(Value::Kind::integer) ||
      options.initial->number < 0 || options.initial->number > kAmountMax) {
    throw InputError("--initial: expected the units at the start, an integer from 0 to " +
                     std::to_string(kAmountMax) + ", got " +
                     (options.initial ? to_short_string(*options.initial) : "nothing"));
  }
  CountersOptions counters{{"available", "held"}, {options.initial->number, 0}, false};
  std::vector<CountersCall> calls;
  for (const Operation& operation : operations) {
    calls.push_back(call_of(operation, file));
  }
  return std::make_unique<CountersModel>(std::move(counters), operations, std::move(calls));
}

}  // namespace linearizability
