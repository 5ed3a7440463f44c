// Postponement: let t be applicable in a state both at once and after the unknown u. The
// state after t, u is that after u, t, because sums do not mind their order; it has no
// counter below zero, so u is applicable behind t. If t is a read of counters that u
// changes, it cannot be applicable both before and after u.
#include "properties/linearizability/counters_model.h"

#include <algorithm>
#include <limits>
#include <set>

namespace linearizability {
namespace {

using Numbers = CountersCall::Numbers;

// What each of the unknown operations a configuration may use adds, by effect.
struct Pool {
  std::vector<EffectId> effects;
  std::vector<std::size_t> counts;
};

Pool pool_of(const Unknowns& unknowns) {
  Pool pool;
  pool.effects = unknowns.effects();
  for (const EffectId effect : pool.effects) {
    pool.counts.push_back(unknowns.count(effect));
  }
  return pool;
}

// Few operations first, so that a limited search keeps the plainest ways.
void sort_ways(std::vector<Explanation>& ways) {
  std::sort(ways.begin(), ways.end(), [](const Explanation& a, const Explanation& b) {
    return a.effects.size() != b.effects.size() ? a.effects.size() < b.effects.size()
                                                : a.effects < b.effects;
  });
}

}  // namespace

CountersModel::CountersModel(CountersOptions options, const Operations& operations,
                             std::vector<CountersCall> calls)
    : options_(std::move(options)), operations_(operations), calls_(std::move(calls)) {
  EffectTable table;
  for (OpId op = 0; op < calls_.size(); ++op) {
    EffectTable::Code code;
    for (const Numbers* numbers : {&calls_[op].changes, &calls_[op].sees}) {
      code.push_back(static_cast<std::int64_t>(numbers->size()));
      for (const auto& [counter, number] : *numbers) {
        code.push_back(static_cast<std::int64_t>(counter));
        code.push_back(number);
      }
    }
    effects_.push_back(table.id(code));
    if (operation_of_.size() < table.size()) {
      operation_of_.push_back(op);
    }
  }
}

bool CountersModel::apply(State& state, const CountersCall& call) const {
  for (const auto& [counter, value] : call.sees) {
    if (state[counter] != value) {
      return false;
    }
  }
  for (const auto& [counter, change] : call.changes) {
    if (change < 0 && !options_.below_zero && state[counter] + change < 0) {
      return false;
    }
  }
  for (const auto& [counter, change] : call.changes) {
    state[counter] += change;
  }
  return true;
}

// Chooses how many of each effect, one effect after another, and gives up where those
// that are left can no longer reach what a counter still lacks.
class CountersModel::Sums {
 public:
  Sums(const CountersModel& model, const State& state, const CountersCall& target,
       const Unknowns& unknowns, Explanations& out)
      : model_(model), state_(state), target_(target), pool_(pool_of(unknowns)), out_(out) {
    lack_.assign(state.size(), 0);
    for (const auto& [counter, value] : target.sees) {
      lack_[counter] = value - state[counter];
    }
    chosen_.assign(pool_.effects.size(), 0);
    measure_reach();
  }

  void search() {
    std::size_t all = 0;
    for (const std::size_t count : pool_.counts) {
      all += count;
    }
    if (!in_reach(0)) {
      return;
    }
    const std::size_t effort = out_.effort;
    choose(0, kNoMatter);
    if (out_.endless || !out_.cut) {
      return;
    }
    out_.ways.clear();  // too many to see all: those with few operations, then
    out_.cut = false;
    out_.effort = effort;
    for (std::size_t size = 1; size <= all && out_.wants_more(); ++size) {
      choose(0, size);
    }
    out_.cut = true;
  }

 private:
  struct Reach {
    std::int64_t down = 0;
    std::int64_t up = 0;
  };
  static constexpr std::size_t kNoMatter = std::numeric_limits<std::size_t>::max();

  const CountersCall& call(std::size_t place) const {
    return model_.calls_[model_.operation_of_[pool_.effects[place]]];
  }

  // reach_[i][c]: how far the effects from i on can move counter c.
  void measure_reach() {
    reach_.assign(pool_.effects.size() + 1, std::vector<Reach>(state_.size()));
    left_.assign(pool_.effects.size() + 1, 0);
    for (std::size_t i = pool_.effects.size(); i-- > 0;) {
      reach_[i] = reach_[i + 1];
      left_[i] = left_[i + 1] + pool_.counts[i];
      for (const auto& [counter, change] : call(i).changes) {
        const std::int64_t all = change * static_cast<std::int64_t>(pool_.counts[i]);
        (all < 0 ? reach_[i][counter].down : reach_[i][counter].up) += all;
      }
    }
  }

  bool in_reach(std::size_t place) const {
    return std::all_of(target_.sees.begin(), target_.sees.end(), [&](const auto& seen) {
      const Reach& reach = reach_[place][seen.first];
      const std::int64_t lack = lack_[seen.first];
      return reach.down <= lack && lack <= reach.up;
    });
  }

  void add(std::size_t place, std::int64_t times) {
    for (const auto& [counter, change] : call(place).changes) {
      lack_[counter] -= change * times;
    }
  }

  // `size`: how many operations are still to be chosen.
  void choose(std::size_t place, std::size_t size) {
    if ((size != kNoMatter && size > left_[place]) || !in_reach(place) || !out_.step()) {
      return;
    }
    if (out_.endless && !been_.insert({place, lack_}).second) {
      return;  // the same states can be had from here as before
    }
    if (place == pool_.effects.size()) {
      emit();
      return;
    }
    std::size_t taken = 0;
    for (;; ++taken) {
      chosen_[place] = taken;
      choose(place + 1, size == kNoMatter ? size : size - taken);
      if (taken == std::min(pool_.counts[place], size) || !out_.wants_more()) {
        break;
      }
      add(place, 1);
    }
    add(place, -static_cast<std::int64_t>(taken));
    chosen_[place] = 0;
  }

  void emit() {
    Explanation way{{}, state_};
    if (out_.endless) {
      for (std::size_t i = 0; i < chosen_.size(); ++i) {
        for (const auto& [counter, change] : call(i).changes) {
          way.state[counter] += change * static_cast<std::int64_t>(chosen_[i]);
        }
      }
      out_.ways.push_back(std::move(way));
      return;
    }
    std::vector<std::size_t> left = chosen_;
    std::set<std::vector<std::size_t>> seen;
    if (order(left, way, seen)) {
      out_.ways.push_back(std::move(way));
    }
  }

  // Puts the chosen ones in an order in which none takes what is not there.
  bool order(std::vector<std::size_t>& left, Explanation& way,
             std::set<std::vector<std::size_t>>& seen) {
    bool done = true;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (left[i] == 0) {
        continue;
      }
      done = false;
      State before = way.state;
      if (!model_.apply(way.state, call(i))) {
        continue;
      }
      --left[i];
      way.effects.push_back(pool_.effects[i]);
      if (seen.insert(left).second && out_.step() && order(left, way, seen)) {
        return true;
      }
      way.effects.pop_back();
      ++left[i];
      way.state = std::move(before);
    }
    return done;
  }

  const CountersModel& model_;
  const State& state_;
  const CountersCall& target_;
  const Pool pool_;
  Explanations& out_;
  State lack_;
  std::vector<std::size_t> chosen_;
  std::vector<std::vector<Reach>> reach_;
  std::vector<std::size_t> left_;  // how many operations the effects from i on have
  std::set<std::pair<std::size_t, State>> been_;
};

// Goes through all sequences that can be run, each set of operations once; goes on behind
// those that suffice, because they may take away again what the target needs.
//
// Where unknown operations are endless, what the target needs is lent to it when all of
// them together could give it; a read finds out what is owed. That permits everything that
// an order permits: what stands before the target there can be given back behind it.
class CountersModel::Supply {
 public:
  Supply(const CountersModel& model, const State& state, const CountersCall& target,
         const Unknowns& unknowns, Explanations& out)
      : model_(model), target_(target), pool_(pool_of(unknowns)), out_(out), way_{{}, state} {
    left_ = pool_.counts;
  }

  void search() {
    if (!can_ever_suffice()) {
      return;
    }
    if (!out_.endless) {
      go_on(false);
      return;
    }
    State behind = way_.state;
    for (const auto& [counter, change] : target_.changes) {
      behind[counter] += change;
    }
    out_.ways.push_back({{}, way_.state, std::move(behind)});
  }

 private:
  const CountersCall& call(std::size_t place) const {
    return model_.calls_[model_.operation_of_[pool_.effects[place]]];
  }

  bool can_ever_suffice() const {
    State best = way_.state;
    for (std::size_t i = 0; i < left_.size(); ++i) {
      for (const auto& [counter, change] : call(i).changes) {
        best[counter] += change > 0 ? change * static_cast<std::int64_t>(left_[i]) : 0;
      }
    }
    return model_.apply(best, target_);
  }

  void go_on(bool suffices) {
    for (std::size_t i = 0; i < left_.size(); ++i) {
      State before = way_.state;
      if (left_[i] == 0 || !out_.step() || !out_.wants_more() ||
          !model_.apply(way_.state, call(i))) {
        continue;
      }
      --left_[i];
      way_.effects.push_back(pool_.effects[i]);
      if (seen_.insert(left_).second && can_ever_suffice()) {
        State after = way_.state;
        const bool now = model_.apply(after, target_);
        if (now && !suffices) {
          out_.ways.push_back(way_);
        }
        go_on(now);
      }
      way_.effects.pop_back();
      ++left_[i];
      way_.state = std::move(before);
    }
  }

  const CountersModel& model_;
  const CountersCall& target_;
  const Pool pool_;
  Explanations& out_;
  Explanation way_;
  std::vector<std::size_t> left_;
  std::set<std::vector<std::size_t>> seen_;
};

void CountersModel::explain(const State& state, OpId target, const Unknowns& unknowns,
                            Explanations& out) const {
  const CountersCall& call = calls_[target];
  if (call.changes.empty()) {
    Sums(*this, state, call, unknowns, out).search();
  } else {
    Supply(*this, state, call, unknowns, out).search();
  }
  sort_ways(out.ways);
}

std::string CountersModel::describe(const State& state) const {
  constexpr std::size_t kMost = 12;
  std::string text;
  for (std::size_t i = 0; i < state.size() && i < kMost; ++i) {
    text += (text.empty() ? "" : ", ") + options_.names[i] + " " + std::to_string(state[i]);
  }
  return text + (state.size() > kMost ? ", ..." : "");
}

}  // namespace linearizability
