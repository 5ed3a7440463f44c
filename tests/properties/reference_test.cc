// The log, the bank and the intents as the properties see them.
#include "tests/properties/stage.h"

namespace properties {
namespace {

TEST(Reference, TallyCountsWhatHappened) {
  Stage stage;
  stage.buy();
  stage.emit(lottery::UserIntent{"bob", "i2", "h2", 1});
  stage.apply({lottery::Hold{"bob", "h2", "d", "s", 1, 1}});
  stage.emit(lottery::BankDeclined{"charge-p5.0-1", "p5.0"});
  const Tally tally = stage.oracle.tally();
  EXPECT_EQ(tally.purchases_by_state,
            (std::map<std::string, std::int64_t>{{"CONFIRMED", 1}, {"HELD", 1}}));
  EXPECT_EQ(tally.charges, 1);
  EXPECT_EQ(tally.refunds, 0);
  EXPECT_EQ(tally.declines, 1);
  EXPECT_EQ(tally.tickets_sold, 2);
  EXPECT_EQ(tally.intents, 2);
  EXPECT_EQ(tally.intents_satisfied, 1);
  EXPECT_EQ(stage.oracle.purchases_in(PurchaseState::confirmed), 1u);
}

TEST(Reference, FoldsWhenTheBooksGetThere) {
  Stage stage;
  stage.open_and_hold();
  stage.commit({lottery::Pay{"ann", "y1", "p2.0", "card"}});
  const Reference& reference = stage.oracle.reference();
  EXPECT_EQ(reference.committed_index(), 3);
  EXPECT_EQ(reference.applied_index(), 2);
  EXPECT_EQ(reference.state().purchase("p2.0")->state, PurchaseState::held);
  stage.emit(lottery::EntryApplied{3, stage.write(), &stage.books});
  EXPECT_EQ(reference.state().purchase("p2.0")->state, PurchaseState::charging);
}

TEST(Reference, FindsTheHoldOfARefusedPurchase) {
  Stage stage;
  stage.open_and_hold();
  stage.apply({lottery::Hold{"bob", "h2", "d", "s", 2, 3}});
  const Reference& reference = stage.oracle.reference();
  EXPECT_EQ(reference.state().purchase("p3.0"), nullptr);
  ASSERT_NE(reference.hold_of("p3.0"), nullptr);
  EXPECT_EQ(reference.hold_of("p3.0")->user, "bob");
  EXPECT_EQ(reference.hold_of("p03.0"), nullptr);
  EXPECT_EQ(reference.hold_of("p1.0"), nullptr);
}

TEST(Reference, APayloadThatDoesNotDecodeIsABreach) {
  Stage stage;
  stage.open_and_hold();
  stage.emit(lottery::EntryCommitted{3, "{"});
  EXPECT_TRUE(stage.violates("S9"));
  stage.emit(lottery::EntryApplied{3, {}, &stage.books});
  stage.finish(false);
}

}  // namespace
}  // namespace properties
