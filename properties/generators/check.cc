#include <algorithm>
#include <memory>
#include <sstream>
#include <utility>

#include "properties/generators/generators.h"

namespace properties {
namespace {

// The simpler cases of one case, as long as there may be more runs.
class SimplerCases {
 public:
  SimplerCases(const Case& from, std::shared_ptr<int> runs_left)
      : cases_(simpler(from)), runs_left_(std::move(runs_left)) {}

  rc::Maybe<Case> operator()() {
    if (next_ == cases_.size() || *runs_left_ == 0) {
      return rc::Nothing;
    }
    --*runs_left_;
    return cases_[next_++];
  }

 private:
  std::vector<Case> cases_;
  std::size_t next_ = 0;
  std::shared_ptr<int> runs_left_;
};

int in_proportion(int cases, int max_success) {
  constexpr int kMaxSuccessByDefault = 100;
  return std::max(1, cases * max_success / kMaxSuccessByDefault);
}

}  // namespace

rc::Gen<Case> any_case(int shrinks_max) {
  return [shrinks_max](const rc::Random& random, int) {
    auto runs_left = std::make_shared<int>(shrinks_max);
    return rc::shrinkable::shrinkRecur(
        draw_case(rc::Random(random).next()),
        [runs_left](const Case& from) { return rc::makeSeq<SimplerCases>(from, runs_left); });
  };
}

std::string failure_of(const Search& search, const std::function<void()>& property) {
  using namespace rc::detail;
  TestParams params = configuration().testParams;
  params.maxSuccess = in_proportion(search.cases, params.maxSuccess);
  params.seed = search.seed.value_or(params.seed);
  const TestResult result =
      checkProperty(toProperty(property), TestMetadata{search.name, search.name}, params);
  std::ostringstream text;
  if (!result.is<SuccessResult>()) {
    printResultMessage(result, text);
  }
  return text.str();
}

}  // namespace properties
