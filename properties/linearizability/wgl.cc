#include "properties/linearizability/wgl.h"

#include <algorithm>

#include "properties/linearizability/search_run.h"

namespace linearizability {
namespace {

// An exact one: most histories never have more configurations.
RunLimits small(const SearchOptions& options) {
  return {std::min<std::size_t>(options.configurations, 4096),
          1024,
          16'384,
          1024,
          options.work / 16,
          false,
          true};
}

// A narrow search, which accepts most of what is to be accepted.
RunLimits narrow(const SearchOptions& options) {
  return {std::min<std::size_t>(options.configurations, 4096),
          4,
          2'000,
          8,
          options.work / 4,
          false,
          false};
}

// Permits too much, but has few configurations: it refuses most of what is to be refused.
RunLimits permissive(const SearchOptions& options) {
  return {std::min<std::size_t>(options.configurations, 65'536),
          64,
          100'000,
          4096,
          options.work / 4,
          true,
          false};
}

RunLimits wide(const SearchOptions& options) {
  return {options.configurations,
          4096,
          options.configurations * 16,
          options.configurations,
          options.work,
          false,
          false};
}

}  // namespace

SearchProblem whole_problem(const Model& model, const Operations& operations) {
  SearchProblem problem{&model, model.initial(), {}};
  for (std::size_t i = 0; i < operations.size(); ++i) {
    problem.items.push_back({static_cast<OpId>(i), operations[i].invoked, operations[i].returned});
  }
  return problem;
}

SearchResult search(const SearchProblem& problem, const SearchOptions& options) {
  SearchRun small_run(problem, small(options));
  SearchResult result = small_run.result(small_run.run(kNever));
  if (result.verdict != Verdict::undecided || options.small_only) {
    return result;
  }
  SearchRun narrow_run(problem, narrow(options));
  result = narrow_run.result(narrow_run.run(kNever));
  if (result.verdict != Verdict::undecided) {
    return result;
  }
  // A refusal of the permissive search is right, but may come late: the narrow search's
  // place is not, and so both give way to the wide search if that comes to an end.
  SearchRun permissive_run(problem, permissive(options));
  const bool survived = permissive_run.run(kNever);
  SearchResult permitted = permissive_run.result(survived);
  const bool refused = !survived && permitted.verdict == Verdict::not_linearizable;
  SearchOptions rest = options;
  rest.work /= refused ? 16 : 1;
  SearchRun wide_run(problem, wide(rest));
  result = wide_run.result(wide_run.run(kNever));
  if (refused && result.verdict == Verdict::undecided) {
    permitted.configurations_max =
        std::max(permitted.configurations_max, result.configurations_max);
    permitted.cuts.clear();  // of another problem
    permitted.shortest = false;
    return permitted;
  }
  return result;
}

SearchProblem rest_behind(const SearchProblem& problem, const SearchCut& cut,
                          const SearchOptions& options) {
  SearchRun run(problem, wide(options));
  run.run(cut.place);
  return run.rest(cut.place);
}

}  // namespace linearizability
