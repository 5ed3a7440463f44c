// S4 on a paper ledger.
#include "tests/properties/stage.h"

namespace properties {
namespace {

TEST(SettlementOfPurchases, HoldsForConfirmedAndRefunded) {
  Stage stage;
  stage.open_and_hold();
  stage.pay();
  stage.apply({lottery::Cancel{"ann", "c1", "p2.0"}});
  stage.bank_captures();
  stage.apply({lottery::RecordCharge{"p2.0", "charge-p2.0-1", "captured"}});
  stage.emit(lottery::BankMoved{2, "refund", "refund-p2.0", "p2.0", 400});
  stage.apply({lottery::RecordRefund{"p2.0", "refund-p2.0"}});
  stage.apply({lottery::RecordSettlement{1, "charge", "charge-p2.0-1", "p2.0", 400},
               lottery::RecordSettlement{2, "refund", "refund-p2.0", "p2.0", 400}});
  stage.finish();
  EXPECT_EQ(stage.failures(), "");
}

TEST(SettlementOfPurchases, ConfirmedWithoutMoney) {
  Stage stage;
  stage.open_and_hold();
  stage.pay();
  stage.apply({lottery::RecordCharge{"p2.0", "charge-p2.0-1", "captured"}});
  EXPECT_TRUE(stage.violates("S4"));
}

TEST(SettlementOfPurchases, FailedButCaptured) {
  Stage stage;
  stage.open_and_hold();
  stage.apply({lottery::Cancel{"ann", "c1", "p2.0"}});
  stage.bank_captures();
  EXPECT_FALSE(stage.violates("S4"));
  stage.finish(false);
  EXPECT_TRUE(stage.violates("S4"));
}

TEST(SettlementOfPurchases, ConfirmedWithoutTickets) {
  Stage stage;
  stage.buy();
  stage.books.run("DELETE FROM tickets WHERE number=2");
  stage.finish();
  EXPECT_TRUE(stage.violates("S4"));
}

TEST(SettlementOfPurchases, MoneyForAPurchaseThatTheBooksForgot) {
  Stage stage;
  stage.buy();
  stage.books.run("DELETE FROM purchases");
  stage.finish(false);
  EXPECT_TRUE(stage.violates("S4"));
}

}  // namespace
}  // namespace properties
