// Faults aimed at whoever leads: what they become, whose turn it is, and how they strike, end
// and heal in a world.
#include "faults/aim.h"

#include <gtest/gtest.h>

#include "tests/faults/stage.h"

namespace faults {
namespace {

using Peers = std::vector<std::string>;

Fault aimed(Kind kind, std::int64_t at_ms, std::int64_t for_ms, std::int64_t after_ms = 0) {
  Fault result = fault(kind, at_ms, for_ms, {"a", "b", "c"});
  result.after_ms = after_ms;
  return result;
}

TEST(AimedAt, EachKindBecomesAFaultOnNamedHosts) {
  const Fault cut = aimed_at(aimed(Kind::isolate_leader, 1, 20, 3), "b", 50);
  EXPECT_EQ(cut, between(Kind::partition, 50, 20, {"b"}, {"c", "a"}));
  const Fault deaf = aimed_at(aimed(Kind::deafen_leader, 1, 20), "b", 50);
  EXPECT_EQ(deaf, between(Kind::one_way, 50, 20, {"c", "a"}, {"b"}));
  EXPECT_EQ(aimed_at(aimed(Kind::pause_leader, 1, 20), "c", 50), fault(Kind::pause, 50, 20, {"c"}));
  EXPECT_EQ(aimed_at(aimed(Kind::crash_leader, 1, 20), "c", 50), fault(Kind::crash, 50, 20, {"c"}));
}

TEST(AimedAt, AnIsolatedLeaderReachesThoseThatFollowItInTheList) {
  Fault cut = aimed(Kind::isolate_leader, 1, 20);
  cut.reaches = 1;
  EXPECT_EQ(aimed_at(cut, "a", 0).peers, Peers{"c"});
  EXPECT_EQ(aimed_at(cut, "b", 0).peers, Peers{"a"});
  EXPECT_EQ(aimed_at(cut, "c", 0).peers, Peers{"b"});
  cut.reaches = 7;
  EXPECT_EQ(aimed_at(cut, "a", 0).peers, Peers{});
}

TEST(AimedAt, EveryAimedKindBecomesOneThatIsNot) {
  for (const Kind kind : all_kinds()) {
    if (shape_of(kind).aimed) {
      EXPECT_FALSE(shape_of(aimed_at(aimed(kind, 1, 1), "a", 1).kind).aimed) << to_string(kind);
    }
  }
}

std::size_t fault_of(const std::optional<Aim::Target>& target) {
  return target ? target->fault : 99;
}

TEST(Aim, OneLeadershipIsOneTurn) {
  Aim aim;
  const Fault any = aimed(Kind::crash_leader, 1, 1);
  EXPECT_FALSE(aim.due(0, any));  // nobody leads yet
  EXPECT_FALSE(aim.due(1, any));
  EXPECT_FALSE(aim.leads("elsewhere"));
  EXPECT_EQ(fault_of(aim.leads("b")), 0u);
  EXPECT_FALSE(aim.due(2, any));
  EXPECT_EQ(fault_of(aim.leads("a")), 1u);
  EXPECT_EQ(fault_of(aim.leads("b")), 2u);
  EXPECT_FALSE(aim.leads("c"));
}

TEST(Aim, WhoLeadsOnMayBeStruckAgainWhenTheFirstIsOver) {
  Aim aim;
  const Fault any = aimed(Kind::crash_leader, 1, 1);
  EXPECT_FALSE(aim.leads("a"));
  EXPECT_EQ(aim.due(0, any)->leader, "a");
  EXPECT_FALSE(aim.due(1, any));
  EXPECT_EQ(fault_of(aim.ended(0)), 1u);
  EXPECT_FALSE(aim.ended(0));  // it is the other one's turn now
  EXPECT_FALSE(aim.due(2, any));
  EXPECT_EQ(fault_of(aim.ended(1)), 2u);
}

class Leaders : public Stage {};

TEST_F(Leaders, AreStruckSomeTimeAfterTheyWereElected) {
  start({aimed(Kind::pause_leader, 100, 50, 20)});
  run_to(200);
  EXPECT_TRUE(nemesis_->struck().empty());
  nemesis_->leads("b");
  run_to(219);
  EXPECT_FALSE(host("b").paused());
  run_to(221);
  EXPECT_TRUE(host("b").paused());
  EXPECT_FALSE(host("a").paused());
  EXPECT_EQ(nemesis_->struck().at(Kind::pause_leader), 1u);
  run_to(271);
  EXPECT_FALSE(host("b").paused());
}

TEST_F(Leaders, WhoLeadsAlreadyIsStruckOnceTheFaultIsDue) {
  start({aimed(Kind::crash_leader, 100, 50)});
  nemesis_->leads("a");
  run_to(99);
  EXPECT_TRUE(host("a").up());
  run_to(101);
  EXPECT_FALSE(host("a").up());
  run_to(151);
  EXPECT_TRUE(host("a").up());
}

TEST_F(Leaders, IsolatedOnesReachNobodyButTheirFew) {
  Fault cut = aimed(Kind::isolate_leader, 100, 50);
  cut.reaches = 1;
  start({cut});
  nemesis_->leads("c");
  run_to(101);
  EXPECT_FALSE(blocked("c", "a"));
  EXPECT_FALSE(blocked("a", "c"));
  EXPECT_TRUE(blocked("c", "b"));
  EXPECT_TRUE(blocked("b", "c"));
  EXPECT_FALSE(blocked("a", "b"));
  run_to(151);
  EXPECT_FALSE(blocked("c", "b"));
}

TEST_F(Leaders, DeafOnesAreStillHeard) {
  start({aimed(Kind::deafen_leader, 100, 50)});
  nemesis_->leads("b");
  run_to(101);
  EXPECT_TRUE(blocked("a", "b"));
  EXPECT_TRUE(blocked("c", "b"));
  EXPECT_FALSE(blocked("b", "a"));
  EXPECT_FALSE(blocked("b", "c"));
}

TEST_F(Leaders, OneIsLetGoWhenTheNextIsStruck) {
  start({aimed(Kind::isolate_leader, 100, 1000), aimed(Kind::isolate_leader, 110, 1000, 5)});
  nemesis_->leads("a");
  run_to(120);
  nemesis_->leads("b");
  run_to(124);
  EXPECT_TRUE(blocked("a", "c"));
  EXPECT_FALSE(blocked("b", "c"));
  run_to(126);
  EXPECT_FALSE(blocked("a", "c"));
  EXPECT_TRUE(blocked("b", "c"));
}

TEST_F(Leaders, HealingEndsWhatIsUnderWayAndWhatIsAboutToStrike) {
  start({aimed(Kind::isolate_leader, 100, 5000), aimed(Kind::isolate_leader, 100, 5000, 50),
         aimed(Kind::isolate_leader, 100, 5000)});
  nemesis_->leads("a");
  run_to(120);
  nemesis_->leads("b");
  run_to(130);
  EXPECT_TRUE(blocked("a", "c"));
  nemesis_->heal();
  EXPECT_FALSE(blocked("a", "c"));
  nemesis_->leads("c");
  run_to(6000);
  EXPECT_FALSE(blocked("b", "a"));
  EXPECT_FALSE(blocked("c", "a"));
  EXPECT_EQ(nemesis_->struck().at(Kind::isolate_leader), 1u);
}

TEST_F(Leaders, NobodyIsStruckUnlessItIsToldWhoLeads) {
  start({aimed(Kind::crash_leader, 100, 50)});
  run_to(10'000);
  EXPECT_EQ(world_.statistics().process_crashes, 0u);
}

}  // namespace
}  // namespace faults
