// Every invariant on small universes drawn at random: another scenario, seed and plan each.
#include <algorithm>

#include "properties/universe.h"
#include "tests/properties/searched.h"

namespace properties {
namespace {

constexpr int kCasesEach = 5;
constexpr int kCasesOfAll = 15;

Report run(const Case& one) {
  Universe universe(one.scenario, one.seed, one.plan, draw_workload(one.scenario, one.seed));
  return universe.run({});
}

void expect_holds(const PropertyResult& result) {
  for (const Violation& violation : result.violations) {
    RC_FAIL(violation.property + ": " + violation.what);
  }
}

void holds_in_any_universe(const char* id) {
  std::uint64_t checks = 0;
  expect_of_any(kCasesEach, [&] {
    const Report report = run(*any_case());
    const auto found = std::ranges::find(report.properties, id, &PropertyResult::id);
    RC_ASSERT(found != report.properties.end());
    expect_holds(*found);
    checks += found->checks;
  });
  EXPECT_GT(checks, 0u);
}

TEST(GeneratedUniverse, NeverOversells) { holds_in_any_universe("S1"); }
TEST(GeneratedUniverse, NeverChargesAnIntentTwice) { holds_in_any_universe("S3"); }
TEST(GeneratedUniverse, ConfirmsExactlyWhatIsPaid) { holds_in_any_universe("S4"); }
TEST(GeneratedUniverse, KeepsItsBooksInBalance) { holds_in_any_universe("S5"); }
TEST(GeneratedUniverse, NeverOverdraws) { holds_in_any_universe("S6"); }
TEST(GeneratedUniverse, HasOneReplyPerKey) { holds_in_any_universe("S7"); }
TEST(GeneratedUniverse, ReadsAsFreshAsAsked) { holds_in_any_universe("S8"); }
TEST(GeneratedUniverse, KeepsWhatItAcknowledged) { holds_in_any_universe("S9"); }
TEST(GeneratedUniverse, HasReplicasThatAgree) { holds_in_any_universe("S10"); }
TEST(GeneratedUniverse, HasOneHolderPerLock) { holds_in_any_universe("S14"); }
TEST(GeneratedUniverse, ConfirmsFromLiveHoldsOnly) { holds_in_any_universe("S15"); }
TEST(GeneratedUniverse, KeepsRaftsPromises) { holds_in_any_universe("S20"); }
TEST(GeneratedUniverse, NeverLosesASession) { holds_in_any_universe("S26"); }
TEST(GeneratedUniverse, EndsEveryPurchase) { holds_in_any_universe("L1"); }
TEST(GeneratedUniverse, GetsItsStockBack) { holds_in_any_universe("L2"); }
TEST(GeneratedUniverse, HasReplicasThatConverge) { holds_in_any_universe("L3"); }

TEST(GeneratedUniverse, HoldsAltogetherAndIsTheSameAgain) {
  expect_of_any(kCasesOfAll, [] {
    const Case one = *any_case();
    const Report report = run(one);
    for (const PropertyResult& result : report.properties) {
      expect_holds(result);
    }
    RC_ASSERT(report.aborts.empty());
    RC_ASSERT(report.fail_stops.empty());
    RC_ASSERT(report.verdict == Verdict::holds);
    RC_ASSERT(run(one).digest == report.digest);
  });
}

}  // namespace
}  // namespace properties
