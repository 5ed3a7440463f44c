// Replication, commitment and snapshots, section by section.
#include <gtest/gtest.h>

#include "tests/raft/solo.h"

namespace {

using namespace raft_tests;
using raft::EntryKind;
using raft::Index;
using raft::NodeId;
using raft::Role;
using raft::Term;

raft::Restored restored(const std::vector<Term>& log, Term term = 0) {
  raft::Restored restored;
  restored.log = log_of_terms(log);
  restored.hard_state.term = term != 0 ? term : (log.empty() ? 0 : log.back());
  return restored;
}

std::vector<Term> terms(const raft::Core& core) {
  std::vector<Term> terms;
  for (Index index = core.first_index(); index <= core.last_index(); ++index) {
    terms.push_back(*core.term_at(index));
  }
  return terms;
}

// Paper section 8: a new leader begins its term with an entry that does nothing.
TEST(PaperSection8, ALeaderBeginsWithANoOp) {
  Solo solo(three(), restored({1, 2}));
  solo.become_leader();
  ASSERT_EQ(solo.saved.size(), 1u);
  EXPECT_EQ(solo.saved[0], (raft::Entry{3, 3, EntryKind::no_op, ""}));
}

// Paper section 5.3: entries go to everybody, with what precedes them.
TEST(PaperSection53, EntriesAreSentWithWhatPrecedes) {
  Solo solo({{1, 2, 3}, {4}});
  solo.become_leader();
  for (const NodeId id : {2, 3, 4}) {
    solo.step(matched(id, 1, 1));
  }
  const auto proposed = solo.core.propose("a");
  ASSERT_TRUE(proposed.has_value());
  EXPECT_EQ(proposed->index, 2u);
  EXPECT_EQ(proposed->term, 1u);
  const auto sent = of_kind(solo.drain(), MessageKind::append);
  ASSERT_EQ(sent.size(), 3u);
  for (const Message& append : sent) {
    EXPECT_EQ(append.log_index, 1u);
    EXPECT_EQ(append.log_term, 1u);
    ASSERT_EQ(append.entries.size(), 1u);
    EXPECT_EQ(append.entries[0], command(2, 1, "a"));
  }
}

// Paper section 5.3: committed once a majority holds it, itself included; a learner is nobody.
TEST(PaperSection53, AMajorityCommits) {
  Solo solo({{1, 2, 3, 4, 5}, {6}});
  solo.become_leader();
  solo.step(matched(2, 1, 1));
  solo.step(matched(6, 1, 1));
  EXPECT_EQ(solo.core.commit(), 0u);
  solo.step(matched(2, 1, 1));
  EXPECT_EQ(solo.core.commit(), 0u);
  const auto sent = solo.step(matched(3, 1, 1));
  EXPECT_EQ(solo.core.commit(), 1u);
  EXPECT_EQ(solo.committed.size(), 1u);
  for (const Message& append : of_kind(sent, MessageKind::append)) {
    EXPECT_EQ(append.commit, 1u);
  }
}

// Thesis section 10.2.1: a leader counts itself for what is durable only.
TEST(ThesisSection1021, ALeaderCountsItselfOnceItHasSaved) {
  Solo solo({{1}, {}});
  solo.become_leader({});
  solo.core.propose("a");
  ASSERT_TRUE(solo.core.has_ready());
  EXPECT_EQ(solo.core.ready().entries.size(), 1u);
  EXPECT_EQ(solo.core.commit(), 1u);
  solo.core.advance();
  EXPECT_EQ(solo.core.commit(), 2u);
}

// Paper section 5.3: committed entries reach the state machine in log order, once.
TEST(PaperSection53, FollowersHandOutWhatIsCommittedOnce) {
  Solo solo(three());
  solo.step(append(2, 1, 0, 0, log_of_terms({1, 1, 1}), 2));
  ASSERT_EQ(solo.committed.size(), 2u);
  solo.step(append(2, 1, 3, 1, {}, 3));
  solo.step(append(2, 1, 3, 1, {}, 3));
  ASSERT_EQ(solo.committed.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(solo.committed[i].index, i + 1);
  }
}

// Paper section 5.3, the consistency check.
TEST(PaperSection53, AppendsWithoutTheirPredecessorAreRejected) {
  Solo solo(three(), restored({1, 2, 2}));
  for (const auto& [index, term] : {std::pair<Index, Term>{4, 2}, {3, 1}, {2, 1}, {9, 3}}) {
    const auto sent = solo.step(append(2, 3, index, term, {command(index + 1, 3)}));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_TRUE(sent[0].reject);
    EXPECT_EQ(sent[0].log_index, index);
    EXPECT_EQ(solo.core.last_index(), 3u);
  }
}

// Paper figure 2, AppendEntries receiver: conflicts are cut, what matches stays.
TEST(PaperSection53, FollowersAdoptTheLeadersLog) {
  struct Case {
    Index index;
    Term term;
    std::vector<Term> sent;
    std::vector<Term> after;
  };
  const Case cases[] = {
      {2, 2, {3}, {1, 2, 3}},    {1, 1, {3, 4}, {1, 3, 4}},       {0, 0, {1}, {1, 2, 2}},
      {0, 0, {1, 2}, {1, 2, 2}}, {1, 1, {2, 2, 4}, {1, 2, 2, 4}}, {0, 0, {3}, {3}},
      {3, 2, {}, {1, 2, 2}},
  };
  for (const Case& c : cases) {
    Solo solo(three(), restored({1, 2, 2}, 4));
    std::vector<raft::Entry> entries;
    for (const Term term : c.sent) {
      entries.push_back(command(c.index + entries.size() + 1, term));
    }
    const auto sent = solo.step(append(2, 4, c.index, c.term, entries));
    EXPECT_EQ(terms(solo.core), c.after);
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_FALSE(sent[0].reject);
    // What lies behind is not acknowledged (libraft 0.15.0 did).
    EXPECT_EQ(sent[0].log_index, c.index + c.sent.size());
  }
}

// Paper figure 2, step 5: the commit index stops at the last entry that came.
TEST(PaperSection53, CommitStopsAtWhatMatched) {
  Solo solo(three(), restored({1, 1, 1}));
  solo.step(append(2, 2, 1, 1, {}, 3));
  EXPECT_EQ(solo.core.commit(), 1u);
}

// A heartbeat names no entries: its commit index must stay within what is known to match.
TEST(PaperSection53, HeartbeatsCommitOnlyWhatTheFollowerMatches) {
  Solo solo(three());
  solo.become_leader();
  solo.core.propose("a");
  solo.drain();
  solo.step(matched(2, 1, 2));
  ASSERT_EQ(solo.core.commit(), 2u);
  solo.tick(1);
  const auto beats = of_kind(solo.drain(), MessageKind::heartbeat);
  ASSERT_EQ(beats.size(), 2u);
  EXPECT_EQ(to(beats, 2).at(0).commit, 2u);
  EXPECT_EQ(to(beats, 3).at(0).commit, 0u);
}

// Paper section 5.3, end: one rejection per conflicting term, not per entry.
TEST(PaperSection53, FastBackUpSkipsWholeTerms) {
  Solo leader(three(), restored({1, 1, 1, 4, 4, 4, 4}));
  leader.become_leader();
  Solo follower(three(), restored({1, 1, 1, 2, 2, 2, 2, 3, 3, 3}, 5));
  Message probe = append(2, 5, 7, 4, {command(8, 5)});
  const auto rejected = follower.step(probe);
  ASSERT_EQ(rejected.size(), 1u);
  EXPECT_TRUE(rejected[0].reject);
  EXPECT_EQ(rejected[0].hint_index, 7u);
  EXPECT_EQ(rejected[0].hint_term, 2u);
  Message reply = rejected[0];
  reply.from = 2;
  reply.to = 1;
  const auto again = to(of_kind(leader.step(reply), MessageKind::append), 2);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].log_index, 3u);
  EXPECT_EQ(again[0].entries.size(), 5u);
}

// Paper section 5.4.2, figure 8: an entry of an older term on a majority is not committed by that.
TEST(PaperSection542, OlderTermsAreNotCounted) {
  Solo solo(five(), restored({1, 2}, 3));
  solo.become_leader();
  ASSERT_EQ(solo.core.term(), 4u);
  for (const NodeId id : {2, 3, 4, 5}) {
    solo.step(matched(id, 4, 2));
  }
  EXPECT_EQ(solo.core.commit(), 0u);
  solo.step(matched(2, 4, 3));
  EXPECT_EQ(solo.core.commit(), 0u);
  solo.step(matched(3, 4, 3));
  EXPECT_EQ(solo.core.commit(), 3u);
}

// Thesis section 10.2.1: the next append does not wait for the last one's acknowledgement.
TEST(ThesisSection1021, AppendsArePipelinedWithinAWindow) {
  raft::Options options;
  options.append_bytes_max = 1;
  options.inflight_max = 3;
  Solo solo(three(), {}, options);
  solo.become_leader();
  solo.step(matched(2, 1, 1));
  for (int i = 0; i < 10; ++i) {
    solo.core.propose("a");
  }
  const auto sent = to(of_kind(solo.drain(), MessageKind::append), 2);
  ASSERT_EQ(sent.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(sent[i].log_index, i + 1);
    EXPECT_EQ(sent[i].entries.size(), 1u);
  }
  EXPECT_EQ(to(of_kind(solo.step(matched(2, 1, 3)), MessageKind::append), 2).size(), 2u);
}

TEST(ThesisSection1021, ManyProposalsShareAnAppend) {
  raft::Options options;
  options.append_bytes_max = 100;
  Solo solo(three(), {}, options);
  solo.become_leader();
  solo.step(matched(2, 1, 1));
  for (int i = 0; i < 25; ++i) {
    solo.core.propose("0123456789");
  }
  const auto sent = to(of_kind(solo.drain(), MessageKind::append), 2);
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_EQ(sent[0].entries.size(), 10u);
  EXPECT_EQ(sent[2].entries.size(), 5u);
}

// Lost appends: a heartbeat's reply makes the leader look, and the rejection makes it resend.
TEST(ThesisSection1021, HeartbeatRepliesResumeAfterLoss) {
  Solo solo(three());
  solo.become_leader();
  solo.step(matched(2, 1, 1));
  solo.core.propose("lost");
  solo.drain();
  const auto look =
      to(of_kind(solo.step(message(MessageKind::heartbeat_reply, 2, 1)), MessageKind::append), 2);
  ASSERT_EQ(look.size(), 1u);
  EXPECT_EQ(look[0].log_index, 2u);
  Message reject = message(MessageKind::append_reply, 2, 1);
  reject.reject = true;
  reject.log_index = 2;
  reject.hint_index = 1;
  reject.hint_term = 1;
  const auto again = to(of_kind(solo.step(reject), MessageKind::append), 2);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].entries.at(0).data, "lost");
}

TEST(PaperSection53, WhatIsCommittedIsNeverCut) {
  Solo solo(three());
  solo.step(append(2, 1, 0, 0, log_of_terms({1, 1}), 2));
  EXPECT_TRUE(solo.step(append(3, 2, 1, 1, {command(2, 2)})).empty());
  EXPECT_EQ(terms(solo.core), (std::vector<Term>{1, 1}));
}

TEST(Messages, ImpossibleShapesAreIgnored) {
  Message stranger = append(2, 9, 0, 0, {});
  stranger.to = 3;
  Message nobody = append(raft::kNobody, 9, 0, 0, {});
  Message gap = append(2, 9, 0, 0, {command(2, 9)});
  Message falling = append(2, 9, 0, 0, {command(1, 5), command(2, 4)});
  Message future = append(2, 9, 0, 0, {command(1, 10)});
  Message garbage = append(2, 9, 0, 0, {{1, 9, EntryKind::configuration, "x"}});
  Message no_term = append(2, 0, 0, 0, {});
  Message no_mark = message(MessageKind::snapshot, 2, 9);
  Message kind = message(static_cast<MessageKind>(99), 2, 9);
  for (const Message& bad :
       {stranger, nobody, gap, falling, future, garbage, no_term, no_mark, kind}) {
    Solo solo(three());
    EXPECT_TRUE(solo.step(bad).empty());
    EXPECT_EQ(solo.core.term(), 0u);
    EXPECT_EQ(solo.core.last_index(), 0u);
  }
}

// Paper section 7: a follower whose next entry is gone gets a snapshot.
TEST(PaperSection7, ATrimmedLogMeansASnapshot) {
  raft::Restored had = restored({1, 1, 1, 1});
  had.applied = 4;
  Solo solo(three(), had);
  solo.become_leader();
  solo.step(matched(2, 2, 5));
  solo.core.compact(5);
  EXPECT_EQ(solo.core.first_index(), 6u);
  Message reject = message(MessageKind::append_reply, 3, 2);
  reject.reject = true;
  reject.log_index = 4;
  const auto sent = solo.step(reject);
  EXPECT_TRUE(to(of_kind(sent, MessageKind::append), 3).empty());
  ASSERT_EQ(solo.snapshots_to_send, std::vector<NodeId>{3});
  EXPECT_EQ(solo.core.mark_at_applied(), (raft::SnapshotMark{5, 2, three()}));
  EXPECT_TRUE(solo.core.progress().at(3).snapshotting);
  // Not again while one is on its way; a failed one is tried again at the next sign of life.
  solo.step(message(MessageKind::heartbeat_reply, 3, 2));
  EXPECT_EQ(solo.snapshots_to_send.size(), 1u);
  solo.core.report_snapshot(3, false);
  solo.step(message(MessageKind::heartbeat_reply, 3, 2));
  EXPECT_EQ(solo.snapshots_to_send.size(), 2u);
  solo.core.propose("a");
  solo.drain();
  const auto goes_on = to(of_kind(solo.step(matched(3, 2, 5)), MessageKind::append), 3);
  ASSERT_EQ(goes_on.size(), 1u);
  EXPECT_EQ(goes_on[0].log_index, 5u);
}

Message snapshot(Index index, Term term, Term in_term = 3) {
  Message snapshot = message(MessageKind::snapshot, 2, in_term);
  snapshot.snapshot = {index, term, three()};
  return snapshot;
}

// Paper section 7: it replaces a log that does not reach it, or conflicts.
TEST(PaperSection7, ASnapshotReplacesTheLog) {
  Solo solo(three(), restored({1, 1, 2}));
  const auto sent = solo.step(snapshot(5, 3));
  ASSERT_TRUE(solo.installed.has_value());
  EXPECT_EQ(solo.installed->index, 5u);
  EXPECT_EQ(solo.core.first_index(), 6u);
  EXPECT_EQ(solo.core.last_index(), 5u);
  EXPECT_EQ(solo.core.commit(), 5u);
  EXPECT_EQ(solo.core.applied(), 5u);
  EXPECT_TRUE(solo.committed.empty());
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].log_index, 5u);
  solo.step(append(2, 3, 5, 3, {command(6, 3)}, 6));
  ASSERT_EQ(solo.committed.size(), 1u);
  EXPECT_EQ(solo.committed[0].index, 6u);
}

// Paper section 7: entries behind a snapshot that the log reaches are kept.
TEST(PaperSection7, ASnapshotOfAPrefixKeepsTheRest) {
  Solo solo(three(), restored({1, 1, 2}));
  const auto sent = solo.step(snapshot(2, 1));
  EXPECT_FALSE(solo.installed.has_value());
  EXPECT_EQ(solo.core.last_index(), 3u);
  EXPECT_EQ(solo.core.commit(), 2u);
  EXPECT_EQ(sent.at(0).log_index, 2u);  // of the third nothing is known
}

TEST(PaperSection7, AnOldSnapshotChangesNothing) {
  Solo solo(three());
  solo.step(append(2, 3, 0, 0, log_of_terms({1, 1, 3}), 3));
  const auto sent = solo.step(snapshot(2, 1));
  EXPECT_FALSE(solo.installed.has_value());
  EXPECT_EQ(solo.core.first_index(), 1u);
  EXPECT_EQ(sent.at(0).log_index, 3u);
}

// libraft 0.15.0: a snapshot arrives in the middle of the receiver's own election.
TEST(PaperSection7, ASnapshotDuringAnElection) {
  Solo solo(three(), restored({1}, 2));
  solo.core.campaign();
  ASSERT_EQ(solo.core.role(), Role::candidate);
  solo.step(snapshot(4, 2, 2));  // of the past: refused, and its sender learns the term
  EXPECT_FALSE(solo.installed.has_value());
  EXPECT_EQ(solo.core.role(), Role::candidate);
  solo.step(snapshot(4, 2, 3));  // somebody else won this election
  EXPECT_TRUE(solo.installed.has_value());
  EXPECT_EQ(solo.core.role(), Role::follower);
  solo.step(message(MessageKind::vote_reply, 3, 3));
  EXPECT_EQ(solo.core.role(), Role::follower);
}

// The other way round: the sender is deposed while its snapshot is on its way.
TEST(PaperSection7, ALateReportToADeposedLeaderIsHarmless) {
  raft::Restored had = restored({1, 1});
  had.applied = 2;
  Solo solo(three(), had);
  solo.become_leader();
  solo.step(append(2, 9, 0, 0, {}));
  solo.core.report_snapshot(3, true);
  EXPECT_EQ(solo.core.role(), Role::follower);
  EXPECT_TRUE(solo.core.progress().empty());
}

TEST(Restart, GoesOnBehindWhatWasApplied) {
  raft::Restored had = restored({1, 1, 1});
  had.applied = 2;
  Solo solo(three(), had);
  EXPECT_EQ(solo.core.commit(), 2u);
  EXPECT_FALSE(solo.core.has_ready());
  solo.step(append(2, 2, 3, 1, {}, 3));
  ASSERT_EQ(solo.committed.size(), 1u);
  EXPECT_EQ(solo.committed[0].index, 3u);
}

TEST(Restart, ContradictionsAreRefused) {
  raft::Restored gap;
  gap.hard_state.term = 1;
  gap.log = {command(2, 1)};
  EXPECT_THROW(Solo(three(), gap), std::invalid_argument);
  raft::Restored no_term;
  no_term.log = {command(1, 1)};
  EXPECT_THROW(Solo(three(), no_term), std::invalid_argument);
}

}  // namespace
