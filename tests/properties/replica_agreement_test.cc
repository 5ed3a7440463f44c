// S10 and L3 with a second replica beside the paper ledger.
#include <gtest/gtest.h>

#include "tests/properties/stage.h"

namespace properties {
namespace {

// Keeps the replies of each entry, and applies it again elsewhere.
class Second {
 public:
  explicit Second(Stage& stage) : stage_(stage), books_({":memory:", ""}) { make_tables(books_); }
  void apply(const lottery::Entry& entry, std::vector<lottery::CommandReply> replies) {
    rules_.apply(entry);
    store_rows(books_, rules_);
    stage_.emit(lottery::EntryApplied{entry.index, std::move(replies), &books_, 2});
    index_ = entry.index;
  }
  store::Database& books() { return books_; }
  FinalReplica final() { return {2, stage_.log, 1, index_, &books_}; }

 private:
  Stage& stage_;
  store::Database books_;
  ReferencePurchases rules_;
  std::int64_t index_ = 0;
};

class AgreementTest : public testing::Test {
 protected:
  void both(std::vector<lottery::Command> commands) {
    const auto replies = stage.apply(std::move(commands));
    second.apply(stage.entry, replies);
  }
  void open_and_hold() {
    both({lottery::OpenDraw{"d", "s", 3, 200, 1'000'000'000, 60'000'000}});
    both({lottery::Hold{"ann", "h1", "d", "s", 2, 3}});
  }

  Stage stage;
  Second second{stage};
};

TEST_F(AgreementTest, EqualReplicasAgree) {
  open_and_hold();
  stage.finish(true, {}, {second.final()});
  EXPECT_FALSE(stage.violates("S10") || stage.violates("L3")) << stage.failures();
  EXPECT_GT(stage.oracle.property("S10").checks(), 4u);
  EXPECT_GT(stage.oracle.property("L3").checks(), 1u);
}

TEST_F(AgreementTest, AnotherReply) {
  open_and_hold();
  auto replies = stage.apply({lottery::Pay{"ann", "y1", "p2.0", "card"}});
  replies[0].status = 409;
  second.apply(stage.entry, replies);
  EXPECT_TRUE(stage.violates("S10"));
}

TEST_F(AgreementTest, AnotherRow) {
  open_and_hold();
  const auto replies = stage.apply({lottery::Hold{"bob", "h2", "d", "s", 1, 1}});
  second.books().execute(
      "CREATE TRIGGER spoil AFTER INSERT ON accounts WHEN new.id = 'SOLD[d,s]' BEGIN "
      "UPDATE accounts SET credits_pending = 9 WHERE id = 'SOLD[d,s]'; END");
  second.apply(stage.entry, replies);
  EXPECT_TRUE(stage.violates("S10"));
}

TEST_F(AgreementTest, BooksThatDifferAtTheEnd) {
  open_and_hold();
  second.books().run("UPDATE purchases SET user = 'eve'");
  stage.finish(true, {}, {second.final()});
  EXPECT_TRUE(stage.violates("S10"));
}

TEST_F(AgreementTest, AnEntryAppliedTwice) {
  open_and_hold();
  second.apply(stage.entry, {});
  EXPECT_TRUE(stage.violates("S5"));
}

TEST_F(AgreementTest, AReplicaThatNeverCatchesUp) {
  open_and_hold();
  stage.apply({lottery::Pay{"ann", "y1", "p2.0", "card"}});
  stage.finish(true, {}, {second.final()});
  EXPECT_TRUE(stage.violates("L3"));
  EXPECT_FALSE(stage.violates("S10")) << stage.failures();
}

TEST_F(AgreementTest, ASnapshotMayJumpAheadButNotBack) {
  open_and_hold();
  stage.emit(lottery::LedgerRestored{2, &second.books(), 2});
  EXPECT_FALSE(stage.violates("S10"));
  stage.emit(lottery::LedgerRestored{1, nullptr, 2});
  EXPECT_TRUE(stage.violates("S10"));
}

}  // namespace
}  // namespace properties
