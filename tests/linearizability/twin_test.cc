// The search, with all it leaves out, against every order of small histories.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "properties/linearizability/check.h"
#include "properties/linearizability/search_run.h"
#include "simnet/random.h"
#include "tests/linearizability/brute_force.h"
#include "tests/linearizability/draw.h"

namespace linearizability_test {
namespace {

using linearizability::ModelKind;
using linearizability::ModelOptions;
using linearizability::Operations;
using linearizability::Verdict;

bool linearizable(const ModelOptions& options, const Operations& operations) {
  const auto model = linearizability::make_model(options, operations, "test");
  const auto result = linearizability::search(whole_problem(*model, operations), {});
  EXPECT_NE(result.verdict, Verdict::undecided) << to_string(operations);
  return result.verdict == Verdict::linearizable;
}

struct Case {
  const char* name;
  ModelKind kind;
  bool allow_negative;
};

class Twin : public testing::TestWithParam<Case> {};

Draw draw_from(simnet::Random& random) {
  const auto below = [&](std::uint64_t n) { return static_cast<int>(random.below(n)); };
  Draw draw;
  draw.f = below(8);
  draw.a = below(6);
  draw.b = below(6);
  draw.answer = below(12);
  draw.begin = below(12);
  draw.length = below(8);
  draw.unknown = below(10) < 3;
  return draw;
}

TEST_P(Twin, AgreesOnSeededHistories) {
  const ModelOptions options = options_of(GetParam().kind, GetParam().allow_negative);
  int accepted = 0;
  constexpr int kHistories = 20'000;
  for (int i = 0; i < kHistories; ++i) {
    simnet::Random random(simnet::StreamKey(11).child(static_cast<std::uint64_t>(i)));
    std::vector<Draw> draws(1 + random.below(8));
    for (Draw& draw : draws) {
      draw = draw_from(random);
    }
    const Operations operations = operations_of(options.kind, draws);
    const bool expected = brute_force(options, operations);
    accepted += expected ? 1 : 0;
    ASSERT_EQ(linearizable(options, operations), expected) << i << "\n" << to_string(operations);
  }
  // Both answers are common, or the comparison would be worth little.
  EXPECT_GT(accepted, kHistories / 20);
  EXPECT_LT(accepted, kHistories * 19 / 20);
}

TEST_P(Twin, AgreesOnDrawnHistories) {
  const ModelOptions options = options_of(GetParam().kind, GetParam().allow_negative);
  const auto small = [](int n) { return rc::gen::inRange(0, n); };
  const auto draw = rc::gen::build<Draw>(
      rc::gen::set(&Draw::f, small(8)), rc::gen::set(&Draw::a, small(6)),
      rc::gen::set(&Draw::b, small(6)), rc::gen::set(&Draw::answer, small(12)),
      rc::gen::set(&Draw::begin, small(12)), rc::gen::set(&Draw::length, small(8)),
      rc::gen::set(&Draw::unknown, rc::gen::map(small(10), [](int n) { return n > 6; })));
  EXPECT_TRUE(rc::check([&] {
    std::vector<Draw> draws =
        *rc::gen::container<std::vector<Draw>>(*rc::gen::inRange<std::size_t>(0, 8), draw);
    // Each one in turn known and unknown: neighbours in which the answers tend to differ.
    for (Draw& one : draws) {
      one.unknown = !one.unknown;
      const Operations operations = operations_of(options.kind, draws);
      if (linearizable(options, operations) != brute_force(options, operations)) {
        RC_FAIL(to_string(operations));
      }
    }
  }));
}

// A search that drops configurations may accept, and one that permits too much may refuse:
// then they are right.
TEST_P(Twin, LimitedSearchesAreRightWhenTheySpeak) {
  const linearizability::RunLimits narrow{8, 1, 40, 1, 100'000, false, false};
  const linearizability::RunLimits permissive{4096, 64, 100'000, 4096, 1'000'000, true, false};
  const ModelOptions options = options_of(GetParam().kind, GetParam().allow_negative);
  int accepted = 0;
  int refused = 0;
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    simnet::Random random(simnet::StreamKey(13).child(i));
    std::vector<Draw> draws(2 + random.below(7));
    for (Draw& draw : draws) {
      draw = draw_from(random);
      draw.unknown = random.ratio(1, 2);
    }
    const Operations operations = operations_of(options.kind, draws);
    const bool expected = brute_force(options, operations);
    const auto model = linearizability::make_model(options, operations, "test");
    const auto problem = whole_problem(*model, operations);
    linearizability::SearchRun first(problem, narrow);
    linearizability::SearchRun second(problem, permissive);
    const Verdict narrow_verdict = first.result(first.run(linearizability::kNever)).verdict;
    const Verdict permissive_verdict = second.result(second.run(linearizability::kNever)).verdict;
    if (narrow_verdict == Verdict::linearizable) {
      ++accepted;
      ASSERT_TRUE(expected) << i << "\n" << to_string(operations);
    }
    if (narrow_verdict == Verdict::not_linearizable ||
        permissive_verdict == Verdict::not_linearizable) {
      ++refused;
      ASSERT_FALSE(expected) << i << "\n" << to_string(operations);
    }
  }
  EXPECT_GT(accepted, 250);
  EXPECT_GT(refused, 250);
}

// What a witness shows is a part of the history that is wrong by itself.
TEST_P(Twin, WitnessesAreWrong) {
  const ModelOptions options = options_of(GetParam().kind, GetParam().allow_negative);
  int seen = 0;
  for (std::uint64_t i = 0; i < 3'000; ++i) {
    simnet::Random random(simnet::StreamKey(12).child(i));
    std::vector<Draw> draws(2 + random.below(7));
    for (Draw& draw : draws) {
      draw = draw_from(random);
    }
    const Operations operations = operations_of(options.kind, draws);
    const auto report = linearizability::check({"test", operations, 0}, options, {});
    ASSERT_EQ(report.witness.has_value(), report.verdict == Verdict::not_linearizable);
    if (report.witness) {
      Operations shown;
      for (const auto& one : report.witness->operations) {
        shown.push_back(one.operation);
      }
      ASSERT_FALSE(brute_force(options, shown)) << to_string(operations) << "\n"
                                                << to_text(*report.witness);
      ASSERT_TRUE(report.witness->operations[report.witness->failed].operation.known());
      ++seen;
    }
  }
  EXPECT_GT(seen, 100);
}

INSTANTIATE_TEST_SUITE_P(Models, Twin,
                         testing::Values(Case{"Register", ModelKind::register_, false},
                                         Case{"Stock", ModelKind::stock, false},
                                         Case{"Lock", ModelKind::lock, false},
                                         Case{"Bank", ModelKind::bank, false},
                                         Case{"BankBelowZero", ModelKind::bank, true}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace linearizability_test
