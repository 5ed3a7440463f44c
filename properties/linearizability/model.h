// What an object does, as the checker sees it: a sequential specification over a state
// of a few integers. A model is made for the operations of one object and knows them by
// their places there.
//
// Two laws, which the search relies on; each model's file says why it keeps them, and
// tests/linearizability/twin_test.cc holds every model against a search without them.
//   Observers. An operation that observes() never changes the state.
//   Postponement. Let u be an operation of unknown outcome and t any other, applicable in
//   a state both at once and after u. Then u may stand behind t instead, with the same
//   state at the end, or be left out without making the rest harder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "properties/linearizability/history.h"
#include "properties/linearizability/value.h"

namespace linearizability {

using State = std::vector<std::int64_t>;
using OpId = std::uint32_t;      // place among the operations of the object
using EffectId = std::uint32_t;  // operations with the same number do the same to every state

// The operations of unknown outcome that a configuration may still use, by effect. All of
// one effect are interchangeable, so they are counted.
class Unknowns {
 public:
  virtual ~Unknowns() = default;
  virtual std::size_t count(EffectId effect) const = 0;
  // Those with a count above 0, ascending.
  virtual std::vector<EffectId> effects() const = 0;
};

// A way to make an operation applicable: operations of unknown outcome, in this order.
struct Explanation {
  std::vector<EffectId> effects;
  State state;  // after them
  // When given, the state after the target itself, which need not be applicable; only where
  // unknown operations are endless.
  std::optional<State> behind_target{};
};

struct Explanations {
  std::vector<Explanation> ways;
  std::size_t effort = 0;    // steps that may still be taken
  std::size_t ways_max = 0;  // more are not wanted
  // Unknown operations are not used up: of several ways to one state, one will do, and a
  // way may be given that permits more than any order of the operations would.
  bool endless = false;
  bool cut = false;  // there may be more ways
  // Uses up one step; false when there is none left.
  bool step() {
    cut = cut || effort == 0;
    return !cut && effort-- > 0;
  }
  // False, and cut, when there are enough.
  bool wants_more() {
    cut = cut || ways.size() >= ways_max;
    return !cut;
  }
};

class Model {
 public:
  virtual ~Model() = default;
  virtual State initial() const = 0;
  virtual bool observes(OpId op) const = 0;
  virtual EffectId effect(OpId op) const = 0;
  // Applies the operation with the result it had, if it can have had it in this state;
  // false, and the state as it was, if not.
  virtual bool step(State& state, OpId op) const = 0;
  // Adds every sequence of unknown operations that the target may need in front of it:
  // the target is not applicable in `state`, nor before the last of them, and is after it.
  // Those with few operations come first.
  virtual void explain(const State& state, OpId target, const Unknowns& unknowns,
                       Explanations& out) const = 0;

  virtual std::string describe(const State& state) const = 0;
  // "write 3", "read -> 3".
  virtual std::string describe(OpId op) const = 0;
};

enum class ModelKind : std::uint8_t { register_, stock, lock, bank };

struct ModelOptions {
  ModelKind kind = ModelKind::register_;
  // register: the value at the start, nil when not given. stock: the units at the start,
  // which must be given. bank: what each account has, or a map from accounts; 0 when not
  // given. lock: none.
  std::optional<Value> initial;
  bool allow_negative = false;  // bank: accounts may go below zero
};

// REQUIRES: the operations outlive the model. `file` is named in errors.
// Errors: InputError for an operation that the model does not have, or an option.
std::unique_ptr<Model> make_model(const ModelOptions& options, const Operations& operations,
                                  const std::string& file);

}  // namespace linearizability
