// S15 on a paper ledger.
#include "tests/properties/stage.h"

namespace properties {
namespace {

TEST(HoldDiscipline, HoldsThroughDeclineAndExpiry) {
  Stage stage;
  stage.open_and_hold();
  stage.pay();
  stage.apply({lottery::ExpireHolds{}}, 90'000'000);  // far past the hold's time
  stage.apply({lottery::RecordCharge{"p2.0", "charge-p2.0-1", "declined"}});
  stage.apply({lottery::ExpireHolds{}}, 90'000'000);
  stage.finish();
  EXPECT_EQ(stage.failures(), "");
  EXPECT_GT(stage.oracle.property("S15").checks(), 5u);
}

TEST(HoldDiscipline, SeveralStepsInOneEntry) {
  Stage stage;
  stage.open_and_hold();
  stage.pay();
  stage.apply({lottery::RecordCharge{"p2.0", "charge-p2.0-1", "declined"},
               lottery::Cancel{"ann", "c1", "p2.0"}});  // CHARGING, HELD, EXPIRED
  stage.finish();
  EXPECT_EQ(stage.failures(), "");
}

TEST(HoldDiscipline, ExpiredWhileCharging) {
  Stage stage;
  stage.open_and_hold();
  stage.pay();
  stage.apply({lottery::ExpireHolds{}}, 90'000'000, [](Stage& s, auto& replies) {
    s.books.run("UPDATE purchases SET state='EXPIRED'");
    s.books.run("UPDATE transfers SET state='expired' WHERE id='hold:p2.0'");
    replies[0].body = R"({"expired":1})";
  });
  EXPECT_TRUE(stage.violates("S15"));
  EXPECT_NE(stage.failures().find("from CHARGING to EXPIRED"), std::string::npos)
      << stage.failures();
}

TEST(HoldDiscipline, ConfirmedOnAHoldThatWasGone) {
  Stage stage;
  stage.open_and_hold();
  stage.pay();
  stage.bank_captures();
  stage.apply({lottery::RecordCharge{"p2.0", "charge-p2.0-1", "captured"}}, 1, [](Stage& s, auto&) {
    s.books.run("UPDATE transfers SET state='expired' WHERE id='hold:p2.0'");
  });
  EXPECT_TRUE(stage.violates("S15"));
}

TEST(HoldDiscipline, BackFromTheDead) {
  Stage stage;
  stage.open_and_hold();
  stage.apply({lottery::Cancel{"ann", "c1", "p2.0"}});
  stage.apply({lottery::Pay{"ann", "y1", "p2.0", "card"}}, 1,
              [](Stage& s, auto&) { s.books.run("UPDATE purchases SET state='CHARGING'"); });
  EXPECT_TRUE(stage.violates("S15"));
}

}  // namespace
}  // namespace properties
