// L2 on a paper ledger.
#include "tests/properties/stage.h"

namespace properties {
namespace {

TEST(StockReturns, HoldsWhenAHoldExpired) {
  Stage stage;
  stage.open_and_hold();
  stage.apply({lottery::ExpireHolds{}}, 90'000'000);
  stage.finish();
  EXPECT_EQ(stage.failures(), "");
  EXPECT_EQ(stage.oracle.property("L2").checks(), 2u);
}

TEST(StockReturns, AHoldThatWasNeverReleased) {
  Stage stage;
  stage.open_and_hold();
  stage.finish();
  EXPECT_TRUE(stage.violates("L2"));
}

TEST(StockReturns, TicketsThatVanished) {
  Stage stage;
  stage.buy();
  stage.books.run("UPDATE accounts SET credits_posted=1 WHERE id='SOLD[d,s]'");
  stage.finish();
  EXPECT_TRUE(stage.violates("L2"));
}

}  // namespace
}  // namespace properties
