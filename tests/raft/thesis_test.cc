// What the thesis adds: membership changes, transfer, linearizable reads; and distrust.
#include <gtest/gtest.h>

#include "tests/raft/solo.h"

namespace {

using namespace raft_tests;
using raft::Configuration;
using raft::NodeId;
using raft::Role;

Solo leader_of(Configuration configuration) {
  Solo solo(std::move(configuration));
  solo.become_leader();
  solo.step(matched(2, 1, 1));
  solo.step(matched(3, 1, 1));
  return solo;
}

Message reply(NodeId from, std::uint64_t read_round) {
  Message reply = message(MessageKind::heartbeat_reply, from, 1);
  reply.read_round = read_round;
  return reply;
}

// Thesis section 4.1: one server at a time, in force as soon as it is in the log.
TEST(ThesisSection41, OneServerAtATime) {
  struct Case {
    Configuration next;
    bool allowed;
  };
  const Case cases[] = {
      {{{1, 2, 3, 4}, {5}}, true},  {{{1, 2}, {5}}, true},          {{{1, 2, 3}, {5, 6}}, true},
      {{{1, 2, 3}, {}}, true},      {{{1, 2, 3, 5}, {}}, true},     {{{1, 2, 3}, {5}}, false},
      {{{1, 2}, {3, 5}}, false},    {{{1, 2, 4}, {5}}, false},      {{{1, 2, 3, 4, 6}, {5}}, false},
      {{{1}, {5}}, false},          {{{1, 2, 3, 4, 5}, {}}, false}, {{{}, {5}}, false},
      {{{2, 1, 3, 4}, {5}}, false}, {{{1, 2, 3, 5}, {5}}, false},
  };
  for (const Case& c : cases) {
    Solo solo({{1, 2, 3}, {5}});
    solo.become_leader();
    solo.step(matched(2, 1, 1));
    EXPECT_EQ(solo.core.change(c.next).has_value(), c.allowed) << encode(c.next);
    EXPECT_EQ(solo.core.configuration(), c.allowed ? c.next : (Configuration{{1, 2, 3}, {5}}));
    if (c.allowed) {
      EXPECT_FALSE(solo.core.change({{1, 2, 3}, {5}}).has_value());  // the last is not committed
    }
  }
}

TEST(ThesisSection41, TheNewConfigurationCountsAtOnce) {
  Solo solo = leader_of(three());
  ASSERT_TRUE(solo.core.change({{1, 2, 3, 4}, {}}).has_value());
  EXPECT_FALSE(to(solo.drain(), 4).empty());
  solo.step(matched(2, 1, 2));
  EXPECT_EQ(solo.core.commit(), 1u);  // two of three, but not of four
  solo.step(matched(4, 1, 2));
  EXPECT_EQ(solo.core.commit(), 2u);
}

// Ongaro, raft-dev, 2015-07-10: not before an entry of the leader's own term is committed.
TEST(ThesisSection41, NotBeforeTheOwnTermIsCommitted) {
  Solo solo(three());
  solo.become_leader();
  EXPECT_FALSE(solo.core.change({{1, 2}, {}}).has_value());
  solo.step(matched(2, 1, 1));
  EXPECT_TRUE(solo.core.change({{1, 2}, {}}).has_value());
}

// Thesis section 4.1: a configuration goes with its entry.
TEST(ThesisSection41, ACutEntryTakesItsConfigurationBack) {
  Solo solo(three());
  raft::Entry entry{1, 1, raft::EntryKind::configuration, encode(Configuration{{1, 2, 3, 4}, {}})};
  solo.step(append(2, 1, 0, 0, {entry}));
  EXPECT_EQ(solo.core.configuration(), (Configuration{{1, 2, 3, 4}, {}}));
  solo.step(append(3, 2, 0, 0, {command(1, 2)}));
  EXPECT_EQ(solo.core.configuration(), three());
}

TEST(ThesisSection41, ConfigurationsSurviveCompactionAndRestart) {
  Solo solo = leader_of(three());
  solo.core.change({{1, 2, 3, 4}, {}});
  solo.drain();
  solo.step(matched(2, 1, 2));
  solo.step(matched(3, 1, 2));
  solo.core.compact(1);
  EXPECT_EQ(solo.core.snapshot().configuration, three());
  EXPECT_EQ(solo.core.mark_at_applied().configuration, (Configuration{{1, 2, 3, 4}, {}}));
  solo.core.compact(2);
  EXPECT_EQ(solo.core.snapshot().configuration, (Configuration{{1, 2, 3, 4}, {}}));
}

// Thesis section 4.2.2: a leader that removes itself leads until that is committed, uncounted.
TEST(ThesisSection422, ARemovedLeaderStepsDownOnceCommitted) {
  Solo solo = leader_of(three());
  ASSERT_TRUE(solo.core.change({{2, 3}, {}}).has_value());
  solo.drain();
  solo.step(matched(2, 1, 2));
  EXPECT_EQ(solo.core.role(), Role::leader);
  EXPECT_EQ(solo.core.commit(), 1u);
  const auto sent = solo.step(matched(3, 1, 2));
  EXPECT_EQ(solo.core.role(), Role::follower);
  EXPECT_EQ(solo.core.commit(), 2u);
  EXPECT_EQ(of_kind(sent, MessageKind::append).size(), 2u);  // the others learn of it
  solo.tick(100);
  EXPECT_EQ(solo.core.role(), Role::follower);
}

// Thesis section 4.2.2: it may be needed once more before; its own vote then does not count.
TEST(ThesisSection422, ARemovalThatIsNotCommittedDoesNotSilence) {
  raft::Restored had;
  had.hard_state.term = 1;
  had.log = {{1, 1, raft::EntryKind::configuration, encode(Configuration{{2}, {}})}};
  Solo solo({{1, 2}, {}}, had);
  solo.tick(Solo::kElection_ticks);
  EXPECT_EQ(solo.core.role(), Role::pre_candidate);
  solo.become_leader({2});
  EXPECT_EQ(solo.core.role(), Role::leader);
}

// Thesis section 3.10: the target catches up first, proposals are refused meanwhile.
TEST(ThesisSection310, TransferWaitsUntilTheTargetHasEverything) {
  Solo solo = leader_of(three());
  solo.core.propose("a");
  solo.drain();
  EXPECT_FALSE(solo.core.transfer_leadership(1));
  EXPECT_FALSE(solo.core.transfer_leadership(7));
  ASSERT_TRUE(solo.core.transfer_leadership(2));
  EXPECT_FALSE(solo.core.transfer_leadership(3));
  EXPECT_TRUE(of_kind(solo.drain(), MessageKind::timeout_now).empty());
  EXPECT_FALSE(solo.core.propose("b").has_value());
  EXPECT_EQ(of_kind(solo.step(matched(2, 1, 2)), MessageKind::timeout_now).size(), 1u);
}

TEST(ThesisSection310, ATransferThatFailsIsGivenUp) {
  Solo solo = leader_of(three());
  solo.core.transfer_leadership(2);
  for (std::uint32_t i = 0; i < Solo::kElection_ticks; ++i) {
    EXPECT_FALSE(solo.core.propose("a").has_value());
    solo.tick(1);
    solo.step(reply(2, 0));
  }
  EXPECT_TRUE(solo.core.propose("a").has_value());
}

TEST(ThesisSection310, TheTargetCampaignsAtOnceAndByForce) {
  Solo solo(three());
  solo.step(append(2, 1, 0, 0, {}));
  const auto sent = of_kind(solo.step(message(MessageKind::timeout_now, 2, 1)), MessageKind::vote);
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_TRUE(sent[0].force);
  EXPECT_EQ(sent[0].term, 2u);
}

// Thesis section 6.4: a round of heartbeats answers all reads that were asked before it.
TEST(ThesisSection64, OneRoundAnswersAllReadsBeforeIt) {
  Solo solo = leader_of(five());
  solo.core.read_index(7);
  solo.core.read_index(8);
  const auto beats = of_kind(solo.drain(), MessageKind::heartbeat);
  ASSERT_EQ(beats.size(), 4u);
  const std::uint64_t round = beats[0].read_round;
  solo.core.read_index(9);
  solo.drain();
  solo.step(reply(2, round));
  solo.step(reply(2, round));
  solo.step(reply(3, round - 1));
  EXPECT_TRUE(solo.reads.empty());
  solo.step(reply(3, round));
  ASSERT_EQ(solo.reads.size(), 2u);
  EXPECT_EQ(solo.reads[0].id, 7u);
  EXPECT_EQ(solo.reads[1].id, 8u);
  EXPECT_EQ(solo.reads[0].index, 1u);
  EXPECT_FALSE(solo.reads[0].failed);
}

// Thesis section 6.4, step 1: no answer before an entry of the own term is committed.
TEST(ThesisSection64, ReadsWaitForTheLeadersOwnTerm) {
  Solo solo(three());
  solo.become_leader();
  solo.core.read_index(7);
  EXPECT_TRUE(of_kind(solo.drain(), MessageKind::heartbeat).empty());
  solo.step(reply(2, 1));
  EXPECT_TRUE(solo.reads.empty());
  const auto beats = of_kind(solo.step(matched(2, 1, 1)), MessageKind::heartbeat);
  ASSERT_FALSE(beats.empty());
  solo.step(reply(2, beats[0].read_round));
  ASSERT_EQ(solo.reads.size(), 1u);
  EXPECT_EQ(solo.reads[0].index, 1u);
}

TEST(ThesisSection64, ADeposedLeaderFailsItsReads) {
  Solo solo = leader_of(three());
  solo.core.read_index(7);
  Message forwarded = message(MessageKind::read_index, 3, 1);
  forwarded.read_id = 55;
  solo.step(forwarded);
  const auto sent = of_kind(solo.step(append(2, 5, 0, 0, {})), MessageKind::read_index_reply);
  ASSERT_EQ(solo.reads.size(), 1u);
  EXPECT_TRUE(solo.reads[0].failed);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_TRUE(sent[0].reject);
  EXPECT_EQ(sent[0].read_id, 55u);
}

TEST(ThesisSection64, FollowersAskTheLeader) {
  Solo solo(three());
  solo.core.read_index(6);
  solo.drain();
  ASSERT_EQ(solo.reads.size(), 1u);
  EXPECT_TRUE(solo.reads[0].failed);  // there is nobody to ask
  solo.step(append(2, 1, 0, 0, {}));
  solo.core.read_index(7);
  const auto sent = solo.drain();
  ASSERT_EQ(sent.size(), 1u);
  Message answer = message(MessageKind::read_index_reply, 2, 1);
  answer.log_index = 3;
  answer.read_id = sent[0].read_id;
  solo.step(answer);
  solo.step(answer);  // doubled
  ASSERT_EQ(solo.reads.size(), 2u);
  EXPECT_EQ(solo.reads[1].id, 7u);
  EXPECT_EQ(solo.reads[1].index, 3u);
}

TEST(ThesisSection64, AForwardedReadDoesNotWaitForEver) {
  Solo solo(three());
  solo.step(append(2, 1, 0, 0, {}));
  solo.core.read_index(7);
  for (std::uint32_t i = 0; i < Solo::kElection_ticks; ++i) {
    EXPECT_TRUE(solo.reads.empty());
    solo.tick(1);
    solo.step(message(MessageKind::heartbeat, 2, 1));
  }
  ASSERT_EQ(solo.reads.size(), 1u);
  EXPECT_TRUE(solo.reads[0].failed);
}

raft::Restored damaged(raft::Index up_to) {
  raft::Restored restored;
  restored.hard_state.term = 2;
  restored.log = log_of_terms({1, 1});
  restored.distrusted_up_to = up_to;
  return restored;
}

// Restored::distrusted_up_to: a log that lost entries helps nobody into office, and still grows.
TEST(Distrust, NeitherVotesNorCampaigns) {
  Solo solo(three(), damaged(4));
  EXPECT_TRUE(solo.step(ask_vote(MessageKind::pre_vote, 2, 3, 9, 2)).at(0).reject);
  EXPECT_TRUE(solo.step(ask_vote(MessageKind::vote, 2, 3, 9, 2)).at(0).reject);
  solo.tick(100);
  solo.core.campaign();
  solo.step(message(MessageKind::timeout_now, 2, 3));
  EXPECT_EQ(solo.core.role(), Role::follower);
  EXPECT_EQ(solo.core.vote(), raft::kNobody);
}

TEST(Distrust, EndsOnceALeaderHasGivenEverythingBack) {
  Solo solo(three(), damaged(4));
  EXPECT_EQ(solo.step(append(2, 3, 2, 1, {command(3, 3)})).at(0).log_index, 3u);
  EXPECT_FALSE(solo.core.may_vote());
  solo.step(append(2, 3, 3, 3, {command(4, 3)}));
  EXPECT_TRUE(solo.core.may_vote());
}

TEST(Distrust, EndsWithASnapshotToo) {
  Solo solo(three(), damaged(4));
  Message snapshot = message(MessageKind::snapshot, 2, 3);
  snapshot.snapshot = {4, 2, three()};
  solo.step(snapshot);
  EXPECT_TRUE(solo.core.may_vote());
}

TEST(Distrust, ALostVoteIsLostForEver) {
  Solo solo(three(), damaged(UINT64_MAX));
  solo.step(append(2, 3, 2, 1, {command(3, 3), command(4, 3)}));
  EXPECT_FALSE(solo.core.may_vote());
  EXPECT_EQ(solo.core.last_index(), 4u);
}

// Its term may be older than one it took part in: a leader of that age must not build on it.
TEST(Distrust, ALostVoteIsCountedInNoMajority) {
  Solo lost(three(), damaged(UINT64_MAX));
  EXPECT_TRUE(lost.step(append(2, 3, 2, 1, {command(3, 3)})).at(0).force);
  EXPECT_TRUE(lost.step(append(2, 3, 7, 3, {})).at(0).force);
  EXPECT_TRUE(lost.step(message(MessageKind::heartbeat, 2, 3)).at(0).force);
  Solo leader(three());
  leader.become_leader();
  Message uncounted = matched(2, 1, 1);
  uncounted.force = true;
  leader.step(uncounted);
  EXPECT_EQ(leader.core.commit(), 0u);
  leader.core.propose("a");  // it gets the log all the same
  EXPECT_EQ(to(of_kind(leader.drain(), MessageKind::append), 2).size(), 1u);
  leader.step(matched(3, 1, 1));
  EXPECT_EQ(leader.core.commit(), 1u);
  leader.core.read_index(7);
  leader.drain();
  Message beat = reply(2, 1);
  beat.force = true;
  leader.step(beat);
  EXPECT_TRUE(leader.reads.empty());
  leader.step(reply(3, 1));
  EXPECT_EQ(leader.reads.size(), 1u);
  for (std::uint32_t i = 0; i < Solo::kElection_ticks; ++i) {
    leader.tick(1);
    leader.step(beat);
  }
  EXPECT_EQ(leader.core.role(), Role::follower);
}

// The state machine was ahead of what is left of the log.
TEST(Distrust, WhatWasAppliedIsNotHandedOutAgain) {
  raft::Restored had = damaged(0);
  had.applied = 4;
  Solo solo(three(), had);
  EXPECT_FALSE(solo.core.may_vote());
  solo.step(append(2, 3, 2, 1, {command(3, 1), command(4, 1), command(5, 3)}, 5));
  ASSERT_EQ(solo.committed.size(), 1u);
  EXPECT_EQ(solo.committed[0].index, 5u);
  EXPECT_TRUE(solo.core.may_vote());
}

// A leader must notice that a follower no longer has what it acknowledged.
TEST(Distrust, ALeaderStartsOverWithAFollowerThatLostEntries) {
  Solo solo = leader_of(three());
  solo.core.propose("a");
  solo.drain();
  solo.step(matched(2, 1, 2));
  Message reject = message(MessageKind::append_reply, 2, 1);
  reject.reject = true;
  reject.log_index = 2;
  const auto sent = to(of_kind(solo.step(reject), MessageKind::append), 2);
  EXPECT_EQ(solo.core.progress().at(2).match, 0u);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].entries.size(), 2u);
}

}  // namespace
