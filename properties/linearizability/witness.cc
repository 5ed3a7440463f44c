#include "properties/linearizability/witness.h"

#include <algorithm>
#include <functional>
#include <optional>

namespace linearizability {
namespace {

using Items = std::vector<SearchItem>;

// Operations that a witness may begin before the failed one, and ends it shows.
constexpr std::size_t kWindow = 400;
constexpr std::size_t kNearWindow = 40;
constexpr std::size_t kFarWindow = 4096;
// A witness with more operations is made once more, in the near window.
constexpr std::size_t kReadable = 16;
constexpr std::size_t kEndsShown = 6;
// Of all searches together that make a witness smaller.
constexpr std::size_t kItemsTried = 2'000'000;
constexpr std::size_t kSearches = 1000;
constexpr std::uint64_t kWorkOfOne = 1'000'000;

class Shrinker {
 public:
  Shrinker(SearchProblem problem, OpId failed, const SearchOptions& options)
      : problem_(std::move(problem)), failed_(failed), options_(options) {
    options_.small_only = true;  // what that cannot refuse stays in
    options_.work = std::min(options_.work, kWorkOfOne);
  }

  void leave_out_observers() {
    shrink([this](const SearchItem& item) { return problem_.model->observes(item.op); },
           [](const SearchItem&) { return std::optional<SearchItem>(); });
  }

  void take_as_unknown() {
    shrink([](const SearchItem& item) { return item.known(); },
           [](SearchItem item) {
             item.returned = kNever;
             return std::optional<SearchItem>(item);
           });
  }

  void hide_unknown() {
    shrink([](const SearchItem& item) { return !item.known(); },
           [](const SearchItem&) { return std::optional<SearchItem>(); });
  }

  const SearchProblem& problem() const { return problem_; }

 private:
  using Concerns = std::function<bool(const SearchItem&)>;
  using Change = std::function<std::optional<SearchItem>(const SearchItem&)>;

  // Applies the change to as many as possible of those it concerns: to many at once first.
  void shrink(const Concerns& concerns, const Change& change) {
    for (std::size_t size = problem_.items.size(); size > 0; size /= 2) {
      std::size_t begin = 0;
      while (begin < problem_.items.size()) {
        const std::size_t end = std::min(begin + size, problem_.items.size());
        std::size_t changed = 0;
        Items items(problem_.items.cbegin(), at(begin));
        for (std::size_t i = begin; i < end; ++i) {
          const SearchItem& item = problem_.items[i];
          const bool concerned = item.op != failed_ && concerns(item);
          const std::optional<SearchItem> kept = concerned ? change(item) : item;
          changed += concerned ? 1 : 0;
          if (kept) {
            items.push_back(*kept);
          }
        }
        const std::size_t next = items.size();
        items.insert(items.end(), at(end), problem_.items.cend());
        begin = changed > 0 && still_fails(items) ? next : end;
      }
    }
  }

  Items::const_iterator at(std::size_t i) const {
    return problem_.items.begin() + static_cast<std::ptrdiff_t>(i);
  }

  // Adopts the items when they fail at the same return, so all before it are explained.
  bool still_fails(Items& items) {
    tried_ += items.size();
    if (tried_ > kItemsTried || ++searches_ > kSearches) {
      return false;
    }
    SearchProblem smaller{problem_.model, problem_.start, std::move(items)};
    const SearchResult result = search(smaller, options_);
    if (result.verdict != Verdict::not_linearizable || result.failed != failed_) {
      return false;
    }
    problem_ = std::move(smaller);
    return true;
  }

  SearchProblem problem_;
  const OpId failed_;
  SearchOptions options_;
  std::size_t tried_ = 0;
  std::size_t searches_ = 0;
};

// Begins at a cut some operations before the failed one; earlier, if that is not too far,
// at the last one behind which the failed operation would still have been right, so that
// the witness has what made it wrong.
const SearchCut* beginning(const SearchProblem& whole, const SearchResult& result,
                           std::size_t count, std::size_t size) {
  const auto last_before = [&](std::size_t place) {
    return std::partition_point(result.cuts.begin(), result.cuts.end(),
                                [&](const SearchCut& cut) { return cut.place < place; });
  };
  const auto place_back = [&](std::size_t items) {
    return count > items ? whole.items[count - items].invoked : 0;
  };
  const auto near = last_before(place_back(size));
  const auto far = last_before(place_back(size == kWindow ? kFarWindow : size));
  for (auto cut = near; cut != far;) {
    --cut;
    State state = cut->state;
    if (whole.model->step(state, result.failed)) {
      return &*cut;
    }
  }
  return near == result.cuts.begin() ? nullptr : &*std::prev(near);
}

SearchProblem window(const SearchProblem& whole, const SearchResult& result,
                     const SearchOptions& options, std::size_t size, std::size_t& cut_place) {
  const auto end =
      std::partition_point(whole.items.begin(), whole.items.end(),
                           [&](const SearchItem& item) { return item.invoked < result.failed_at; });
  const auto count = static_cast<std::size_t>(end - whole.items.begin());
  const SearchCut* cut = count > size ? beginning(whole, result, count, size) : nullptr;
  cut_place = cut == nullptr ? kNever : cut->place;
  SearchProblem part = cut == nullptr ? whole : rest_behind(whole, *cut, options);
  std::erase_if(part.items,
                [&](const SearchItem& item) { return item.invoked > result.failed_at; });
  return part;
}

SearchProblem smallest(SearchProblem part, const SearchResult& result,
                       const SearchOptions& options) {
  Shrinker shrinker(std::move(part), result.failed, options);
  shrinker.leave_out_observers();
  shrinker.take_as_unknown();
  shrinker.hide_unknown();
  return shrinker.problem();
}

std::size_t line_of_return(const Operations& operations, std::size_t place) {
  const auto found = std::find_if(operations.begin(), operations.end(),
                                  [&](const Operation& one) { return one.returned == place; });
  return found == operations.end() ? 0 : found->returned_line;
}

WitnessEnd end_of(const Standing& standing, const SearchProblem& problem, std::size_t failed_at) {
  const Model& model = *problem.model;
  WitnessEnd end;
  end.state = model.describe(standing.state);
  for (const OpId op : standing.done) {
    end.done.push_back(model.describe(op));
  }
  for (const SearchItem& item : problem.items) {
    const bool under_way = item.known() && item.returned >= failed_at;
    const bool done =
        std::find(standing.done.begin(), standing.done.end(), item.op) != standing.done.end();
    if (under_way && !done) {
      State after = standing.state;
      const bool possible = model.step(after, item.op);
      (possible ? end.leads_on : end.impossible).push_back(model.describe(item.op));
    }
  }
  return end;
}

}  // namespace

Witness make_witness(const Model& model, const Operations& operations, const SearchResult& result,
                     const SearchOptions& options) {
  const SearchProblem whole = whole_problem(model, operations);
  std::size_t cut = kNever;
  SearchProblem part = smallest(window(whole, result, options, kWindow, cut), result, options);
  if (part.items.size() > kReadable) {
    std::size_t near_cut = kNever;
    SearchProblem near =
        smallest(window(whole, result, options, kNearWindow, near_cut), result, options);
    if (near.items.size() < part.items.size()) {
      part = std::move(near);
      cut = near_cut;
    }
  }

  Witness witness;
  witness.key = operations[result.failed].key;
  witness.start = model.describe(part.start);
  witness.start_line = cut == kNever ? 0 : line_of_return(operations, cut);
  witness.shortest = result.shortest;
  witness.prefix = static_cast<std::size_t>(std::count_if(
      operations.begin(), operations.end(),
      [&](const Operation& operation) { return operation.invoked < result.failed_at; }));
  for (const SearchItem& item : part.items) {
    if (item.op == result.failed) {
      witness.failed = witness.operations.size();
    }
    const Operation& operation = operations[item.op];
    witness.operations.push_back(
        {operation, model.describe(item.op), operation.known() && !item.known()});
  }
  const SearchResult again = search(part, options);
  witness.ends_all = again.last.size();
  for (const Standing& standing : again.last) {
    if (witness.ends.size() < kEndsShown) {
      witness.ends.push_back(end_of(standing, part, result.failed_at));
    }
  }
  return witness;
}

}  // namespace linearizability
