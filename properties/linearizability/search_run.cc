#include "properties/linearizability/search_run.h"

#include <algorithm>

namespace linearizability {
namespace {

// For each configuration that lives on, so many may be tried at the next return.
constexpr std::size_t kRoom = 16;
constexpr std::uint64_t kPutWork = 4;  // what to keep a configuration costs, in steps

}  // namespace

// What a configuration may still use. An unknown operation whose known twin is under way
// and not done waits for it.
class SearchRun::Available : public Unknowns {
 public:
  Available(const SearchRun& run, const Configuration& from) : run_(run), done_(from.done) {}

  std::size_t count(EffectId effect) const override {
    const auto found = run_.unknowns_.find(effect);
    return found == run_.unknowns_.end() || twin_waits(effect)
               ? 0
               : found->second.size() - used(found->second);
  }

  std::vector<EffectId> effects() const override {
    std::vector<EffectId> result;
    for (const auto& [effect, slots] : run_.unknowns_) {
      if (used(slots) < slots.size() && !twin_waits(effect)) {
        result.push_back(effect);
      }
    }
    return result;
  }

 private:
  // They are used in order, so those used come first.
  std::size_t used(const std::vector<Slot>& slots) const {
    const auto unused = std::partition_point(slots.begin(), slots.end(),
                                             [&](Slot slot) { return done_.test(slot); });
    return run_.limits_.endless ? 0 : static_cast<std::size_t>(unused - slots.begin());
  }
  bool twin_waits(EffectId effect) const {
    return !run_.limits_.endless &&
           std::any_of(run_.pending_.begin(), run_.pending_.end(), [&](Slot slot) {
             return run_.effect_at(slot) == effect && !done_.test(slot);
           });
  }

  const SearchRun& run_;
  const Bits& done_;
};

SearchRun::SearchRun(const SearchProblem& problem, const RunLimits& limits)
    : problem_(problem), limits_(limits), open_(kinds_, limits.configurations, limits.group_max) {
  for (std::uint32_t i = 0; i < problem.items.size(); ++i) {
    const SearchItem& item = problem.items[i];
    events_.push_back({item.invoked, i, false});
    if (item.known()) {
      events_.push_back({item.returned, i, true});
    }
  }
  std::sort(events_.begin(), events_.end(),
            [](const Event& a, const Event& b) { return a.place < b.place; });
  used_by_all_.assign(problem.items.size(), false);
  configurations_.push_back({problem.start, {}});
}

bool SearchRun::run(std::size_t stop) {
  for (const Event& event : events_) {
    if (event.place > stop) {
      break;
    }
    if (!event.is_return) {
      invoke(event.item);
    } else if (!complete(event) || (limits_.exact && dropped_)) {
      fail(event);
      return false;
    } else if (configurations_.size() == 1 && !dropped_) {
      result_.cuts.push_back({event.place, configurations_.front().state});
    }
  }
  return true;
}

SearchRun::Slot SearchRun::take_slot(std::uint32_t item) {
  if (free_.empty()) {
    slots_.push_back(item);
    return static_cast<Slot>(slots_.size() - 1);
  }
  const Slot slot = *free_.begin();
  free_.erase(free_.begin());
  slots_[slot] = item;
  return slot;
}

void SearchRun::free_slot(Slot slot) {
  for (Configuration& configuration : configurations_) {
    configuration.done.reset(slot);
  }
  kinds_.mutators.reset(slot);
  kinds_.observers.reset(slot);
  kinds_.unknowns.reset(slot);
  free_.insert(slot);
}

void SearchRun::invoke(std::uint32_t item) {
  const SearchItem& invoked = problem_.items[item];
  const bool observes = problem_.model->observes(invoked.op);
  if (!invoked.known() && observes) {
    return;  // nobody got its answer, and it changes nothing
  }
  const Slot slot = take_slot(item);
  if (!invoked.known()) {
    kinds_.unknowns.set(slot);
    unknowns_[effect_at(slot)].push_back(slot);
    return;
  }
  (observes ? kinds_.observers : kinds_.mutators).set(slot);
  pending_.push_back(slot);
  if (observes) {
    for (Configuration& configuration : configurations_) {
      absorb(configuration);
    }
  }
}

void SearchRun::absorb(Configuration& configuration) const {
  for (const Slot slot : pending_) {
    if (kinds_.observers.test(slot) && !configuration.done.test(slot) &&
        problem_.model->step(configuration.state, item_at(slot).op)) {
      configuration.done.set(slot);
    }
  }
}

void SearchRun::put(Configuration configuration) {
  limits_.work -= std::min<std::uint64_t>(limits_.work, kPutWork);
  absorb(configuration);
  open_.add(std::move(configuration));
}

bool SearchRun::complete(const Event& event) {
  const auto returned = std::find_if(pending_.begin(), pending_.end(),
                                     [&](Slot slot) { return slots_[slot] == event.item; });
  const Slot slot = *returned;
  open_.take();
  for (Configuration& configuration : configurations_) {
    open_.add(std::move(configuration));
  }
  configurations_.clear();
  bool survived = false;
  for (std::size_t i = 0; i < open_.size(); ++i) {
    if (!open_.alive(i)) {
      continue;
    }
    if (open_[i].done.test(slot)) {
      survived = true;
    } else if (limits_.work == 0) {
      dropped_ = true;
    } else {
      const Configuration from = open_[i];  // the set moves while it grows
      expand(from, slot);
    }
  }
  dropped_ = dropped_ || open_.overflowed();
  result_.configurations_max = std::max(result_.configurations_max, open_.size());
  if (survived) {
    survive(slot);
  }
  return survived;
}

void SearchRun::expand(const Configuration& from, Slot first) {
  limits_.work -= std::min<std::uint64_t>(limits_.work, 1 + pending_.size());
  expand_through(from, first);
  for (const Slot slot : pending_) {
    if (slot != first && !from.done.test(slot)) {
      expand_through(from, slot);
    }
  }
}

bool SearchRun::twin_goes_first(const Configuration& from, Slot slot) const {
  return std::any_of(pending_.begin(), pending_.end(), [&](Slot other) {
    return !from.done.test(other) && item_at(other).returned < item_at(slot).returned &&
           effect_at(other) == effect_at(slot);
  });
}

void SearchRun::expand_through(const Configuration& from, Slot slot) {
  if (kinds_.mutators.test(slot)) {
    if (twin_goes_first(from, slot)) {
      return;
    }
    Configuration next = from;
    if (problem_.model->step(next.state, item_at(slot).op)) {
      next.done.set(slot);
      put(std::move(next));
      return;
    }
  }
  if (!unknowns_.empty()) {
    explain(from, slot);
  }
}

void SearchRun::explain(const Configuration& from, Slot slot) {
  const Available available(*this, from);
  Explanations explanations;
  explanations.effort = limits_.explain_steps;
  explanations.ways_max = limits_.ways_max;
  explanations.endless = limits_.endless;
  problem_.model->explain(from.state, item_at(slot).op, available, explanations);
  limits_.work -=
      std::min<std::uint64_t>(limits_.work, limits_.explain_steps - explanations.effort);
  dropped_ = dropped_ || explanations.cut;
  for (Explanation& way : explanations.ways) {
    Configuration next{std::move(way.state), from.done};
    for (const EffectId effect : limits_.endless ? std::vector<EffectId>() : way.effects) {
      const std::vector<Slot>& slots = unknowns_.at(effect);
      next.done.set(*std::partition_point(slots.begin(), slots.end(),
                                          [&](Slot used) { return next.done.test(used); }));
    }
    if (way.behind_target) {
      next.state = std::move(*way.behind_target);
    } else if (!problem_.model->step(next.state, item_at(slot).op)) {
      continue;
    }
    next.done.set(slot);
    put(std::move(next));
  }
}

void SearchRun::survive(Slot returned) {
  configurations_ = open_.take();
  std::erase_if(configurations_,
                [&](const Configuration& one) { return !one.done.test(returned); });
  pending_.erase(std::find(pending_.begin(), pending_.end(), returned));
  free_slot(returned);
  forget_used();
  for (Configuration& configuration : configurations_) {
    open_.add(std::move(configuration));
  }
  configurations_ = open_.take();
  keep_best();
}

// Leaves room to go on from each: those that have used few unknown operations have most
// left for what is to come.
void SearchRun::keep_best() {
  const std::size_t most = std::max<std::size_t>(1, limits_.configurations / kRoom);
  if (configurations_.size() <= most) {
    return;
  }
  dropped_ = true;
  std::vector<std::pair<std::size_t, std::size_t>> order;
  for (std::size_t i = 0; i < configurations_.size(); ++i) {
    order.emplace_back(open_.unknowns_used(configurations_[i]), i);
  }
  std::sort(order.begin(), order.end());
  std::vector<Configuration> best;
  for (std::size_t i = 0; i < most; ++i) {
    best.push_back(std::move(configurations_[order[i].second]));
  }
  configurations_ = std::move(best);
}

void SearchRun::forget_used() {
  for (auto entry = unknowns_.begin(); entry != unknowns_.end();) {
    std::vector<Slot>& slots = entry->second;
    std::size_t forgotten = 0;
    while (forgotten < slots.size() &&
           std::all_of(configurations_.begin(), configurations_.end(),
                       [&](const Configuration& one) { return one.done.test(slots[forgotten]); })) {
      used_by_all_[slots_[slots[forgotten]]] = true;
      free_slot(slots[forgotten]);
      ++forgotten;
    }
    slots.erase(slots.begin(), slots.begin() + static_cast<std::ptrdiff_t>(forgotten));
    entry = slots.empty() ? unknowns_.erase(entry) : std::next(entry);
  }
}

void SearchRun::fail(const Event& event) {
  result_.verdict = dropped_ ? Verdict::undecided : Verdict::not_linearizable;
  result_.failed = problem_.items[event.item].op;
  result_.failed_at = event.place;
  for (std::size_t i = 0; i < open_.size(); ++i) {
    if (open_.alive(i)) {
      Standing standing{open_[i].state, {}};
      for (Slot slot = 0; slot < slots_.size(); ++slot) {
        if (open_[i].done.test(slot)) {
          standing.done.push_back(item_at(slot).op);
        }
      }
      result_.last.push_back(std::move(standing));
    }
  }
}

SearchResult SearchRun::result(bool survived) {
  if (survived) {
    result_.verdict = Verdict::linearizable;
  }
  return std::move(result_);
}

SearchProblem SearchRun::rest(std::size_t stop) const {
  const Configuration& only = configurations_.front();
  std::vector<bool> gone = used_by_all_;
  for (Slot slot = 0; slot < slots_.size(); ++slot) {
    if (only.done.test(slot)) {
      gone[slots_[slot]] = true;
    }
  }
  SearchProblem rest{problem_.model, only.state, {}};
  for (std::size_t i = 0; i < problem_.items.size(); ++i) {
    const SearchItem& item = problem_.items[i];
    const bool over = item.known() && item.returned <= stop;
    if (!over && !(gone[i] && item.invoked <= stop)) {
      rest.items.push_back(item);
    }
  }
  return rest;
}

}  // namespace linearizability
