// What the passes of a shrink work on: the smallest recipe so far, and the question whether a
// smaller one will do.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "traces/shrink.h"

namespace traces {

class Shrinker {
 public:
  using Pointer = Json::json_pointer;

  Shrinker(Json recipe, std::int64_t at_us, const ShrinkOptions& options);

  const Json& recipe() const { return recipe_; }
  std::int64_t at_us() const { return at_us_; }  // of its failure
  const ShrinkOptions& options() const { return options_; }
  std::size_t runs() const { return runs_; }
  std::size_t known() const { return known_; }
  bool stopped() const { return stopped_; }

  // Whether it has the failure too; then it is the recipe from now on. With more than one seed to
  // try: with its own or with one of those that follow. A failure that takes an exact moment is
  // missed by one universe of few faults and met by another. With fewer intents and too few
  // tickets for all of them also with that much fewer tickets for sale: what is scarce stays so.
  bool take(const Json& candidate, std::size_t seeds = 1) {
    return take_first({candidate}, {seeds}) == 0;
  }
  // The same for several, of which the first that has the failure is taken: which, or how many.
  std::size_t take_first(const std::vector<Json>& candidates,
                         const std::vector<std::size_t>& seeds);
  // How many seeds a candidate is worth that leaves `kept` of `now` elements: many when it would
  // be a large step.
  std::size_t seeds_for(std::size_t kept, std::size_t now) const;
  // Multiplies that number.
  void set_persistence(std::size_t factor) { persistence_ = factor; }

  // Leaves out what a list does not need, in pieces: no more than so many of them.
  void thin(const Pointer& list, std::size_t parts_max = SIZE_MAX);
  // Keeps one half of a list that has two elements or more. Much cheaper than to thin it when
  // all of it is needed.
  bool half(const Pointer& list, std::size_t seeds = 1);
  // Erases a member that has a default, and those that make no sense without it.
  bool drop(const Pointer& object, const std::vector<std::string>& members);
  // One after the other.
  void drop_each(const Pointer& object, const std::vector<std::vector<std::string>>& groups);
  // Halves a whole number towards `low` as long as that will do.
  void halve(const Pointer& number, std::int64_t low);

 private:
  class Ahead;

  // With these seeds, and with a smaller stock when there is a reason for it.
  std::vector<Json> variants_of(const Json& candidate, std::size_t seeds) const;
  // False when there is none.
  bool smaller_stock(Json& candidate) const;
  // Nothing when there are no members to erase.
  std::optional<Json> without(const Pointer& object, const std::vector<std::string>& members) const;
  // No more runs may begin.
  bool exhausted();

  const ShrinkOptions& options_;
  Json recipe_;
  std::int64_t at_us_;
  std::map<std::string, Tried> tried_;  // by the text
  std::size_t persistence_ = 1;
  std::size_t runs_ = 0;
  std::size_t known_ = 0;
  bool stopped_ = false;
};

// The passes. Each leaves a recipe with the same failure.
void cut_time(Shrinker& shrinker);   // the virtual time after the failure
void halve_all(Shrinker& shrinker);  // all or half of the faults, users, intents, turn by turn
// Whole faults; whole users, then intents; in no more pieces than `parts_max`.
void thin_faults(Shrinker& shrinker, std::size_t parts_max);
void thin_users(Shrinker& shrinker, std::size_t parts_max);
bool make_plain(Shrinker& shrinker);  // all intents at once: one ticket, bought at once
void simplify_intents(Shrinker& shrinker);
void simplify_faults(Shrinker& shrinker);
void thin_tape(Shrinker& shrinker);  // choices that will do as the seed has them

}  // namespace traces
