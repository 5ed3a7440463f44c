// Two planners: one plans, and one that was paused past its lease plans no more.
#include "system/lottery/planner.h"

#include <gtest/gtest.h>

#include <set>

#include "system/lottery/ledger_node.h"
#include "tests/lottery/services_world.h"

namespace lottery_test {
namespace {

class PlannerTest : public testing::Test {
 protected:
  PlannerTest() {
    world.add("ledger", [](env::Env& env) { return LedgerNode::start(env, {{opening()}}); });
    for (const char* name : {"planner-1", "planner-2"}) {
      world.add(name, [](env::Env& env) { return Planner::start(env, {{{1, "ledger", false}}}); });
    }
  }

  PlanView plan() {
    const LedgerAnswer reply = world.query({"plan", "capacity", "", std::string(kLinear), 0});
    return reply.status == 200 ? rpc::decode<PlanView>(reply.body) : PlanView{};
  }
  // Who took the lock last.
  std::string holder() {
    std::string owner;
    for (const EntryCommitted& entry : world.committed) {
      for (const Command& command : commands_of(entry)) {
        if (const auto* renewed = std::get_if<RenewLock>(&command)) {
          owner = renewed->owner;
        }
      }
    }
    return owner;
  }

  ServicesWorld world;
};

TEST_F(PlannerTest, OneOfThemPlansAgainAndAgain) {
  world.run_for(seconds(10));
  const PlanView first = plan();
  ASSERT_GT(first.generation, 0);
  world.run_for(seconds(10));
  const PlanView later = plan();
  EXPECT_GT(later.generation, first.generation);
  EXPECT_EQ(later.token, first.token);
}

TEST_F(PlannerTest, TheOtherTakesOverFromOneThatIsPaused) {
  world.run_for(seconds(10));
  const PlanView before = plan();
  const std::string first = holder();
  world.host(first).pause();
  world.run_for(seconds(20));
  const PlanView after = plan();
  EXPECT_NE(holder(), first);
  EXPECT_GT(after.token, before.token);
  EXPECT_GT(after.generation, before.generation);
  world.host(first).resume();
  world.run_for(seconds(10));
  EXPECT_GE(plan().token, after.token);
  EXPECT_GT(plan().generation, after.generation);
}

}  // namespace
}  // namespace lottery_test
