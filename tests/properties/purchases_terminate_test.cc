// L1 on a paper ledger.
#include "tests/properties/stage.h"

namespace properties {
namespace {

TEST(PurchasesTerminate, HoldsWhenAllIsOver) {
  Stage stage;
  stage.buy();
  stage.finish();
  EXPECT_EQ(stage.failures(), "");
  EXPECT_GT(stage.oracle.property("L1").checks(), 0u);
}

TEST(PurchasesTerminate, IsNotAskedBeforeHealing) {
  Stage stage;
  stage.open_and_hold();
  stage.finish(false);
  EXPECT_EQ(stage.failures(), "");
  EXPECT_EQ(stage.oracle.property("L1").checks(), 0u);
  EXPECT_EQ(stage.oracle.property("L2").checks(), 0u);
}

TEST(PurchasesTerminate, SomebodyWaitsForEver) {
  Stage stage;
  stage.buy();
  stage.finish(true, "1 of 1 users are not finished");
  EXPECT_TRUE(stage.violates("L1"));
}

TEST(PurchasesTerminate, AChargeThatNeverEnded) {
  Stage stage;
  stage.open_and_hold();
  stage.pay();
  stage.finish();
  EXPECT_TRUE(stage.violates("L1"));
}

TEST(PurchasesTerminate, MoneyThatNeverSettled) {
  Stage stage;
  stage.open_and_hold();
  stage.pay();
  stage.bank_captures();
  stage.apply({lottery::RecordCharge{"p2.0", "charge-p2.0-1", "captured"}});
  stage.finish();
  EXPECT_TRUE(stage.violates("L1"));
  EXPECT_FALSE(stage.violates("L2")) << stage.failures();
}

}  // namespace
}  // namespace properties
