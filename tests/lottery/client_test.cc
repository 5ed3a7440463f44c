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

simnet::Host& add_user(ServicesWorld& world) {
  ClientOptions options;
  options.user = "ann";
  options.edge = {"edge", kHttpPort};
  options.draw = "d";
  options.sku = "s";
  options.arrives_after = milliseconds(100);
  options.intents = kIntents;
  options.think_max = milliseconds(300);
  options.tickets_max = 3;
  options.decline_percent = 20;
  options.cancel_percent = 20;
  options.double_press_percent = 50;
  return world.add("ann", [options](env::Env& env) { return Client::start(env, options); });
}

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
