// S5 on a paper ledger.
#include "tests/properties/stage.h"

namespace properties {
namespace {

TEST(Conservation, HoldsThroughAPurchaseAndARestart) {
  Stage stage;
  stage.buy();
  stage.emit(lottery::LedgerRecovered{stage.rules_index, &stage.books});
  stage.finish();
  EXPECT_EQ(stage.failures(), "");
  EXPECT_GT(stage.oracle.property("S5").checks(), 50u);
}

TEST(Conservation, HoldsWhenACrashHidTheEffectsOfAnEntry) {
  Stage stage;
  stage.open_and_hold();
  stage.commit({lottery::Pay{"ann", "y1", "p2.0", "card"}});
  stage.write();  // the books are durable, the event was never sent
  stage.emit(lottery::LedgerRecovered{3, &stage.books});
  stage.finish(false);
  EXPECT_EQ(stage.failures(), "");
}

TEST(Conservation, HoldsWhenTheUniverseEndsThere) {
  Stage stage;
  stage.open_and_hold();
  stage.commit({lottery::Pay{"ann", "y1", "p2.0", "card"}});
  stage.write();
  stage.finish(false);
  EXPECT_EQ(stage.failures(), "");
}

TEST(Conservation, SeesEffectsWithoutTheirIndex) {
  Stage stage;
  stage.open_and_hold();
  stage.commit({lottery::Pay{"ann", "y1", "p2.0", "card"}});
  stage.write();
  stage.emit(lottery::LedgerRecovered{2, &stage.books});  // they say: entry 3 is not in
  EXPECT_TRUE(stage.violates("S5"));
}

TEST(Conservation, SeesAWrongAmount) {
  Stage stage;
  stage.open_and_hold();
  stage.pay();
  stage.bank_captures();
  stage.apply({lottery::RecordCharge{"p2.0", "charge-p2.0-1", "captured"}}, 1, [](Stage& s, auto&) {
    s.books.run("UPDATE accounts SET credits_posted=credits_posted+1 WHERE id='HOUSE'");
  });
  EXPECT_TRUE(stage.violates("S5"));
  EXPECT_NE(stage.failures().find("out of balance"), std::string::npos) << stage.failures();
}

TEST(Conservation, SeesPostedSumsShrink) {
  Stage stage;
  stage.buy();
  stage.apply({lottery::Hold{"bob", "h2", "d", "s", 1, 1}}, 1, [](Stage& s, auto&) {
    s.books.run("UPDATE accounts SET credits_posted=1 WHERE id='SOLD[d,s]'");
  });
  EXPECT_NE(stage.failures().find("shrank"), std::string::npos) << stage.failures();
}

TEST(Conservation, SeesBooksThatWentBackAndGoesOn) {
  Stage stage;
  stage.open_and_hold();
  stage.emit(lottery::LedgerRecovered{1, &stage.books});
  EXPECT_TRUE(stage.violates("S5"));
  EXPECT_EQ(stage.oracle.reference().applied_index(), 1);
  EXPECT_TRUE(stage.oracle.reference().state().purchases().empty());
}

TEST(Conservation, SeesATransferNobodyOrdered) {
  Stage stage;
  stage.buy();
  stage.books.run("INSERT INTO transfers VALUES('x','HOUSE','SETTLED',1,'posted')");
  stage.finish();
  EXPECT_TRUE(stage.violates("S5"));
}

TEST(Conservation, BooksThatCannotBeReadProveNothing) {
  Stage stage;
  stage.open_and_hold();
  stage.apply({lottery::Pay{"ann", "y1", "p2.0", "card"}}, 1, [](Stage& s, auto&) {
    s.books.execute("ALTER TABLE accounts RENAME TO away; ALTER TABLE purchases RENAME TO gone");
  });
  stage.books.execute("ALTER TABLE away RENAME TO accounts; ALTER TABLE gone RENAME TO purchases");
  stage.bank_captures();
  stage.apply({lottery::RecordCharge{"p2.0", "charge-p2.0-1", "captured"}});
  stage.settle_all();
  stage.finish();
  EXPECT_EQ(stage.failures(), "");
  EXPECT_EQ(stage.oracle.unreadable(), 1u);
}

}  // namespace
}  // namespace properties
