// Workloads as they are drawn and run: nothing shifts when a user or an intent is taken away.
#include "properties/workload.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "properties/universe.h"

namespace properties {
namespace {

Scenario shipped() { return load_scenario("quick"); }

// Everything that can be decided is decided either way now and then, in the shares asked for.
TEST(Workload, TheDrawFollowsTheScenario) {
  Scenario scenario = shipped();
  scenario.users = 2000;
  scenario.rush_percent = 25;
  scenario.rush_s = 10;
  const Workload workload = draw_workload(scenario, 3);
  std::int64_t rushed = 0, twice = 0, other = 0, declined = 0, cancelled = 0, walked = 0;
  std::int64_t tries = 0, impatient = 0, payments = 0, most = 0;
  for (const User& user : workload.users) {
    rushed += user.arrives_ms >= 40'000 ? 1 : 0;
    EXPECT_LT(user.arrives_ms, 50'000);
    EXPECT_EQ(user.intents.front().think_ms, 0);
    for (const lottery::Intent& intent : user.intents) {
      twice += intent.press_again_ms ? 1 : 0;
      other += intent.other_cart ? 1 : 0;
      most = std::max(most, intent.tickets);
      for (const lottery::Try& each : intent.tries) {
        ++tries;
        walked += each.act == lottery::Act::walk_away ? 1 : 0;
        cancelled += each.act == lottery::Act::cancel ? 1 : 0;
        payments += each.act == lottery::Act::pay ? 1 : 0;
        declined += each.declined ? 1 : 0;
        impatient += each.gives_up_after == 1 ? 1 : 0;
        EXPECT_LE(each.think_ms, scenario.think_max_ms);
        EXPECT_TRUE(&each == &intent.tries.back() || each.declined);
      }
    }
  }
  const auto about = [](std::int64_t part, std::int64_t whole, std::int64_t percent) {
    EXPECT_NEAR(static_cast<double>(part) * 100 / static_cast<double>(whole),
                static_cast<double>(percent), 3.0);
  };
  about(rushed, 2000, 25);
  about(twice, 4000, 30);
  about(other, twice, 20);
  about(walked, tries, 10);
  about(cancelled, tries - walked, 10);
  about(declined, payments, 15);
  about(impatient, payments, 30);
  EXPECT_EQ(most, 3);
}

// Fewer users or intents: those that are left decide as they did.
TEST(Workload, NoDecisionDependsOnAnotherUserOrIntent) {
  const Workload all = draw_workload(shipped(), 5);
  Scenario fewer = shipped();
  fewer.users = 7;
  Workload first_seven = all;
  first_seven.users.resize(7);
  EXPECT_EQ(draw_workload(fewer, 5), first_seven);
  Scenario more = shipped();
  more.intents_per_user = 5;
  Workload longer = draw_workload(more, 5);
  for (User& user : longer.users) {
    user.intents.resize(2);
  }
  EXPECT_EQ(longer, all);
}

struct Decisions : Watcher {
  // Of each intent: its key and how many tickets; what he pays with is in the workload.
  std::map<std::string, std::pair<std::string, std::int64_t>> of;
  void on_event(simnet::Time, const std::string&, const env::EventRef& event) override {
    if (const auto* intent = event.as<lottery::UserIntent>()) {
      of[intent->intent] = {intent->key, intent->count};
    }
  }
  void on_fault(simnet::Time, const faults::Fault&, bool) override {}
};

std::map<std::string, std::pair<std::string, std::int64_t>> decisions(const Workload& workload) {
  Decisions decisions;
  Universe universe(shipped(), 5, {}, workload);
  universe.watch(decisions);
  EXPECT_EQ(universe.run({}).verdict, Verdict::holds);
  return decisions.of;
}

TEST(Workload, AnyIntentMayGoAndTheOthersAreAsTheyWere) {
  Workload few = draw_workload(shipped(), 5);
  few.users.resize(6);
  const auto all = decisions(few);
  ASSERT_EQ(all.size(), 12u);
  for (std::size_t user = 0; user < few.users.size(); ++user) {
    for (std::size_t intent = 0; intent < 2; ++intent) {
      Workload without = few;
      auto& intents = without.users[user].intents;
      const std::string gone = few.users[user].name + "/" + std::to_string(intents[intent].number);
      intents.erase(intents.begin() + static_cast<std::ptrdiff_t>(intent));
      auto expected = all;
      EXPECT_EQ(expected.erase(gone), 1u);
      EXPECT_EQ(decisions(without), expected) << gone;
    }
  }
}

Report run(std::uint64_t seed, const Workload& workload) {
  Universe universe(shipped(), seed, draw_plan(shipped(), seed), workload);
  return universe.run({});
}

TEST(Workload, WrittenAndReadBackItIsTheSameUniverse) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const Workload drawn = draw_workload(shipped(), seed);
    const Report report = run(seed, drawn);
    EXPECT_EQ(run(seed, workload_from_json(faults::parse_json(to_json(drawn).dump(), "w.json"),
                                           "w.json", shipped()))
                  .digest,
              report.digest);
    EXPECT_EQ(report.users, 20u);
    EXPECT_EQ(report.intents, 40u);
    EXPECT_EQ(report.tally.intents, 40);
  }
}

TEST(Workload, ChangingOneDecisionChangesTheUniverse) {
  Workload workload = draw_workload(shipped(), 1);
  const std::uint64_t digest = run(1, workload).digest;
  workload.users[11].intents[1].tickets = workload.users[11].intents[1].tickets % 3 + 1;
  EXPECT_NE(run(1, workload).digest, digest);
}

// Whoever is not in the workload has a machine that faults may strike, and does nothing.
TEST(Workload, UsersWhoAreNotInItDoNothing) {
  const Report nobody = run(1, {});
  EXPECT_EQ(nobody.verdict, Verdict::holds);
  EXPECT_TRUE(nobody.settled);
  EXPECT_EQ(nobody.intents, 0u);
  EXPECT_EQ(nobody.tally.intents, 0);
  Workload one = draw_workload(shipped(), 2);
  one.users = {one.users[4]};
  const Report report = run(2, one);
  EXPECT_EQ(report.verdict, Verdict::holds);
  EXPECT_EQ(report.users, 1u);
  EXPECT_EQ(report.tally.intents, 2);
}

TEST(Workload, AUserWithoutIntentsIsDoneAtOnce) {
  Workload idle;
  idle.users = {{"user-3", 1000, {}}};
  const Report report = run(1, idle);
  EXPECT_EQ(report.verdict, Verdict::holds);
  EXPECT_EQ(report.emitted.at("client.done"), 1u);
}

}  // namespace
}  // namespace properties
