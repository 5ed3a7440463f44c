// Two workers, one ledger, one bank: whatever the bank does, a purchase is charged
// once and under one key.
#include "system/lottery/worker.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "system/lottery/bank.h"
#include "system/lottery/ledger_node.h"
#include "tests/lottery/services_world.h"

namespace lottery_test {
namespace {

struct Mood {
  const char* setting;
  std::int64_t value;
};

class WorkerTest : public testing::TestWithParam<Mood> {
 protected:
  WorkerTest() {
    world.add("ledger", [](env::Env& env) { return LedgerNode::start(env, {{opening()}}); });
    world.add("bank", [](env::Env& env) { return Bank::start(env); });
    for (const char* name : {"worker-1", "worker-2"}) {
      world.add(name, [](env::Env& env) {
        auto worker = std::make_shared<Worker>(
            env, WorkerOptions{{{1, "ledger", false}}, {"bank", kHttpPort}});
        worker->start();
        return worker;
      });
    }
    world.run_for(milliseconds(50));
  }

  std::string state_of(const std::string& purchase) {
    const LedgerAnswer reply = world.query({"purchase", purchase, "ann", std::string(kStale), 0});
    return rpc::decode<PurchaseView>(reply.body).state;
  }

  ServicesWorld world;
};

TEST_P(WorkerTest, APurchaseIsChargedOnce) {
  world.host("bank").set(GetParam().setting, GetParam().value);
  std::vector<std::string> purchases;
  for (int i = 0; i < 6; ++i) {
    const std::string n = std::to_string(i);
    const Reply held = world.insist(Hold{"ann", "hold-" + n, "d", "s", 1, 0});
    purchases.push_back(rpc::decode<PurchaseView>(held.body).purchase);
    EXPECT_EQ(world.insist(Pay{"ann", "pay-" + n, purchases.back(), "visa"}).status, 202);
  }
  world.run_for(seconds(60));
  world.host("bank").unset(GetParam().setting);
  world.run_for(seconds(60));

  std::map<std::string, int> charges;
  for (const BankMoved& row : world.moved) {
    EXPECT_EQ(row.kind, "charge");
    ++charges[row.reference];
  }
  std::map<std::string, std::set<std::string>> keys;
  for (const auto& [worker, call] : world.calls) {
    keys[call.purchase].insert(call.key);
  }
  for (const std::string& purchase : purchases) {
    EXPECT_EQ(state_of(purchase), "CONFIRMED");
    EXPECT_EQ(charges[purchase], 1) << purchase;
    EXPECT_EQ(keys[purchase].size(), 1u) << purchase;
  }
  EXPECT_TRUE(world.world.aborts().empty());
}

INSTANTIATE_TEST_SUITE_P(
    BankMoods, WorkerTest,
    testing::Values(Mood{"bank.latency_ms", 0}, Mood{"bank.latency_ms", 8000},
                    Mood{"bank.mute_ppm", 1'000'000}, Mood{"bank.mute_ppm", 500'000},
                    Mood{"bank.fail_after_ppm", 1'000'000}, Mood{"bank.refuse_ppm", 700'000}),
    [](const auto& info) {
      std::string name = info.param.setting + std::string("_") + std::to_string(info.param.value);
      std::replace(name.begin(), name.end(), '.', '_');
      return name;
    });

// One call in the hands of both at once.
TEST_F(WorkerTest, BothWorkersAskTheBankForTheSameCallAtOnce) {
  world.host("worker-1").pause();
  world.host("worker-2").pause();
  const Reply held = world.insist(Hold{"ann", "hold", "d", "s", 1, 0});
  const std::string purchase = rpc::decode<PurchaseView>(held.body).purchase;
  world.insist(Pay{"ann", "pay", purchase, "visa"});
  // The first one leases the call and asks; the bank is slow. The lease runs out while
  // the first is still waiting for its turn, and the second asks under the same key.
  world.host("bank").set("bank.latency_ms", 7000);
  world.host("worker-1").resume();
  ASSERT_TRUE(world.run_until([&] { return world.calls.size() == 1; }, seconds(5)));
  world.host("worker-1").pause();
  world.host("worker-2").resume();
  ASSERT_TRUE(world.run_until([&] { return world.calls.size() == 2; }, seconds(10)));
  world.host("worker-1").resume();
  world.run_for(seconds(60));
  EXPECT_EQ(world.calls[0].first, "worker-1");
  EXPECT_EQ(world.calls[1].first, "worker-2");
  EXPECT_EQ(world.calls[0].second.key, world.calls[1].second.key);
  EXPECT_EQ(world.moved.size(), 1u);
  EXPECT_EQ(state_of(purchase), "CONFIRMED");
}

}  // namespace
}  // namespace lottery_test
