#include "properties/linearizability/bank_model.h"

#include <algorithm>
#include <map>

#include "properties/linearizability/counters_model.h"
#include "properties/linearizability/input_error.h"

namespace linearizability {
namespace {

// A read says which balances make no sense, so they may be below zero.
constexpr std::int64_t kLeastBalance = -kAmountMax;

class Encoder {
 public:
  Encoder(const ModelOptions& options, const std::string& file) : options_(options), file_(file) {}

  CountersCall call_of(const Operation& operation) {
    if (operation.f == "read") {
      CountersCall call;
      if (operation.known()) {
        call.sees = balances_of(operation);
      }
      return call;
    }
    if (operation.f != "transfer") {
      refuse(file_, operation, false, "f", "transfer or read");
    }
    check_echo(file_, operation);
    return transfer_of(operation);
  }

  CountersOptions counters() {
    CountersOptions counters;
    counters.below_zero = options_.allow_negative;
    read_initial();
    for (const auto& [name, number] : numbers_) {
      counters.names.resize(std::max(counters.names.size(), number + 1));
      counters.names[number] = name;
    }
    counters.initial.assign(counters.names.size(), each_);
    for (const auto& [number, balance] : given_) {
      counters.initial[number] = balance;
    }
    return counters;
  }

 private:
  static bool is_account(const Value& value) {
    return value.is(Value::Kind::integer) || value.is_name();
  }

  std::size_t account(const Value& value) {
    const std::string name = value.is_name() ? value.text : to_string(value);
    return numbers_.emplace(name, numbers_.size()).first->second;
  }

  CountersCall transfer_of(const Operation& operation) {
    const Value* from = operation.argument.find("from");
    const Value* to = operation.argument.find("to");
    const Value* amount = operation.argument.find("amount");
    if (from == nullptr || to == nullptr || amount == nullptr || !is_account(*from) ||
        !is_account(*to)) {
      refuse(file_, operation, false, "value", "a map with from, to and amount");
    }
    const std::int64_t moved = amount_of(file_, operation, false, *amount, 0, "an amount");
    CountersCall call;
    const std::size_t source = account(*from);
    const std::size_t target = account(*to);
    if (source != target && moved != 0) {
      call.changes = {{source, -moved}, {target, moved}};
      std::sort(call.changes.begin(), call.changes.end());
    }
    return call;
  }

  CountersCall::Numbers balances_of(const Operation& operation) {
    const Value& result = operation.result;
    CountersCall::Numbers seen;
    if (result.is(Value::Kind::list)) {
      for (std::size_t i = 0; i < result.items.size(); ++i) {
        seen.emplace_back(account(Value::integer(static_cast<std::int64_t>(i))),
                          balance_of(operation, result.items[i]));
      }
    } else if (result.is(Value::Kind::map)) {
      for (std::size_t i = 0; i + 1 < result.items.size(); i += 2) {
        if (!is_account(result.items[i])) {
          refuse(file_, operation, true, "value", "accounts that are integers or names");
        }
        seen.emplace_back(account(result.items[i]), balance_of(operation, result.items[i + 1]));
      }
    } else {
      refuse(file_, operation, true, "value", "a map from accounts to balances");
    }
    std::sort(seen.begin(), seen.end());
    const auto twice = std::adjacent_find(seen.begin(), seen.end(),
                                          [](auto& a, auto& b) { return a.first == b.first; });
    if (twice != seen.end()) {
      refuse(file_, operation, true, "value", "each account once");
    }
    return seen;
  }

  std::int64_t balance_of(const Operation& operation, const Value& value) const {
    return amount_of(file_, operation, true, value, kLeastBalance, "balances");
  }

  void read_initial() {
    if (!options_.initial) {
      return;
    }
    const Value& initial = *options_.initial;
    const auto fits = [](const Value& value) {
      return value.is(Value::Kind::integer) && value.number >= kLeastBalance &&
             value.number <= kAmountMax;
    };
    bool good = fits(initial);
    each_ = good ? initial.number : 0;
    if (initial.is(Value::Kind::map)) {
      good = true;
      for (std::size_t i = 0; i + 1 < initial.items.size(); i += 2) {
        good = good && is_account(initial.items[i]) && fits(initial.items[i + 1]);
        given_[account(initial.items[i])] = initial.items[i + 1].number;
      }
    }
    if (!good) {
      throw InputError("--initial: expected a balance, or a map from accounts to balances, got " +
                       to_short_string(initial));
    }
  }

  const ModelOptions& options_;
  const std::string& file_;
  std::map<std::string, std::size_t> numbers_;  // accounts, in the order of their first use
  std::int64_t each_ = 0;
  std::map<std::size_t, std::int64_t> given_;
};

}  // namespace

std::unique_ptr<Model> make_bank_model(const ModelOptions& options, const Operations& operations,
                                       const std::string& file) {
  Encoder encoder(options, file);
  std::vector<CountersCall> calls;
  for (const Operation& operation : operations) {
    calls.push_back(encoder.call_of(operation));
  }
  return std::make_unique<CountersModel>(encoder.counters(), operations, std::move(calls));
}

}  // namespace linearizability
