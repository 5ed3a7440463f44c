// Several runs of a shrink at once. They are begun ahead and looked at in their order, so that the
// answer is that of one after the other.
#include <algorithm>
#include <deque>
#include <utility>

#include "traces/shrinker.h"

namespace traces {
namespace {

// Recipes that are made ready; most of them came up before and cost no run.
constexpr std::size_t kAhead = 256;

}  // namespace

class Shrinker::Ahead {
 public:
  Ahead(Shrinker& shrinker, const std::vector<Json>& candidates,
        const std::vector<std::size_t>& seeds)
      : shrinker_(shrinker), candidates_(candidates), seeds_(seeds) {}

  std::size_t first_same() {
    for (;;) {
      while (begin_one()) {
      }
      if (turns_.empty()) {
        return candidates_.size();
      }
      Turn turn = std::move(turns_.front());
      turns_.pop_front();
      const Tried result = end(turn);
      if (result.same) {
        shrinker_.recipe_ = std::move(turn.recipe);
        shrinker_.at_us_ = result.at_us;
        return turn.candidate;
      }
    }
  }

 private:
  // Without an attempt: its recipe was tried before, or is that of an earlier turn, so that its
  // result is there when its turn comes.
  struct Turn {
    std::size_t candidate;
    Json recipe;
    std::string text;
    std::unique_ptr<Attempt> attempt;
  };

  bool begin_one() {
    if (under_way_ >= shrinker_.options_.jobs || turns_.size() >= kAhead || !more()) {
      return false;
    }
    const std::string text = variants_.front().dump();
    std::unique_ptr<Attempt> attempt;
    if (is_known(text)) {
      ++shrinker_.known_;
    } else if (under_way_ > 0 && shrinker_.runs_ + under_way_ >= shrinker_.options_.runs_max) {
      return false;  // they may be no recipes, which do not count
    } else if (shrinker_.exhausted()) {
      variants_.clear();
      next_ = candidates_.size();
      return false;
    } else {
      attempt = shrinker_.options_.start(variants_.front());
      ++under_way_;
    }
    turns_.push_back({next_ - 1, std::move(variants_.front()), text, std::move(attempt)});
    variants_.pop_front();
    return true;
  }

  // Makes the variants of the next candidate that has any; false: there is none.
  bool more() {
    for (; variants_.empty() && next_ < candidates_.size(); ++next_) {
      const std::vector<Json> made = shrinker_.variants_of(candidates_[next_], seeds_[next_]);
      variants_.assign(made.begin(), made.end());
    }
    return !variants_.empty();
  }

  bool is_known(const std::string& text) const {
    return shrinker_.tried_.contains(text) ||
           std::ranges::any_of(turns_, [&](const Turn& turn) { return turn.text == text; });
  }

  Tried end(Turn& turn) {
    if (turn.attempt) {
      const Tried result = turn.attempt->wait();
      --under_way_;
      shrinker_.runs_ += result.ran ? 1 : 0;
      shrinker_.tried_.emplace(turn.text, result);
    }
    return shrinker_.tried_.at(turn.text);
  }

  Shrinker& shrinker_;
  const std::vector<Json>& candidates_;
  const std::vector<std::size_t>& seeds_;
  std::size_t next_ = 0;       // candidate
  std::deque<Json> variants_;  // of the one before that are still to begin
  std::deque<Turn> turns_;
  std::size_t under_way_ = 0;
};

std::size_t Shrinker::take_first(const std::vector<Json>& candidates,
                                 const std::vector<std::size_t>& seeds) {
  return Ahead(*this, candidates, seeds).first_same();
}

}  // namespace traces
