// Postponement: let t be applicable both before and after the unknown u. If t is a write,
// it wipes out what u did, and u can be left out. If t is a read of x or a cas from x, the
// register held x before u and after it, so u changed nothing and can be left out.
#include "properties/linearizability/register_model.h"

#include <algorithm>

namespace linearizability {

RegisterModel::RegisterModel(const ModelOptions& options, const Operations& operations,
                             const std::string& file)
    : operations_(operations) {
  initial_ = number_of(options.initial.value_or(Value{}));
  EffectTable effects;
  std::vector<bool> sourced;
  for (const Operation& operation : operations) {
    Call call = call_of(operation, file);
    const auto kind = static_cast<std::int64_t>(call.kind);
    call.effect = effects.id({kind, call.from, call.to});
    sourced.resize(effects.size());
    if (call.kind != Kind::read && !sourced[call.effect]) {
      sourced[call.effect] = true;
      sources_[static_cast<std::size_t>(call.to)].push_back(
          {call.effect, call.kind == Kind::write, call.from});
    }
    calls_.push_back(call);
  }
}

std::int64_t RegisterModel::number_of(const Value& value) {
  const auto [place, added] = numbers_.emplace(value, static_cast<std::int64_t>(values_.size()));
  if (added) {
    values_.push_back(value);
    sources_.emplace_back();
  }
  return place->second;
}

RegisterModel::Call RegisterModel::call_of(const Operation& operation, const std::string& file) {
  Call call;
  if (operation.f == "read") {
    call.from = number_of(operation.result);
    return call;
  }
  if (operation.f != "write" && operation.f != "cas") {
    refuse(file, operation, false, "f", "read, write or cas");
  }
  check_echo(file, operation);
  if (operation.f == "write") {
    call.kind = Kind::write;
    call.to = number_of(operation.argument);
    return call;
  }
  if (!operation.argument.is(Value::Kind::list) || operation.argument.items.size() != 2) {
    refuse(file, operation, false, "value", "a pair [from to]");
  }
  call.kind = Kind::cas;
  call.from = number_of(operation.argument.items[0]);
  call.to = number_of(operation.argument.items[1]);
  return call;
}

bool RegisterModel::step(State& state, OpId op) const {
  const Call& call = calls_[op];
  if (call.kind != Kind::write && state[0] != call.from) {
    return false;
  }
  if (call.kind != Kind::read) {
    state[0] = call.to;
  }
  return true;
}

// A way to the wanted value, built from its end: the register goes through no value twice.
struct RegisterModel::Path {
  const Unknowns& unknowns;
  const std::int64_t start;
  const std::int64_t target;
  Explanations& out;
  std::vector<EffectId> backwards{};
  std::vector<std::int64_t> passed{};
  bool goes_deeper = false;  // a longer way may exist

  void finish() { out.ways.push_back({{backwards.rbegin(), backwards.rend()}, {target}}); }
};

// The last `depth` operations of a way to the wanted value.
void RegisterModel::explain_value(Path& path, std::int64_t wanted, std::size_t depth) const {
  path.passed.push_back(wanted);
  for (const Source& source : sources_[static_cast<std::size_t>(wanted)]) {
    if (!path.out.step() || !path.out.wants_more()) {
      break;
    }
    if (path.unknowns.count(source.effect) == 0) {
      continue;
    }
    path.backwards.push_back(source.effect);
    if (source.write || source.from == path.start) {
      if (depth == 1) {  // shorter ones were found before
        path.finish();
      }
    } else if (std::find(path.passed.begin(), path.passed.end(), source.from) ==
               path.passed.end()) {
      if (depth > 1) {
        explain_value(path, source.from, depth - 1);
      } else {
        path.goes_deeper = true;
      }
    }
    path.backwards.pop_back();
  }
  path.passed.pop_back();
}

void RegisterModel::explain(const State& state, OpId target, const Unknowns& unknowns,
                            Explanations& out) const {
  const Call& call = calls_[target];
  if (call.kind != Kind::write && call.from != state[0]) {
    Path path{unknowns, state[0], call.from, out};
    for (std::size_t depth = 1; depth == 1 || path.goes_deeper; ++depth) {
      path.goes_deeper = false;
      explain_value(path, call.from, depth);
      if (out.cut || (out.endless && !out.ways.empty())) {
        break;
      }
    }
  }
}

std::string RegisterModel::describe(const State& state) const {
  return "the register holds " + to_short_string(values_[static_cast<std::size_t>(state[0])]);
}

}  // namespace linearizability
