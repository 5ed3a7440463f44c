// Elections, section by section.
#include <gtest/gtest.h>

#include "tests/raft/solo.h"

namespace {

using namespace raft_tests;
using raft::Role;

raft::Restored restored(raft::Term term, raft::NodeId vote, const std::vector<raft::Term>& log) {
  raft::Restored restored;
  restored.hard_state = {term, vote};
  restored.log = log_of_terms(log);
  return restored;
}

// Paper section 5.1: a newer term makes anybody a follower.
TEST(PaperSection51, NewerTermIsAdoptedInEveryRole) {
  for (const bool leading : {false, true}) {
    Solo solo(three());
    leading ? solo.become_leader() : solo.tick(2 * Solo::kElection_ticks);
    solo.step(append(2, 7, 0, 0, {}));
    EXPECT_EQ(solo.core.role(), Role::follower);
    EXPECT_EQ(solo.core.term(), 7u);
    EXPECT_EQ(solo.core.leader(), 2u);
    EXPECT_EQ(solo.hard_state, (raft::HardState{7, raft::kNobody}));
  }
}

// Paper section 5.1: a request with a stale term is rejected, and its sender learns the term.
TEST(PaperSection51, OlderTermIsRejected) {
  Solo solo(three(), restored(5, raft::kNobody, {1}));
  const auto sent = solo.step(append(2, 4, 1, 1, {command(2, 4)}));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_TRUE(sent[0].reject);
  EXPECT_EQ(sent[0].term, 5u);
  EXPECT_EQ(solo.core.last_index(), 1u);
  EXPECT_EQ(solo.core.leader(), raft::kNobody);
  const auto voted = solo.step(ask_vote(MessageKind::vote, 2, 4, 9, 3));
  ASSERT_EQ(voted.size(), 1u);
  EXPECT_TRUE(voted[0].reject);
  EXPECT_EQ(voted[0].term, 5u);
}

// Paper section 5.2: a follower that hears nothing begins an election, not before the time-out.
TEST(PaperSection52, FollowerCampaignsAfterTheTimeout) {
  Solo solo(three());
  solo.tick(Solo::kElection_ticks - 1);
  EXPECT_EQ(solo.core.role(), Role::follower);
  solo.tick(1);
  EXPECT_EQ(solo.core.role(), Role::pre_candidate);
  EXPECT_EQ(solo.core.term(), 0u);  // thesis section 9.6: asking changes nothing
  EXPECT_EQ(of_kind(solo.drain(), MessageKind::pre_vote).size(), 2u);
}

TEST(PaperSection52, HeartbeatsKeepAFollower) {
  Solo solo(three());
  for (int i = 0; i < 20; ++i) {
    solo.tick(Solo::kElection_ticks - 1);
    solo.step(message(MessageKind::heartbeat, 2, 1));
  }
  EXPECT_EQ(solo.core.role(), Role::follower);
  EXPECT_EQ(solo.core.leader(), 2u);
}

// Paper section 5.2: the candidate raises its term, votes for itself and asks all others; term
// and vote are durable before it asks.
TEST(PaperSection52, CandidateVotesForItselfFirst) {
  Solo solo(five());
  solo.tick(Solo::kElection_ticks);
  solo.drain();
  solo.core.step(message(MessageKind::pre_vote_reply, 2, 1));
  solo.core.step(message(MessageKind::pre_vote_reply, 3, 1));
  EXPECT_EQ(solo.core.role(), Role::candidate);
  const raft::Ready ready = solo.core.ready();
  EXPECT_EQ(ready.hard_state, (raft::HardState{1, 1}));
  EXPECT_EQ(of_kind(ready.messages, MessageKind::vote).size(), 4u);
}

// Paper section 5.2: a majority wins, a minority waits, a majority of refusals loses.
TEST(PaperSection52, MajorityDecides) {
  const auto outcome = [](std::vector<bool> answers) {
    Solo solo(five());
    solo.tick(Solo::kElection_ticks);
    solo.drain();
    for (const raft::NodeId id : {2, 3}) {
      solo.step(message(MessageKind::pre_vote_reply, id, 1));
    }
    for (std::size_t i = 0; i < answers.size(); ++i) {
      Message reply = message(MessageKind::vote_reply, i + 2, 1);
      reply.reject = !answers[i];
      solo.step(reply);
      solo.step(reply);  // a doubled answer is one answer
    }
    return solo.core.role();
  };
  EXPECT_EQ(outcome({true, true}), Role::leader);
  EXPECT_EQ(outcome({true, false, true}), Role::leader);
  EXPECT_EQ(outcome({true}), Role::candidate);
  EXPECT_EQ(outcome({true, false, false}), Role::candidate);
  EXPECT_EQ(outcome({false, false, false}), Role::follower);
}

// Paper section 5.2: at most one vote per term, first come, first served; repeated to the same.
TEST(PaperSection52, OneVotePerTermAndItIsDurableFirst) {
  Solo solo(three());
  solo.core.step(ask_vote(MessageKind::vote, 2, 1, 0, 0));
  const raft::Ready ready = solo.core.ready();
  EXPECT_EQ(ready.hard_state, (raft::HardState{1, 2}));
  ASSERT_EQ(ready.messages.size(), 1u);
  EXPECT_FALSE(ready.messages[0].reject);
  solo.core.advance();
  EXPECT_TRUE(solo.step(ask_vote(MessageKind::vote, 3, 1, 0, 0)).at(0).reject);
  EXPECT_FALSE(solo.step(ask_vote(MessageKind::vote, 2, 1, 0, 0)).at(0).reject);
  EXPECT_FALSE(solo.step(ask_vote(MessageKind::vote, 3, 2, 0, 0)).at(0).reject);
}

TEST(PaperSection52, VoteSurvivesARestart) {
  Solo solo(three(), restored(3, 2, {}));
  EXPECT_TRUE(solo.step(ask_vote(MessageKind::vote, 3, 3, 5, 2)).at(0).reject);
  EXPECT_FALSE(solo.step(ask_vote(MessageKind::vote, 2, 3, 5, 2)).at(0).reject);
}

// Paper section 5.2: a candidate that hears from a leader of its term follows it.
TEST(PaperSection52, CandidateFollowsTheWinner) {
  Solo solo(three());
  solo.core.campaign();
  solo.drain();
  solo.step(append(3, 1, 0, 0, {}));
  EXPECT_EQ(solo.core.role(), Role::follower);
  EXPECT_EQ(solo.core.leader(), 3u);
}

// Paper section 5.2: time-outs are drawn from [T, 2T), anew each time.
TEST(PaperSection52, TimeoutsAreSpread) {
  for (std::uint64_t drawn = 0; drawn < 3 * Solo::kElection_ticks; ++drawn) {
    Solo solo(three());
    solo.chance = drawn;
    solo.step(append(2, 1, 0, 0, {}));  // draws again
    const std::uint32_t expected =
        Solo::kElection_ticks + static_cast<std::uint32_t>(drawn) % Solo::kElection_ticks;
    solo.tick(expected - 1);
    EXPECT_EQ(solo.core.role(), Role::follower);
    solo.tick(1);
    EXPECT_EQ(solo.core.role(), Role::pre_candidate);
  }
}

// Paper section 5.4.1: the voter refuses a candidate whose log is older than its own.
TEST(PaperSection541, OnlyAnUpToDateLogGetsAVote) {
  struct Case {
    std::vector<raft::Term> own;
    raft::Index index;
    raft::Term term;
    bool granted;
  };
  const Case cases[] = {
      {{1}, 1, 1, true},     {{1}, 2, 1, true},    {{1, 1}, 1, 1, false}, {{1}, 1, 2, true},
      {{1}, 2, 2, true},     {{1, 1}, 1, 2, true}, {{2}, 1, 1, false},    {{2}, 2, 1, false},
      {{1, 2}, 5, 1, false}, {{1, 2}, 2, 2, true}, {{}, 0, 0, true},
  };
  for (const MessageKind kind : {MessageKind::vote, MessageKind::pre_vote}) {
    for (const Case& c : cases) {
      Solo solo(three(), restored(3, raft::kNobody, c.own));
      const auto sent = solo.step(ask_vote(kind, 2, 4, c.index, c.term));
      ASSERT_EQ(sent.size(), 1u);
      EXPECT_EQ(!sent[0].reject, c.granted) << c.index << " of term " << c.term;
    }
  }
}

// Thesis section 9.6: to be asked for a pre-vote changes neither term nor vote, and whoever lost
// touch without being able to win raises no term.
TEST(ThesisSection96, PreVoteChangesNothing) {
  Solo solo(three(), restored(3, 3, {1}));
  const auto sent = solo.step(ask_vote(MessageKind::pre_vote, 2, 9, 1, 1));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_FALSE(sent[0].reject);
  EXPECT_EQ(sent[0].term, 9u);
  EXPECT_EQ(solo.core.term(), 3u);
  EXPECT_EQ(solo.core.vote(), 3u);
}

TEST(ThesisSection96, WhoIsCutOffDoesNotRaiseItsTerm) {
  Solo solo(three(), restored(3, raft::kNobody, {1}));
  solo.tick(50 * Solo::kElection_ticks);
  EXPECT_EQ(solo.core.term(), 3u);
  EXPECT_EQ(solo.core.role(), Role::pre_candidate);
}

TEST(ThesisSection96, StalePreVotesDoNotCount) {
  Solo solo(three(), restored(3, raft::kNobody, {1}));
  solo.tick(Solo::kElection_ticks);
  solo.step(message(MessageKind::pre_vote_reply, 2, 3));
  EXPECT_EQ(solo.core.role(), Role::pre_candidate);
  solo.step(message(MessageKind::pre_vote_reply, 2, 4));
  EXPECT_EQ(solo.core.role(), Role::candidate);
}

// Thesis section 4.2.3: whoever hears from a leader ignores other candidates, term and all;
// section 3.10: unless leadership is being handed over.
TEST(ThesisSection423, ALeaderThatIsHeardIsNotDisturbed) {
  for (const MessageKind kind : {MessageKind::vote, MessageKind::pre_vote}) {
    Solo solo(three());
    solo.step(append(2, 1, 0, 0, {}));
    solo.tick(Solo::kElection_ticks - 1);
    EXPECT_TRUE(solo.step(ask_vote(kind, 3, 8, 9, 7)).empty());
    EXPECT_EQ(solo.core.term(), 1u);
    Message forced = ask_vote(MessageKind::vote, 3, 8, 9, 7);
    forced.force = true;
    EXPECT_FALSE(solo.step(forced).at(0).reject);
    EXPECT_EQ(solo.core.term(), 8u);
  }
}

TEST(ThesisSection423, ALeaderIgnoresCandidatesToo) {
  Solo solo(three());
  solo.become_leader();
  EXPECT_TRUE(solo.step(ask_vote(MessageKind::vote, 3, 8, 9, 7)).empty());
  EXPECT_EQ(solo.core.role(), Role::leader);
}

TEST(ThesisSection423, SilenceEndsTheLease) {
  Solo solo(three());
  solo.chance = Solo::kElection_ticks - 1;
  solo.step(append(2, 1, 0, 0, {}));
  solo.tick(Solo::kElection_ticks);
  EXPECT_FALSE(solo.step(ask_vote(MessageKind::pre_vote, 3, 2, 0, 0)).at(0).reject);
}

// Thesis section 6.2: a leader that hears from no majority for an election time-out steps down.
TEST(ThesisSection62, ALeaderWithoutAQuorumStepsDown) {
  Solo solo(five());
  solo.become_leader();
  for (int i = 0; i < 5; ++i) {
    solo.tick(Solo::kElection_ticks - 1);
    solo.step(message(MessageKind::heartbeat_reply, 4, 1));
    solo.step(message(MessageKind::heartbeat_reply, 5, 1));
    EXPECT_EQ(solo.core.role(), Role::leader);
  }
  solo.tick(Solo::kElection_ticks - 1);
  solo.step(message(MessageKind::heartbeat_reply, 5, 1));
  EXPECT_EQ(solo.core.role(), Role::leader);
  solo.tick(1);
  EXPECT_EQ(solo.core.role(), Role::follower);
  EXPECT_EQ(solo.core.leader(), raft::kNobody);
  EXPECT_EQ(solo.core.term(), 1u);
}

// Thesis section 4.2.1: learners never campaign, and nobody who is no member does.
TEST(ThesisSection421, LearnersAndStrangersDoNotCampaign) {
  for (const raft::Configuration& others :
       {raft::Configuration{{2, 3}, {1}}, raft::Configuration{{2, 3}, {}}}) {
    Solo solo(others);
    solo.tick(100);
    solo.core.campaign();
    solo.step(message(MessageKind::timeout_now, 2, 1));
    EXPECT_EQ(solo.core.role(), Role::follower);
    EXPECT_TRUE(of_kind(solo.drain(), MessageKind::pre_vote).empty());
  }
}

TEST(PaperSection52, ASingleVoterLeadsAtOnce) {
  Solo solo({{1}, {}});
  solo.tick(Solo::kElection_ticks);
  solo.drain();
  EXPECT_EQ(solo.core.role(), Role::leader);
  EXPECT_EQ(solo.core.commit(), 1u);
  EXPECT_TRUE(solo.core.leads_with_quorum());
}

}  // namespace
