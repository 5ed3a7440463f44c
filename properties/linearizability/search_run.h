// One run of the search with fixed limits; wgl.h says what it does and why.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "properties/linearizability/configuration_set.h"
#include "properties/linearizability/wgl.h"

namespace linearizability {

struct RunLimits {
  std::size_t configurations = 0;  // at a time
  std::size_t group_max = 0;       // configuration_set.h
  std::size_t explain_steps = 0;   // for one operation of one configuration
  std::size_t ways_max = 0;        // likewise
  std::uint64_t work = 0;
  // Unknown operations are not used up, which permits more than the history does.
  bool endless = false;
  bool exact = false;  // give up as soon as something had to be dropped
};

class SearchRun {
 public:
  // REQUIRES: the problem outlives it.
  SearchRun(const SearchProblem& problem, const RunLimits& limits);

  // Goes through the events up to `stop`, a place that is included; false when a return
  // is not survived.
  bool run(std::size_t stop);
  SearchResult result(bool survived);
  // REQUIRES: run(stop) was survived with one configuration left.
  SearchProblem rest(std::size_t stop) const;

 private:
  using Slot = std::uint32_t;
  class Available;

  struct Event {
    std::size_t place = 0;
    std::uint32_t item = 0;
    bool is_return = false;
  };

  void invoke(std::uint32_t item);
  bool complete(const Event& event);
  void expand(const Configuration& from, Slot first);
  void expand_through(const Configuration& from, Slot slot);
  void explain(const Configuration& from, Slot slot);
  bool twin_goes_first(const Configuration& from, Slot slot) const;
  void put(Configuration configuration);
  void absorb(Configuration& configuration) const;
  void survive(Slot returned);
  void keep_best();
  void forget_used();
  void fail(const Event& event);

  Slot take_slot(std::uint32_t item);
  void free_slot(Slot slot);
  const SearchItem& item_at(Slot slot) const { return problem_.items[slots_[slot]]; }
  EffectId effect_at(Slot slot) const { return problem_.model->effect(item_at(slot).op); }

  const SearchProblem& problem_;
  RunLimits limits_;
  std::vector<Event> events_;

  std::vector<std::uint32_t> slots_;  // by slot: its item
  std::set<Slot> free_;
  SlotKinds kinds_;
  std::vector<Slot> pending_;                       // known operations under way
  std::map<EffectId, std::vector<Slot>> unknowns_;  // in the order of their invocations
  std::vector<bool> used_by_all_;                   // by item: forgotten unknown operations

  std::vector<Configuration> configurations_;
  ConfigurationSet open_;
  bool dropped_ = false;  // the past is not all there is to know any more
  SearchResult result_;
};

}  // namespace linearizability
