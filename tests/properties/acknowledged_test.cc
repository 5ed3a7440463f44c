// S9 on a paper ledger.
#include "tests/properties/stage.h"

namespace properties {
namespace {

TEST(Acknowledged, HoldsThroughRestartsThatRepeatEntries) {
  Stage stage;
  stage.open_and_hold();
  stage.commit({lottery::Pay{"ann", "y1", "p2.0", "card"}});
  stage.emit(lottery::LedgerRecovered{2, &stage.books});
  stage.emit(lottery::EntryCommitted{3, lottery::encode_entry(stage.entry)});
  stage.emit(lottery::EntryApplied{3, stage.write(), &stage.books});
  stage.emit(lottery::ClientReplied{"ann", "hold", "h1", 201,
                                    stage.rules.key_row("ann", "h1")->reply.body});
  stage.log[4] = "power was cut before its event";
  stage.finish(false);
  EXPECT_EQ(stage.failures(), "");
}

TEST(Acknowledged, AnEntryThatChanged) {
  Stage stage;
  stage.open_and_hold();
  lottery::Entry other = stage.entry;
  other.commands = {lottery::ExpireHolds{}};
  stage.emit(lottery::EntryCommitted{2, lottery::encode_entry(other)});
  EXPECT_TRUE(stage.violates("S9"));
}

TEST(Acknowledged, AReplyToACommandThatNeverCommitted) {
  Stage stage;
  stage.open_and_hold();
  stage.emit(lottery::ClientReplied{"bob", "hold", "h9", 503, ""});
  stage.emit(lottery::ClientReplied{"bob", "hold", "h9", 400, ""});
  EXPECT_FALSE(stage.violates("S9"));
  stage.emit(lottery::ClientReplied{"bob", "hold", "h9", 201, "{}"});
  EXPECT_TRUE(stage.violates("S9"));
}

TEST(Acknowledged, AFinalLogThatIsShorter) {
  Stage stage;
  stage.buy();
  stage.log.erase(std::prev(stage.log.end()));
  stage.finish();
  EXPECT_TRUE(stage.violates("S9"));
}

TEST(Acknowledged, AFinalLogWithOtherBytes) {
  Stage stage;
  stage.buy();
  stage.log[2] = "{}";
  stage.finish();
  EXPECT_TRUE(stage.violates("S9"));
}

TEST(Acknowledged, BooksAheadOfTheLog) {
  Stage stage;
  stage.open_and_hold();
  stage.emit(lottery::LedgerRecovered{3, &stage.books});
  EXPECT_TRUE(stage.violates("S9"));
}

}  // namespace
}  // namespace properties
