// The ledger process by its frames: group commit, and power cuts at every disk call.
#include "system/lottery/ledger_node.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/lottery/services_world.h"

namespace lottery_test {
namespace {

std::shared_ptr<void> start_ledger(env::Env& env) { return LedgerNode::start(env, {{opening()}}); }

Hold hold(int i) { return {"ann", "k" + std::to_string(i), "d", "s", 1, 0}; }

std::size_t commands_in(const std::vector<EntryCommitted>& entries) {
  std::size_t count = 0;
  for (const EntryCommitted& entry : entries) {
    count += commands_of(entry).size();
  }
  return count;
}

// Opens a connection now and proposes at the moment, so that all proposals are there
// at once.
env::awaitable<void> ask_at(env::Env* env, env::Instant moment, Command command,
                            AnswerPtr<std::string> answer) {
  rpc::FrameClient client(*env, {"ledger", kLedgerPort});
  std::string greeting = encode_call(LedgerQuery{"due", "", "", "", 0});
  co_await client.call(std::move(greeting), seconds(2));
  co_await env::sleep_for(*env, moment - env->now());
  std::string request = encode_call(Proposals{std::move(command)});
  answer->value = co_await client.call(std::move(request), seconds(2));
  answer->done = true;
}

class LedgerNodeTest : public testing::Test {
 protected:
  LedgerNodeTest() {
    world.add("ledger", start_ledger);
    world.run_for(seconds(1));
  }

  ServicesWorld world;
};

TEST_F(LedgerNodeTest, OpensItsDrawsOnce) {
  ASSERT_EQ(commands_in(world.committed), 1u);
  world.restart("ledger", simnet::StopKind::power);
  world.run_for(seconds(1));
  EXPECT_EQ(commands_in(world.committed), 1u);
  EXPECT_EQ(world.insist(Hold{"ann", "k", "d", "s", 1, 0}).status, 201);
}

TEST_F(LedgerNodeTest, CommandsThatWaitTogetherShareEntriesOfBoundedSize) {
  const std::size_t before = world.committed.size();
  std::vector<AnswerPtr<std::string>> answers;
  const env::Instant moment = world.probe().now() + seconds(1);
  for (int i = 1; i <= 300; ++i) {
    answers.push_back(std::make_shared<Answer<std::string>>());
    env::spawn(world.probe(), ask_at(&world.probe(), moment, hold(i), answers.back()));
  }
  world.run_for(milliseconds(999));
  world.host("ledger").pause();
  world.run_for(milliseconds(20));
  EXPECT_EQ(world.committed.size(), before);
  world.host("ledger").resume();
  ASSERT_TRUE(world.run_until([&] {
    return std::all_of(answers.begin(), answers.end(), [](const auto& a) { return a->done; });
  }));
  std::size_t most = 0;
  std::size_t all = 0;
  for (std::size_t i = before; i < world.committed.size(); ++i) {
    most = std::max(most, commands_of(world.committed[i]).size());
    all += commands_of(world.committed[i]).size();
  }
  EXPECT_EQ(all, 300u);
  EXPECT_EQ(most, 256u);
  EXPECT_LE(world.committed.size() - before, 4u);
  std::set<std::string> purchases;
  for (const auto& answer : answers) {
    ASSERT_TRUE(answer->value);
    const LedgerAnswer reply = rpc::unpack<LedgerAnswers>(*answer->value).at(0);
    EXPECT_EQ(reply.status, 201);
    purchases.insert(rpc::decode<PurchaseView>(reply.body).purchase);
  }
  EXPECT_EQ(purchases.size(), 300u);
}

TEST_F(LedgerNodeTest, EntriesStayWithinWhatTheLogTakes) {
  Proposals commands;
  for (int i = 0; i < 600; ++i) {
    commands.push_back(SessionPut{"ann", "s" + std::to_string(i), 1, std::string(4096, 'x')});
  }
  commands.push_back(SessionPut{"ann", "too long", 1, std::string(1 << 17, 'x')});
  commands.push_back(hold(1));
  const std::string answer = world.frame(encode_call(commands));
  ASSERT_NE(answer, "no answer");
  const auto answers = rpc::unpack<LedgerAnswers>(answer);
  ASSERT_EQ(answers.size(), 602u);
  for (int i = 0; i < 600; ++i) {
    EXPECT_EQ(answers[i].status, 200) << i;
  }
  EXPECT_EQ(answers[600].status, 400);
  EXPECT_EQ(answers[601].status, 201);
  for (const EntryCommitted& entry : world.committed) {
    EXPECT_LE(entry.payload.size(), replica::kPayloadLimit_bytes);
  }
  EXPECT_TRUE(world.world.aborts().empty());
}

TEST_F(LedgerNodeTest, NonsenseIsRefusedAndHarmsNobody) {
  const std::string proposal = encode_call(Proposals{hold(1)});
  for (const std::string& frame :
       {std::string(), std::string("garbage"), std::string("\xff\xfe"), std::string("\x01"),
        std::string("\x01\x02\x01"), std::string("\x01\x01\x7f"), proposal + "x",
        proposal.substr(0, proposal.size() - 1), std::string("\x02\x03"),
        encode_call(LedgerQuery{"fly", "", "", std::string(kStale), 0}),
        encode_call(LedgerQuery{"draw", "3", "", std::string(kStale), 0}),
        encode_call(LedgerQuery{"draw", "d", "", "fresh", 0})}) {
    const std::string answer = world.frame(frame);
    ASSERT_NE(answer, "no answer") << frame;
    const LedgerAnswer reply = rpc::unpack<LedgerAnswers>(answer).at(0);
    EXPECT_TRUE(reply.status == 400 || reply.status == 404) << frame << " " << reply.status;
  }
  EXPECT_TRUE(world.world.aborts().empty());
  EXPECT_EQ(world.host("ledger").incarnation(), 1u);
  EXPECT_EQ(commands_in(world.committed), 1u);
}

// The workload, with the power cut at the call-th disk call: what was acknowledged
// stays, the log never changes, and each key holds tickets once.
void run_with_cut(std::uint64_t call, bool& was_cut) {
  ServicesWorld world(call);
  world.add("ledger", start_ledger);
  world.host("ledger").disk().cut_power_after(call);
  std::map<std::string, std::string> acknowledged;
  const auto tell = [&](const std::string& key, const Command& command) {
    const Reply reply = world.insist(command);
    ASSERT_NE(reply.status, 0) << key;
    acknowledged[key] = std::to_string(reply.status) + reply.body;
  };
  for (int i = 1; i <= 3; ++i) {
    tell("k" + std::to_string(i), hold(i));
  }
  const std::string first = rpc::decode<PurchaseView>(acknowledged["k1"].substr(3)).purchase;
  const std::string second = rpc::decode<PurchaseView>(acknowledged["k2"].substr(3)).purchase;
  tell("cancel", Cancel{"ann", "cancel", first});
  tell("pay", Pay{"ann", "pay", second, "visa"});
  was_cut = world.world.statistics().power_cuts > 0;
  world.host("ledger").disk().disarm_power_cut();

  world.restart("ledger", simnet::StopKind::power);
  const std::map<std::string, std::string> before = acknowledged;
  for (int i = 1; i <= 3; ++i) {
    tell("k" + std::to_string(i), hold(i));
  }
  tell("cancel", Cancel{"ann", "cancel", first});
  tell("pay", Pay{"ann", "pay", second, "visa"});
  EXPECT_EQ(acknowledged, before) << "cut at call " << call;
  const LedgerAnswer draw = world.query({"draw", "d", "", std::string(kLinear), 0});
  EXPECT_EQ(rpc::decode<DrawView>(draw.body).available, 998) << "cut at call " << call;
  EXPECT_TRUE(world.world.aborts().empty()) << world.world.aborts().front().what;
}

TEST(LedgerNode, APowerCutAtAnyDiskCallLosesNothingAcknowledged) {
  std::uint64_t call = 1;
  bool was_cut = true;
  for (; was_cut && call < 2000; ++call) {
    run_with_cut(call, was_cut);
  }
  EXPECT_GT(call, 100u);
  EXPECT_LT(call, 2000u);
}

}  // namespace
}  // namespace lottery_test
