// A row of counters that operations add to: what stock and bank have in common.
//
// An operation adds to some counters; where counters may not go below zero it needs that
// none it takes from does. A read sees the values of some counters.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "properties/linearizability/encoding.h"
#include "properties/linearizability/model.h"

namespace linearizability {

struct CountersCall {
  // (counter, number), each counter at most once, ascending.
  using Numbers = std::vector<std::pair<std::size_t, std::int64_t>>;
  Numbers changes;
  Numbers sees;
};

struct CountersOptions {
  std::vector<std::string> names;  // of the counters
  State initial;
  bool below_zero = false;  // counters may go there
};

class CountersModel : public Model {
 public:
  // `calls`: one per operation.
  CountersModel(CountersOptions options, const Operations& operations,
                std::vector<CountersCall> calls);

  State initial() const override { return options_.initial; }
  bool observes(OpId op) const override { return calls_[op].changes.empty(); }
  EffectId effect(OpId op) const override { return effects_[op]; }
  bool step(State& state, OpId op) const override { return apply(state, calls_[op]); }
  void explain(const State& state, OpId target, const Unknowns& unknowns,
               Explanations& out) const override;
  std::string describe(const State& state) const override;
  std::string describe(OpId op) const override { return call_text(operations_[op]); }

 private:
  class Sums;    // sets of unknown operations that add up to what a read saw
  class Supply;  // sequences that give an operation what it takes

  bool apply(State& state, const CountersCall& call) const;

  const CountersOptions options_;
  const Operations& operations_;
  std::vector<CountersCall> calls_;
  std::vector<EffectId> effects_;   // by operation
  std::vector<OpId> operation_of_;  // by effect: one operation that has it
};

}  // namespace linearizability
