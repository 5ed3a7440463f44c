// A user before the whole lottery, crashed at many moments: an intent has one key.
#include "system/lottery/client.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "system/lottery/app.h"
#include "system/lottery/bank.h"
#include "system/lottery/edge.h"
#include "system/lottery/ledger_node.h"
#include "tests/lottery/services_world.h"

namespace lottery_test {
namespace {

constexpr int kIntents = 3;

void add_lottery(ServicesWorld& world) {
  world.add("ledger", [](env::Env& env) { return LedgerNode::start(env, {{opening()}}); });
  world.add("bank", [](env::Env& env) { return Bank::start(env); });
  world.add("app", [](env::Env& env) {
    return App::start(env, {"secret", {{1, "ledger", false}}, {"bank", kHttpPort}});
  });
  world.add("edge", [](env::Env& env) { return Edge::start(env, {{{"app", kHttpPort}}}); });
}

Try paying(std::int64_t think_ms, bool declined) {
  Try result;
  result.think_ms = think_ms;
  result.declined = declined;
  return result;
}

// One that pays after a decline, one that gives the tickets back, one that pays at once; with
// presses that come twice.
std::vector<Intent> intents() {
  Intent first;
  first.number = 1;
  first.tickets = 3;
  first.press_again_ms = 120;
  first.other_cart = true;
  first.tries = {paying(150, true), paying(40, false)};
  first.tries.back().press_again_ms = 7;
  Intent second;
  second.number = 4;
  second.think_ms = 250;
  second.tries = {{.think_ms = 90, .act = Act::cancel}};
  second.cancel_again_ms = 30;
  Intent third;
  third.number = 5;
  third.think_ms = 100;
  third.tickets = 2;
  return {first, second, third};
}

simnet::Host& add_user(ServicesWorld& world, std::vector<Intent> intents) {
  ClientOptions options;
  options.user = "ann";
  options.edge = {"edge", kHttpPort};
  options.draw = "d";
  options.sku = "s";
  options.arrives_after = milliseconds(100);
  options.intents = std::move(intents);
  return world.add("ann", [options](env::Env& env) { return Client::start(env, options); });
}

simnet::Host& add_user(ServicesWorld& world) { return add_user(world, intents()); }

// Each intent has one key, every hold in the ledger's log is under one of them, and
// each key got one purchase at most.
void check_keys(ServicesWorld& world, const std::string& what) {
  std::map<std::string, std::set<std::string>> keys_of;
  std::set<std::string> announced;
  for (const UserIntent& intent : world.intents) {
    keys_of[intent.intent].insert(intent.key);
    announced.insert(intent.key);
  }
  EXPECT_EQ(keys_of.size(), static_cast<std::size_t>(kIntents)) << what;
  for (const auto& [intent, keys] : keys_of) {
    EXPECT_EQ(keys.size(), 1u) << what << ", " << intent;
  }
  std::map<std::string, std::set<std::int64_t>> counts_of;
  for (const EntryCommitted& entry : world.committed) {
    for (const Command& command : commands_of(entry)) {
      if (const auto* hold = std::get_if<Hold>(&command)) {
        EXPECT_TRUE(announced.contains(hold->key)) << what;
        counts_of[hold->key].insert(hold->count);
      }
    }
  }
  EXPECT_EQ(counts_of.size(), static_cast<std::size_t>(kIntents)) << what;
  for (const auto& [key, counts] : counts_of) {
    EXPECT_EQ(counts.size(), 1u) << what << ": the request under " << key << " changed";
  }
  EXPECT_TRUE(world.world.aborts().empty()) << what;
}

TEST(Client, WithoutFailuresGoesThroughItsIntents) {
  ServicesWorld world;
  add_lottery(world);
  add_user(world);
  ASSERT_TRUE(world.run_until([&] { return world.users_done == 1; }));
  check_keys(world, "no crash");
}

// The operations that the ledger was asked for, in the order of their first entry.
std::vector<std::string> asked(const ServicesWorld& world) {
  std::vector<std::string> result;
  std::set<std::string> seen;
  const auto add = [&](const std::string& key, std::string what) {
    if (seen.insert(key).second) {
      result.push_back(std::move(what));
    }
  };
  for (const EntryCommitted& entry : world.committed) {
    for (const Command& command : commands_of(entry)) {
      if (const auto* hold = std::get_if<Hold>(&command)) {
        add(hold->key, "hold " + std::to_string(hold->count));
      } else if (const auto* pay = std::get_if<Pay>(&command)) {
        add(pay->key, "pay " + pay->card);
      } else if (const auto* cancel = std::get_if<Cancel>(&command)) {
        add(cancel->key, "cancel");
      }
    }
  }
  return result;
}

TEST(Client, DoesWhatItsIntentsSay) {
  ServicesWorld world;
  add_lottery(world);
  add_user(world);
  ASSERT_TRUE(world.run_until([&] { return world.users_done == 1; }));
  EXPECT_EQ(asked(world), (std::vector<std::string>{"hold 3", "pay tok_declined", "pay tok_visa",
                                                    "hold 1", "cancel", "hold 2", "pay tok_visa"}));
  std::set<std::string> numbers;
  for (const UserIntent& intent : world.intents) {
    numbers.insert(intent.intent);
  }
  EXPECT_EQ(numbers, (std::set<std::string>{"ann/1", "ann/4", "ann/5"}));
}

TEST(Client, AfterTheLastTryOrToWalkAwayHeLeavesTheHold) {
  ServicesWorld world;
  add_lottery(world);
  std::vector<Intent> both = {Intent{}, Intent{}};
  both[0].tries = {paying(0, true)};
  both[1].number = 2;
  both[1].tries = {{.act = Act::walk_away}};
  add_user(world, both);
  ASSERT_TRUE(world.run_until([&] { return world.users_done == 1; }));
  EXPECT_EQ(asked(world), (std::vector<std::string>{"hold 1", "pay tok_declined", "hold 1"}));
}

// Whoever loses patience while the bank is slow cancels; whoever does not, waits: once he has
// been told "not yet" he looks on until there is an outcome.
TEST(Client, GivesUpAfterSoManyAnswersWithoutAnOutcome) {
  for (const std::int64_t patience : {0, 1, 2}) {
    ServicesWorld world;
    add_lottery(world);
    world.host("bank").set("bank.latency_ms", 7000);
    std::vector<Intent> one = {Intent{}};
    one[0].tries.front().gives_up_after = patience;
    add_user(world, one);
    ASSERT_TRUE(world.run_until([&] { return world.users_done == 1; })) << patience;
    std::vector<std::string> expected = {"hold 1", "pay tok_visa"};
    if (patience == 1) {
      expected.emplace_back("cancel");
    }
    EXPECT_EQ(asked(world), expected) << patience;
  }
}

// What an intent leads to is the same when another one is taken away.
TEST(Client, AnIntentHasItsKeysWhateverWentBefore) {
  const auto keys = [](std::vector<Intent> given) {
    ServicesWorld world;
    add_lottery(world);
    add_user(world, std::move(given));
    EXPECT_TRUE(world.run_until([&] { return world.users_done == 1; }));
    std::map<std::string, std::string> result;
    for (const UserIntent& intent : world.intents) {
      result[intent.intent] = intent.key;
    }
    return result;
  };
  const auto all = keys(intents());
  ASSERT_EQ(all.size(), 3u);
  for (std::size_t gone = 0; gone < 3; ++gone) {
    std::vector<Intent> fewer = intents();
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(gone));
    const auto left = keys(fewer);
    EXPECT_EQ(left.size(), 2u);
    for (const auto& [intent, key] : left) {
      EXPECT_EQ(key, all.at(intent)) << intent << " without " << gone;
    }
  }
}

TEST(Client, ACrashAtAnyMomentRepeatsTheSameOperation) {
  for (int moment = 0; moment < 100; ++moment) {
    ServicesWorld world(5);
    add_lottery(world);
    simnet::Host& user = add_user(world);
    const auto kind = moment % 2 == 0 ? simnet::StopKind::process : simnet::StopKind::power;
    world.run_for(milliseconds(90) + std::chrono::microseconds(moment * 17'300));
    user.stop(kind);
    user.boot();
    ASSERT_TRUE(world.run_until([&] { return world.users_done >= 1; })) << moment;
    check_keys(world, "crash at moment " + std::to_string(moment));
  }
}

TEST(Client, APowerCutAtAnyDiskCallRepeatsTheSameOperation) {
  std::uint64_t cuts = 0;
  for (std::uint64_t call = 1; call <= 80; ++call) {
    ServicesWorld world(call);
    add_lottery(world);
    add_user(world).disk().cut_power_after(call);
    ASSERT_TRUE(world.run_until([&] { return world.users_done >= 1; })) << call;
    check_keys(world, "power cut at call " + std::to_string(call));
    cuts += world.world.statistics().power_cuts;
  }
  EXPECT_GT(cuts, 40u);
}

TEST(Client, CrashesInARowAreNoDifferent) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    ServicesWorld world(seed);
    add_lottery(world);
    simnet::Host& user = add_user(world);
    for (int crash = 0; crash < 20; ++crash) {
      world.run_for(milliseconds(37 + 11 * crash));
      user.stop(crash % 2 == 0 ? simnet::StopKind::process : simnet::StopKind::power);
      user.boot();
    }
    ASSERT_TRUE(world.run_until([&] { return world.users_done >= 1; }, seconds(600))) << seed;
    check_keys(world, "seed " + std::to_string(seed));
  }
}

}  // namespace
}  // namespace lottery_test
