#include "tests/linearizability/brute_force.h"

#include <map>

namespace linearizability_test {
namespace {

using linearizability::ModelKind;
using linearizability::Operation;
using linearizability::Operations;
using linearizability::Value;

// Whatever an object needs: a register's value, named numbers.
struct Thing {
  Value value;
  std::map<std::string, std::int64_t> numbers;
};

// The things that the operation can leave behind; none when it is impossible.
using After = std::vector<Thing>;

After register_after(Thing thing, const Operation& operation) {
  if (operation.f == "read") {
    return !operation.known() || operation.result == thing.value ? After{thing} : After{};
  }
  if (operation.f == "cas") {
    if (operation.argument.items[0] != thing.value) {
      return {};
    }
    thing.value = operation.argument.items[1];
  } else {
    thing.value = operation.argument;
  }
  return {thing};
}

After stock_after(Thing thing, const Operation& operation) {
  std::int64_t& available = thing.numbers["available"];
  std::int64_t& held = thing.numbers["held"];
  const std::int64_t n = operation.argument.number;
  if (operation.f == "read") {
    return !operation.known() || operation.result.number == available ? After{thing} : After{};
  }
  if (operation.f == "sell" || operation.f == "hold") {
    available -= n;
    held += operation.f == "hold" ? n : 0;
  } else {
    available += n;
    held -= operation.f == "release" ? n : 0;
  }
  return available < 0 || held < 0 ? After{} : After{thing};
}

constexpr std::int64_t kTokens = 12;  // more than small histories use

After lock_after(Thing thing, const Operation& operation) {
  std::int64_t& holder = thing.numbers["holder"];
  std::int64_t& last = thing.numbers["last"];
  if (operation.f != "acquire") {
    if (holder != operation.argument.number) {
      return {};
    }
    holder = operation.f == "renew" ? holder : 0;
    return {thing};
  }
  if (holder != 0) {
    return {};
  }
  After after;
  for (std::int64_t token = last + 1; token < kTokens; ++token) {
    if (!operation.known() || operation.result.number == token) {
      after.push_back(thing);
      after.back().numbers["holder"] = after.back().numbers["last"] = token;
    }
  }
  return after;
}

After bank_after(Thing thing, const Operation& operation, bool allow_negative) {
  if (operation.f == "read") {
    for (std::size_t i = 0; operation.known() && i < operation.result.items.size(); i += 2) {
      if (thing.numbers[to_string(operation.result.items[i])] !=
          operation.result.items[i + 1].number) {
        return {};
      }
    }
    return {thing};
  }
  const std::int64_t amount = operation.argument.find("amount")->number;
  const std::string from = to_string(*operation.argument.find("from"));
  const std::string to = to_string(*operation.argument.find("to"));
  if (from != to && amount > 0 && !allow_negative && thing.numbers[from] < amount) {
    return {};
  }
  thing.numbers[from] -= amount;
  thing.numbers[to] += amount;
  return {thing};
}

class Search {
 public:
  Search(const linearizability::ModelOptions& options, const Operations& operations)
      : options_(options), operations_(operations), done_(operations.size(), false) {}

  bool go_on(const Thing& thing) {
    bool finished = true;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      finished = finished && (done_[i] || !operations_[i].known());
    }
    if (finished) {
      return true;
    }
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if (done_[i] || !may_be_next(i)) {
        continue;
      }
      done_[i] = true;
      for (const Thing& after : after_of(thing, operations_[i])) {
        if (go_on(after)) {
          return true;
        }
      }
      done_[i] = false;
    }
    return false;
  }

 private:
  bool may_be_next(std::size_t i) const {
    for (std::size_t j = 0; j < operations_.size(); ++j) {
      if (!done_[j] && operations_[j].known() && operations_[j].returned < operations_[i].invoked) {
        return false;
      }
    }
    return true;
  }

  After after_of(const Thing& thing, const Operation& operation) const {
    switch (options_.kind) {
      case ModelKind::register_:
        return register_after(thing, operation);
      case ModelKind::stock:
        return stock_after(thing, operation);
      case ModelKind::lock:
        return lock_after(thing, operation);
      case ModelKind::bank:
        return bank_after(thing, operation, options_.allow_negative);
    }
    return {};
  }

  const linearizability::ModelOptions& options_;
  const Operations& operations_;
  std::vector<bool> done_;
};

}  // namespace

bool brute_force(const linearizability::ModelOptions& options, const Operations& operations) {
  Thing thing;
  const Value initial = options.initial.value_or(Value{});
  if (options.kind == ModelKind::register_) {
    thing.value = initial;
  } else if (options.kind == ModelKind::stock) {
    thing.numbers["available"] = initial.number;
  } else if (options.kind == ModelKind::bank) {
    for (std::int64_t account = 0; account < 10; ++account) {
      thing.numbers[std::to_string(account)] = initial.number;
    }
  }
  return Search(options, operations).go_on(thing);
}

}  // namespace linearizability_test
