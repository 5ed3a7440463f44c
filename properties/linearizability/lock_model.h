// A lock with fencing tokens: acquire -> token, renew token, release token, and
// expire token for leases.
//
// acquire gets the lock when nobody has it, with a token larger than all before. renew
// and release need the holder's token. expire is a release that nobody asked for: the
// history holds it as invoked when the lease may end, with an unknown outcome unless
// somebody knows when it did. Limits: no time; a refused acquire is a failed operation and
// says nothing.
#pragma once

#include <map>
#include <vector>

#include "properties/linearizability/encoding.h"
#include "properties/linearizability/model.h"

namespace linearizability {

class LockModel : public Model {
 public:
  LockModel(const ModelOptions& options, const Operations& operations, const std::string& file);

  // Holder's token, 0 for none; largest token so far.
  State initial() const override { return {0, 0}; }
  bool observes(OpId op) const override { return calls_[op].kind == Kind::renew; }
  EffectId effect(OpId op) const override { return calls_[op].effect; }
  bool step(State& state, OpId op) const override;
  void explain(const State& state, OpId target, const Unknowns& unknowns,
               Explanations& out) const override;
  std::string describe(const State& state) const override;
  std::string describe(OpId op) const override { return call_text(operations_[op]); }

 private:
  enum class Kind : std::uint8_t { acquire, renew, release };
  struct Call {
    Kind kind = Kind::acquire;
    std::int64_t token = 0;  // 0: an acquire whose token is not known
    EffectId effect = 0;
  };

  Call call_of(const Operation& operation, const std::string& file);

  const Operations& operations_;
  EffectTable effects_;
  std::vector<Call> calls_;
  EffectId acquire_any_ = 0;
  std::map<std::int64_t, EffectId> acquire_of_;  // by token
  std::map<std::int64_t, EffectId> release_of_;
};

}  // namespace linearizability
