#include "properties/linearizability/wgl.h"

#include <algorithm>

#include "properties/linearizability/search_run.h"

namespace linearizability {
namespace {

constexpr std::size_t kFirstConfigurations = 512;
constexpr std::size_t kWidening = 16;
// For one operation of one configuration, per configuration that may be kept.
constexpr std::size_t kExplainSteps = 16;

RunLimits limits_for(std::size_t configurations, const SearchOptions& options) {
  return {configurations, configurations * kExplainSteps, options.work};
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
  for (std::size_t width = kFirstConfigurations;; width *= kWidening) {
    const std::size_t configurations = std::min(width, options.configurations);
    SearchRun run(problem, limits_for(configurations, options));
    SearchResult result = run.result(run.run(kNever));
    if (result.verdict != Verdict::undecided || configurations == options.configurations) {
      return result;
    }
  }
}

SearchProblem rest_behind(const SearchProblem& problem, std::size_t place,
                          const SearchOptions& options) {
  SearchRun run(problem, limits_for(options.configurations, options));
  run.run(place);
  return run.rest(place);
}

}  // namespace linearizability
