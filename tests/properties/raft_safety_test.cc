// S20 told by hand.
#include "properties/raft_safety.h"

#include <gtest/gtest.h>

#include "tests/properties/stage.h"

namespace properties {
namespace {

class RaftSafetyTest : public testing::Test {
 protected:
  void open(std::uint64_t node, std::uint64_t term = 0, std::uint64_t vote = 0,
            std::uint64_t last = 0, std::uint64_t distrusted = 0) {
    stage.emit(replica::Opened{node, term, vote, 1, last, 0, distrusted});
  }
  void save(std::uint64_t node, std::uint64_t term, std::uint64_t vote) {
    stage.emit(replica::HardStateSaved{node, term, vote});
  }
  void append(std::uint64_t node, std::uint64_t first, std::vector<std::uint64_t> terms,
              std::uint64_t hash = 7) {
    const std::vector<std::uint64_t> hashes(terms.size(), hash);
    stage.emit(replica::LogAppended{node, first, std::move(terms), hashes});
  }
  void elect(std::uint64_t node, std::uint64_t term) {
    stage.emit(replica::Elected{node, term, 0});
  }
  void commit(std::uint64_t node, std::uint64_t term, std::uint64_t index) {
    stage.emit(replica::CommitAdvanced{node, term, index});
  }
  // Entry 3 of term 2, in term 4; node 4 opens in term 3 with two entries, which it is about to
  // tell.
  void commit_what_node_4_lost() {
    for (const std::uint64_t node : {1, 2, 4}) {
      open(node);
      save(node, 2, 1);
      append(node, 1, {1, 1});
    }
    append(1, 3, {2});
    append(4, 3, {2});
    save(4, 3, 0);
    save(1, 4, 1);
    append(1, 4, {4});
    append(2, 3, {2, 4});
    commit(1, 4, 4);
    open(4, 3, 0, 2);
    EXPECT_TRUE(holds()) << stage.failures();
  }
  bool holds() const { return !stage.violates("S20"); }

  Stage stage;
};

TEST_F(RaftSafetyTest, HoldsThroughAnElectionAndARestart) {
  open(1);
  open(2);
  save(1, 1, 1);
  save(2, 1, 1);
  elect(1, 1);
  append(1, 1, {1, 1});
  append(2, 1, {1, 1});
  commit(1, 1, 2);
  open(2, 1, 1, 2);
  save(2, 2, 2);
  elect(2, 2);
  append(2, 3, {2});
  commit(2, 2, 3);
  EXPECT_TRUE(holds()) << stage.failures();
  EXPECT_GT(stage.oracle.property("S20").checks(), 8u);
}

TEST_F(RaftSafetyTest, TwoLeadersInOneTerm) {
  elect(1, 3);
  elect(1, 3);
  EXPECT_TRUE(holds());
  elect(2, 3);
  EXPECT_FALSE(holds());
}

TEST_F(RaftSafetyTest, ATermThatGoesBack) {
  save(1, 3, 1);
  save(1, 2, 1);
  EXPECT_FALSE(holds());
}

TEST_F(RaftSafetyTest, AVoteThatChanges) {
  save(1, 3, 0);
  save(1, 3, 2);
  EXPECT_TRUE(holds());
  save(1, 3, 1);
  EXPECT_FALSE(holds());
}

TEST_F(RaftSafetyTest, AVoteThatARestartForgot) {
  save(1, 3, 2);
  open(1, 3, 0);
  EXPECT_FALSE(holds());
}

TEST_F(RaftSafetyTest, TwoEntriesOfOneTermAtOneIndex) {
  append(1, 1, {1});
  append(2, 1, {1}, 8);
  EXPECT_FALSE(holds());
}

TEST_F(RaftSafetyTest, ALeaderWithoutACommittedEntry) {
  append(1, 1, {1, 1});
  append(2, 1, {1});
  commit(1, 1, 2);
  elect(2, 2);
  EXPECT_FALSE(holds());
}

TEST_F(RaftSafetyTest, ALeaderOfAnEarlierTermNeedNotHaveIt) {
  append(1, 1, {1, 1});
  append(2, 1, {1});
  commit(1, 3, 2);
  elect(2, 2);
  EXPECT_TRUE(holds()) << stage.failures();
}

TEST_F(RaftSafetyTest, AnEntryCommittedTwice) {
  append(1, 1, {1});
  append(2, 1, {2});
  commit(1, 1, 1);
  commit(2, 2, 1);
  EXPECT_FALSE(holds());
}

TEST_F(RaftSafetyTest, ACommittedEntryOverwrittenByALaterTerm) {
  append(1, 1, {1});
  commit(1, 1, 1);
  append(1, 1, {2});
  EXPECT_FALSE(holds());
}

TEST_F(RaftSafetyTest, ACommittedEntryLostInARestart) {
  append(1, 1, {1, 1});
  commit(1, 1, 2);
  open(1, 0, 0, 1);
  EXPECT_FALSE(holds());
}

// Elections, seed 519: a leader of term 3 replaced entries of node 4, whose power went before it
// could say so; then the leader of term 4 committed what was replaced.
TEST_F(RaftSafetyTest, AnEntryReplacedBeforeItWasCommittedMayBeMissing) {
  commit_what_node_4_lost();
  append(4, 1, {1, 3});
  EXPECT_TRUE(holds()) << stage.failures();
}

TEST_F(RaftSafetyTest, AnEntryThatNothingReplacedMayNotBeMissing) {
  commit_what_node_4_lost();
  append(4, 1, {1, 1});
  EXPECT_FALSE(holds());
}

TEST_F(RaftSafetyTest, AnEntryThatItHelpedToCommitMayNotBeMissing) {
  for (const std::uint64_t node : {1, 4}) {
    open(node);
    save(node, 2, 1);
    append(node, 1, {1, 1, 2});
  }
  commit(1, 2, 3);
  save(4, 3, 0);
  open(4, 3, 0, 2);
  EXPECT_FALSE(holds());
}

TEST_F(RaftSafetyTest, ADiskThatSaysWhatItLost) {
  append(1, 1, {1, 1});
  commit(1, 1, 2);
  open(1, 0, 0, 1, 2);
  EXPECT_TRUE(holds()) << stage.failures();
}

}  // namespace
}  // namespace properties
