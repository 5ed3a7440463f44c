// S1 on a paper ledger.
#include "tests/properties/stage.h"

namespace properties {
namespace {

TEST(Oversell, HoldsWhenTheLastTicketIsRefused) {
  Stage stage;
  stage.buy();
  stage.apply({lottery::Hold{"bob", "h2", "d", "s", 2, 3}});  // one is left
  stage.finish();
  EXPECT_EQ(stage.failures(), "");
  EXPECT_GT(stage.oracle.property("S1").checks(), 5u);
}

TEST(Oversell, SeesAHoldThatTheRulesRefuse) {
  Stage stage;
  stage.open_and_hold();
  stage.apply({lottery::Hold{"bob", "h2", "d", "s", 2, 3}}, 1'000'000, [](Stage& s, auto& replies) {
    s.books.run("UPDATE accounts SET credits_pending=4 WHERE id='SOLD[d,s]'");
    s.books.run("UPDATE accounts SET debits_pending=4 WHERE id='STOCK[d,s]'");
    s.books.run("INSERT INTO purchases VALUES('p3.0','bob','d','s',2,400,'HELD',0,1)");
    s.books.run("INSERT INTO transfers VALUES('hold:p3.0','STOCK[d,s]','SOLD[d,s]',2,'pending')");
    replies[0] = {201, "{}"};
  });
  EXPECT_TRUE(stage.violates("S1")) << stage.failures();
  EXPECT_TRUE(stage.violates("S6"));
  EXPECT_TRUE(stage.violates("S5"));
  EXPECT_TRUE(stage.violates("S7"));
  // What follows is judged too, whatever the ledger makes of its extra purchase.
  stage.apply({lottery::Pay{"bob", "y2", "p3.0", "card"}});
  stage.bank_captures("charge-p3.0-1", "p3.0");
  EXPECT_FALSE(stage.violates("S3")) << stage.failures();
  stage.finish();
}

TEST(Oversell, SeesItInTheFinalBooks) {
  Stage stage;
  stage.buy();
  stage.books.run("UPDATE accounts SET credits_posted=4 WHERE id='SOLD[d,s]'");
  stage.finish();
  EXPECT_TRUE(stage.violates("S1"));
}

}  // namespace
}  // namespace properties
