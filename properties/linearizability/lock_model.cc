// Postponement: acquire turns a free lock into a held one and release the other way
// round, and no operation is applicable both when one token has the lock and when another
// one or nobody has it. So nothing is applicable both before and after an unknown operation
// that changed the state.
//
// Explanations are at most "release by the holder, then acquire". A longer sequence, with
// another acquire and release in between, uses more unknown operations to get the same holder,
// and the tokens in front of it only shut out more.
#include "properties/linearizability/lock_model.h"

#include <algorithm>

#include "properties/linearizability/input_error.h"

namespace linearizability {
namespace {

constexpr std::size_t kHolder = 0;
constexpr std::size_t kLargest = 1;

}  // namespace

LockModel::LockModel(const ModelOptions& options, const Operations& operations,
                     const std::string& file)
    : operations_(operations) {
  if (options.initial) {
    throw InputError("--initial: expected none, because a lock starts free, got " +
                     to_short_string(*options.initial));
  }
  acquire_any_ = effects_.id({static_cast<std::int64_t>(Kind::acquire), 0});
  for (const Operation& operation : operations) {
    Call call = call_of(operation, file);
    call.effect = effects_.id({static_cast<std::int64_t>(call.kind), call.token});
    if (call.kind == Kind::acquire && call.token != 0) {
      acquire_of_[call.token] = call.effect;
    } else if (call.kind == Kind::release) {
      release_of_[call.token] = call.effect;
    }
    calls_.push_back(call);
  }
}

LockModel::Call LockModel::call_of(const Operation& operation, const std::string& file) {
  Call call;
  if (operation.f == "acquire") {
    if (operation.known()) {
      call.token = amount_of(file, operation, true, operation.result, 1, "a token");
    }
    return call;
  }
  if (operation.f != "renew" && operation.f != "release" && operation.f != "expire") {
    refuse(file, operation, false, "f", "acquire, renew, release or expire");
  }
  call.kind = operation.f == "renew" ? Kind::renew : Kind::release;
  call.token = amount_of(file, operation, false, operation.argument, 1, "a token");
  check_echo(file, operation);
  return call;
}

bool LockModel::step(State& state, OpId op) const {
  const Call& call = calls_[op];
  if (call.kind != Kind::acquire) {
    if (state[kHolder] != call.token) {
      return false;
    }
    state[kHolder] = call.kind == Kind::release ? 0 : call.token;
    return true;
  }
  // An unknown acquire is stepped by explain() alone, which knows the token that is needed.
  if (state[kHolder] != 0 || call.token <= state[kLargest]) {
    return false;
  }
  state = {call.token, call.token};
  return true;
}

void LockModel::explain(const State& state, OpId target, const Unknowns& unknowns,
                        Explanations& out) const {
  const Call& call = calls_[target];
  const std::int64_t holder = state[kHolder];
  if (holder == call.token || call.token <= state[kLargest]) {
    return;  // tokens only grow: this one is too old, or nothing stands in its way
  }
  Explanation way{{}, {0, state[kLargest]}};
  if (holder != 0) {
    const auto release = release_of_.find(holder);
    if (release == release_of_.end() || unknowns.count(release->second) == 0) {
      return;
    }
    way.effects.push_back(release->second);
  }
  if (call.kind == Kind::acquire) {
    if (!way.effects.empty()) {
      out.ways.push_back(std::move(way));
    }
    return;
  }
  way.state = {call.token, call.token};
  std::vector<EffectId> acquires{acquire_any_};
  if (const auto known = acquire_of_.find(call.token); known != acquire_of_.end()) {
    acquires.push_back(known->second);
  }
  for (const EffectId acquire : acquires) {
    if (unknowns.count(acquire) > 0) {
      out.ways.push_back(way);
      out.ways.back().effects.push_back(acquire);
    }
  }
}

std::string LockModel::describe(const State& state) const {
  const std::string largest = ", the largest token so far is " + std::to_string(state[kLargest]);
  return state[kHolder] == 0
             ? "nobody has the lock" + largest
             : "token " + std::to_string(state[kHolder]) + " has the lock" + largest;
}

}  // namespace linearizability
