// S14 on a paper ledger whose replies a test may bend.
#include <gtest/gtest.h>

#include "tests/properties/stage.h"

namespace properties {
namespace {

class LockDisciplineTest : public testing::Test {
 protected:
  // What the ledger says instead of what the rules say.
  void apply_answering(lottery::Command command, std::int64_t status, std::string body,
                       std::int64_t after_us = 1000) {
    stage.apply({std::move(command)}, after_us, [&](Stage&, auto& replies) {
      replies[0] = {status, std::move(body)};
    });
  }
  std::int64_t acquire(const std::string& owner, std::int64_t after_us = 1000) {
    const auto replies = stage.apply({lottery::AcquireLock{owner, "r", 1'000'000}}, after_us);
    return replies[0].status == 200 ? rpc::decode<lottery::LockView>(replies[0].body).token : 0;
  }
  std::string view(const std::string& owner, std::int64_t token) {
    return rpc::encode(lottery::LockView{"r", owner, token, 1});
  }
  bool holds() const { return !stage.violates("S14"); }

  Stage stage;
};

TEST_F(LockDisciplineTest, HoldsThroughTakeoverAndPlans) {
  const std::int64_t first = acquire("a");
  stage.apply({lottery::PutPlan{"r", first, 1, "x"}}, 1000);
  stage.apply({lottery::PutPlan{"r", first, 1, "x"}}, 1000);  // its reply was lost
  stage.apply({lottery::RenewLock{"a", "r", first}}, 1000);
  EXPECT_EQ(acquire("b"), 0);
  const std::int64_t second = acquire("b", 2'000'000);
  EXPECT_GT(second, first);
  stage.apply({lottery::PutPlan{"r", second, 2, "y"}}, 1000);
  stage.apply({lottery::ReleaseLock{"b", "r", second}}, 1000);
  EXPECT_GT(acquire("a"), second);
  EXPECT_TRUE(holds()) << stage.failures();
  EXPECT_GT(stage.oracle.property("S14").checks(), 8u);
}

TEST_F(LockDisciplineTest, TwoHolders) {
  const std::int64_t first = acquire("a");
  apply_answering(lottery::AcquireLock{"b", "r", 1}, 200, view("b", first + 1));
  EXPECT_FALSE(holds());
}

TEST_F(LockDisciplineTest, ATokenThatDoesNotGrow) {
  const std::int64_t first = acquire("a");
  apply_answering(lottery::AcquireLock{"b", "r", 1}, 200, view("b", first), 2'000'000);
  EXPECT_FALSE(holds());
}

TEST_F(LockDisciplineTest, APlanUnderATokenThatWasTakenOver) {
  const std::int64_t first = acquire("a");
  acquire("b", 2'000'000);
  EXPECT_TRUE(holds());
  apply_answering(lottery::PutPlan{"r", first, 1, "x"}, 200, "{}");
  EXPECT_FALSE(holds());
}

TEST_F(LockDisciplineTest, APlanAfterTheLeaseEnded) {
  const std::int64_t first = acquire("a");
  apply_answering(lottery::PutPlan{"r", first, 1, "x"}, 200, "{}", 2'000'000);
  EXPECT_FALSE(holds());
}

TEST_F(LockDisciplineTest, APlanThatGoesBack) {
  const std::int64_t first = acquire("a");
  stage.apply({lottery::PutPlan{"r", first, 5, "x"}}, 1000);
  EXPECT_TRUE(holds());
  apply_answering(lottery::PutPlan{"r", first, 4, "y"}, 200, "{}");
  EXPECT_FALSE(holds());
}

TEST_F(LockDisciplineTest, ALeaseRenewedAfterItsEnd) {
  const std::int64_t first = acquire("a");
  apply_answering(lottery::RenewLock{"a", "r", first}, 200, view("a", first), 2'000'000);
  EXPECT_FALSE(holds());
}

TEST_F(LockDisciplineTest, ALockReleasedBySomebodyElse) {
  const std::int64_t first = acquire("a");
  apply_answering(lottery::ReleaseLock{"b", "r", first}, 200, view("b", first));
  EXPECT_FALSE(holds());
}

}  // namespace
}  // namespace properties
