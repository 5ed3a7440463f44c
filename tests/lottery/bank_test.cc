// The bank by its HTTP interface: keys, its bad moods, its books.
#include "system/lottery/bank.h"

#include <gtest/gtest.h>

#include "tests/lottery/services_world.h"

namespace lottery_test {
namespace {

class BankTest : public testing::Test {
 protected:
  BankTest() {
    world.add("bank", [](env::Env& env) { return Bank::start(env); });
    world.run_for(milliseconds(50));
  }

  static rpc::HttpRequest request_of(const std::string& key, const std::string& card = "visa",
                                     const std::string& what = "charges",
                                     std::int64_t amount = 500) {
    rpc::HttpRequest request;
    request.method = "POST";
    request.target = "/v1/" + what;
    request.headers.emplace(kKeyHeader, key);
    const BankRequest body{"p1.0", amount, card};
    request.body = rpc::encode(body);
    return request;
  }
  rpc::HttpResponse charge(const std::string& key, const std::string& card = "visa") {
    return world.request("bank", request_of(key, card), seconds(3));
  }
  std::vector<SettlementRow> settlement(std::int64_t after) {
    rpc::HttpRequest request;
    request.method = "GET";
    request.target = "/v1/settlement?after=" + std::to_string(after);
    const rpc::HttpResponse response = world.request("bank", std::move(request));
    EXPECT_EQ(response.status, 200);
    return rpc::decode<SettlementFile>(response.body).rows;
  }
  void set(const std::string& name, std::int64_t value) {
    world.host("bank").set("bank." + name, value);
  }

  ServicesWorld world;
};

TEST_F(BankTest, SameKeySameAnswerAndOneMovement) {
  const rpc::HttpResponse first = charge("k1");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, R"({"outcome":"captured"})");
  const rpc::HttpResponse again = charge("k1");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(settlement(0).size(), 1u);
  EXPECT_EQ(world.moved.size(), 1u);
}

TEST_F(BankTest, ADeclineIsDefiniteAndMovesNothing) {
  for (int i = 0; i < 2; ++i) {
    const rpc::HttpResponse response = charge("k1", "tok_declined");
    EXPECT_EQ(response.status, 402);
    EXPECT_EQ(response.body, R"({"outcome":"declined"})");
  }
  // Not even with a better card.
  EXPECT_EQ(charge("k1").status, 402);
  EXPECT_TRUE(settlement(0).empty());
}

TEST_F(BankTest, AKeyThatIsBeingWorkedOnIsAConflict) {
  set("latency_ms", 2000);
  const auto first = world.begin("bank", request_of("k1"));
  world.run_for(milliseconds(500));
  const auto second = world.begin("bank", request_of("k1"));
  world.run_for(milliseconds(500));
  ASSERT_TRUE(second->done);
  EXPECT_EQ(second->value->status, 409);
  ASSERT_TRUE(world.run_until([&] { return first->done; }));
  EXPECT_EQ(first->value->status, 200);
  EXPECT_EQ(charge("k1").status, 200);
  EXPECT_EQ(world.moved.size(), 1u);
}

TEST_F(BankTest, OutcomesSurviveARestart) {
  charge("k1");
  charge("k2", "declined");
  for (const auto kind : {simnet::StopKind::process, simnet::StopKind::power}) {
    world.restart("bank", kind);
    EXPECT_EQ(charge("k1").status, 200);
    EXPECT_EQ(charge("k2", "declined").status, 402);
    EXPECT_EQ(settlement(0).size(), 1u);
  }
  EXPECT_EQ(world.moved.size(), 1u);
  EXPECT_EQ(world.told_again.size(), 2u);
}

TEST_F(BankTest, RefusedMeansNotActed) {
  set("refuse_ppm", 1'000'000);
  EXPECT_EQ(charge("k1").status, 503);
  EXPECT_TRUE(settlement(0).empty());
  set("refuse_ppm", 0);
  EXPECT_EQ(charge("k1").status, 200);
}

TEST_F(BankTest, FailedAfterMeansActed) {
  set("fail_after_ppm", 1'000'000);
  EXPECT_EQ(charge("k1").status, 503);
  EXPECT_EQ(settlement(0).size(), 1u);
  EXPECT_EQ(charge("k1").status, 503);
  set("fail_after_ppm", 0);
  EXPECT_EQ(charge("k1").status, 200);
  EXPECT_EQ(world.moved.size(), 1u);
}

TEST_F(BankTest, MuteMeansActedWithoutAWord) {
  set("mute_ppm", 1'000'000);
  EXPECT_EQ(charge("k1").status, 0);
  EXPECT_EQ(settlement(0).size(), 1u);
  set("mute_ppm", 0);
  EXPECT_EQ(charge("k1").status, 200);
  EXPECT_EQ(world.moved.size(), 1u);
}

TEST_F(BankTest, SettlementRowsComeInOrderFiftyAtATime) {
  for (int i = 1; i <= 60; ++i) {
    charge("k" + std::to_string(i));
  }
  world.request("bank", request_of("r1", "", "refunds", 500));
  const auto first = settlement(0);
  ASSERT_EQ(first.size(), 50u);
  const auto rest = settlement(50);
  ASSERT_EQ(rest.size(), 11u);
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].sequence, static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(first[i].kind, "charge");
    EXPECT_EQ(first[i].key, "k" + std::to_string(i + 1));
    EXPECT_EQ(first[i].amount, 500);
    EXPECT_EQ(first[i].reference, "p1.0");
  }
  EXPECT_EQ(rest.back().kind, "refund");
  EXPECT_EQ(rest.back().sequence, 61);
  EXPECT_TRUE(settlement(61).empty());
}

TEST_F(BankTest, NonsenseIsRefusedWithoutEffect) {
  rpc::HttpRequest no_key = request_of("k1");
  no_key.headers.clear();
  EXPECT_EQ(world.request("bank", no_key).status, 400);
  rpc::HttpRequest no_json = request_of("k1");
  no_json.body = "{";
  EXPECT_EQ(world.request("bank", no_json).status, 400);
  EXPECT_EQ(world.request("bank", request_of("k1", "visa", "charges", -1)).status, 400);
  EXPECT_EQ(world.request("bank", request_of("k1", "visa", "gifts")).status, 404);
  EXPECT_TRUE(settlement(0).empty());
  EXPECT_TRUE(world.world.aborts().empty());
}

TEST_F(BankTest, APowerCutAtAnyDiskCallLeavesOneMovementAndOneAnswer) {
  std::uint64_t cuts = 0;
  for (std::uint64_t call = 1; call <= 40; ++call) {
    const std::string key = "k" + std::to_string(call);
    const std::uint64_t before = world.world.statistics().power_cuts;
    world.host("bank").disk().cut_power_after(call);
    rpc::HttpResponse response;
    for (int attempt = 0; attempt < 10 && response.status != 200; ++attempt) {
      response = charge(key);
      world.run_for(seconds(1));
    }
    EXPECT_EQ(response.status, 200) << key;
    EXPECT_EQ(settlement(static_cast<std::int64_t>(call) - 1).size(), 1u) << key;
    world.host("bank").disk().disarm_power_cut();
    cuts += world.world.statistics().power_cuts - before;
  }
  EXPECT_GT(cuts, 5u);
  EXPECT_EQ(world.moved.size(), 40u);
  EXPECT_TRUE(world.world.aborts().empty());
}

}  // namespace
}  // namespace lottery_test
