// S10 and L3 with a second replica beside the paper ledger.
#include <gtest/gtest.h>

#include "properties/whole_comparisons.h"
#include "tests/properties/stage.h"
#include "tests/store/machine.h"

namespace properties {
namespace {

// Keeps the replies of each entry, and applies it again elsewhere.
class Second {
 public:
  explicit Second(Stage& stage, const env::DatabaseFile& file = {":memory:", ""})
      : stage_(stage), books_(file) {
    make_tables(books_);
  }
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

TEST(WholeComparisons, OftenAndThenWheneverTheLogHasGrown) {
  WholeComparisons comparisons(2);
  EXPECT_FALSE(comparisons.due(63, 100));
  EXPECT_TRUE(comparisons.due(64, 101));
  EXPECT_FALSE(comparisons.due(65, 102));
  EXPECT_TRUE(comparisons.due(128, 4096));
  EXPECT_FALSE(comparisons.due(192, 8191));
  EXPECT_FALSE(comparisons.due(193, 8192));
  EXPECT_TRUE(comparisons.due(256, 9000));
  EXPECT_FALSE(comparisons.due(320, 17999));
  comparisons.hurry();
  EXPECT_TRUE(comparisons.due(384, 17999));
}

// Books that are large by the number of their commands, as files: compared by pages.
class LargeBooks : public testing::Test {
 protected:
  // Up to the entry at `index`, each with many commands that do nothing.
  void go_on_to(std::int64_t index) {
    while (stage.rules_index < index) {
      const auto replies = stage.apply(std::vector<lottery::Command>(100, lottery::ExpireHolds{}));
      second.apply(stage.entry, replies);
    }
  }
  void begin() {
    const auto opened =
        stage.apply({lottery::OpenDraw{"d", "s", 3, 200, 100'000'000'000, 60'000'000'000}});
    second.apply(stage.entry, opened);
    const auto held = stage.apply({lottery::Hold{"ann", "h1", "d", "s", 2, 3}});
    second.apply(stage.entry, held);
  }

  store_tests::Machine machine;
  Stage stage{machine.file("one.db")};
  Second second{stage, machine.file("two.db")};
};

TEST_F(LargeBooks, EqualPagesAgree) {
  begin();
  go_on_to(256);
  EXPECT_TRUE(stage.oracle.holds()) << stage.failures();
  EXPECT_EQ(stage.oracle.unreadable(), 0u);
}

TEST_F(LargeBooks, OtherPagesMakeTheRowsDecide) {
  begin();
  go_on_to(63);
  second.books().execute("CREATE TABLE t(x); DROP TABLE t");
  go_on_to(192);
  EXPECT_TRUE(stage.oracle.holds()) << stage.failures();
}

TEST_F(LargeBooks, ARowThatNoEntryConcerns) {
  begin();
  go_on_to(63);
  second.books().execute(
      "CREATE TRIGGER spoil AFTER INSERT ON purchases BEGIN "
      "UPDATE purchases SET sku = 'x' WHERE id = new.id; END");
  go_on_to(64);
  EXPECT_FALSE(stage.violates("S10")) << "pages alone do not decide";
  go_on_to(128);
  EXPECT_TRUE(stage.violates("S10"));
}

}  // namespace
}  // namespace properties
