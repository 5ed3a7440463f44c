// S3 on a paper ledger: counted per intent, by the bank.
#include "tests/properties/stage.h"

namespace properties {
namespace {

TEST(DoubleCharge, OneCaptureOfThePriceIsFine) {
  Stage stage;
  stage.buy();
  stage.finish();
  EXPECT_EQ(stage.failures(), "");
  EXPECT_EQ(stage.oracle.property("S3").checks(), 1u);
}

TEST(DoubleCharge, TheSameRowSaidTwiceIsOneCapture) {
  Stage stage;
  stage.open_and_hold();
  stage.pay();
  stage.bank_captures();
  stage.emit(lottery::BankMoved{1, "charge", "charge-p2.0-1", "p2.0", 400});
  EXPECT_FALSE(stage.violates("S3")) << stage.failures();
}

TEST(DoubleCharge, TwoKeysForOnePurchase) {
  Stage stage;
  stage.open_and_hold();
  stage.pay();
  stage.bank_captures("charge-p2.0-1-try1");
  EXPECT_FALSE(stage.violates("S3"));
  stage.bank_captures("charge-p2.0-1-try2");
  EXPECT_TRUE(stage.violates("S3"));
}

TEST(DoubleCharge, TwoPurchasesOfOneIntentEvenWhenOneIsRefunded) {
  Stage stage;
  stage.apply({lottery::OpenDraw{"d", "s", 9, 200, 1'000'000'000, 60'000'000}});
  stage.emit(lottery::UserIntent{"ann", "i1", "h1", 2});
  stage.apply({lottery::Hold{"ann", "h1", "d", "s", 2, 9}});
  stage.emit(lottery::UserIntent{"ann", "i1", "h1-again", 2});
  stage.apply({lottery::Hold{"ann", "h1-again", "d", "s", 2, 7}});
  stage.bank_captures("charge-p2.0-1", "p2.0");
  stage.emit(lottery::BankMoved{++stage.bank_sequence, "refund", "refund-p2.0", "p2.0", 400});
  EXPECT_FALSE(stage.violates("S3"));
  stage.bank_captures("charge-p3.0-1", "p3.0");
  EXPECT_TRUE(stage.violates("S3"));
  EXPECT_NE(stage.failures().find("p2.0, p3.0"), std::string::npos) << stage.failures();
}

TEST(DoubleCharge, TwoIntentsMayEachBePaid) {
  Stage stage;
  stage.apply({lottery::OpenDraw{"d", "s", 9, 200, 1'000'000'000, 60'000'000}});
  for (const std::string n : {"1", "2"}) {
    stage.emit(lottery::UserIntent{"ann", "i" + n, "h" + n, 1});
    stage.apply({lottery::Hold{"ann", "h" + n, "d", "s", 1, 9}});
  }
  stage.bank_captures("charge-p2.0-1", "p2.0", 200);
  stage.bank_captures("charge-p3.0-1", "p3.0", 200);
  EXPECT_FALSE(stage.violates("S3")) << stage.failures();
}

TEST(DoubleCharge, ACaptureThatNobodyAskedFor) {
  Stage stage;
  stage.open_and_hold();
  stage.bank_captures("charge-p7.0-1", "p7.0");
  EXPECT_TRUE(stage.violates("S3"));
}

}  // namespace
}  // namespace properties
