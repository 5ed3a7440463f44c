// A register: read -> v, write v, cas [from to]. Values are anything; nil is one of them.
//
// A completed cas has succeeded; one that found another value has failed, and a failed
// operation is not in the history.
#pragma once

#include <map>
#include <vector>

#include "properties/linearizability/encoding.h"
#include "properties/linearizability/model.h"

namespace linearizability {

class RegisterModel : public Model {
 public:
  RegisterModel(const ModelOptions& options, const Operations& operations, const std::string& file);

  State initial() const override { return {initial_}; }
  bool observes(OpId op) const override { return calls_[op].kind == Kind::read; }
  EffectId effect(OpId op) const override { return calls_[op].effect; }
  bool step(State& state, OpId op) const override;
  void explain(const State& state, OpId target, const Unknowns& unknowns,
               Explanations& out) const override;
  std::string describe(const State& state) const override;
  std::string describe(OpId op) const override { return call_text(operations_[op]); }

 private:
  enum class Kind : std::uint8_t { read, write, cas };
  struct Call {
    Kind kind = Kind::read;
    std::int64_t from = 0;  // read: what it returned; cas
    std::int64_t to = 0;    // write, cas
    EffectId effect = 0;
  };
  // How an effect can produce a value: by a write, or by a cas from another one.
  struct Source {
    EffectId effect = 0;
    bool write = false;
    std::int64_t from = 0;
  };
  struct Path;

  Call call_of(const Operation& operation, const std::string& file);
  std::int64_t number_of(const Value& value);
  void explain_value(Path& path, std::int64_t wanted, std::size_t depth) const;

  const Operations& operations_;
  std::map<Value, std::int64_t> numbers_;  // values as small integers
  std::vector<Value> values_;
  std::int64_t initial_ = 0;
  std::vector<Call> calls_;
  std::vector<std::vector<Source>> sources_;  // by the value they produce
};

}  // namespace linearizability
