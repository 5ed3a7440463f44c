// What the ledger has to tell, and who has passed it on.
#include <gtest/gtest.h>

#include "tests/lottery/ledger_driver.h"

namespace {

using namespace lottery_test;

class OutboxTest : public ::testing::Test {
 protected:
  OutboxTest() { ledger.open(); }
  std::string charging(const std::string& key) {
    const std::string p = ledger.held(key);
    ledger.pay(p, "pay " + key);
    return p;
  }
  std::string told(std::int64_t after = 0) {
    std::string text;
    for (const OutboxRow& row : ledger.state.outbox(after, 100).rows) {
      text += std::to_string(row.sequence) + " " + row.topic + " " + row.kind + "\n";
    }
    return text;
  }
  Reply ack(const std::string& consumer, std::int64_t sequence) {
    return ledger.run(AckOutbox{consumer, sequence});
  }
  LedgerDriver ledger;
};

TEST_F(OutboxTest, TellsOfEveryEndThatConcernsOthers) {
  const std::string sold = charging("a");
  EXPECT_EQ(told(), "");
  ledger.charge(sold, 1, "captured");
  ledger.charge(sold, 1, "captured");  // asked again
  const std::string failed = charging("b");
  for (const std::int64_t attempt : {1, 2, 3}) {
    ledger.charge(failed, attempt, "declined");
    ledger.pay(failed, "again" + std::to_string(attempt));
  }
  const std::string left = charging("c");
  ledger.cancel(left, "leave");
  ledger.charge(left, 1, "captured");
  ledger.run(RecordRefund{left, "refund-" + left});
  ledger.now_us = kCloses_us;
  ledger.run(CloseDraws{});
  EXPECT_EQ(told(),
            "1 user:ann confirmed\n2 user:ann failed\n3 user:ann refunded\n4 draw:d closed\n");
  const OutboxRows rows = ledger.state.outbox(0, 100);
  EXPECT_EQ(rows.rows.at(0).payload, rpc::encode(ledger.view(sold)));
  EXPECT_EQ(rows.rows.at(3).payload, rpc::encode(ledger.state.draw("d").value()));
}

TEST_F(OutboxTest, SettlementTellsWhatAnAnswerWouldHaveTold) {
  const std::string p = charging("a");
  ledger.run(RecordSettlement{1, "charge", "charge-" + p + "-1", p, 202});
  ledger.run(RecordSettlement{1, "charge", "charge-" + p + "-1", p, 202});
  EXPECT_EQ(told(), "1 user:ann confirmed\n");
}

TEST_F(OutboxTest, DrawsThatCloseTogetherGoByTimeThenId) {
  ledger.run(OpenDraw{"b", "s", 1, 1, kCloses_us, 9});
  ledger.run(OpenDraw{"e", "s", 1, 1, kCloses_us - 1, 9});
  ledger.now_us = kCloses_us;
  ledger.run(CloseDraws{});
  EXPECT_EQ(told(), "1 draw:e closed\n2 draw:b closed\n3 draw:d closed\n");
}

TEST_F(OutboxTest, IsReadInPages) {
  for (const char* key : {"a", "b", "c"}) {
    ledger.charge(charging(key), 1, "captured");
  }
  EXPECT_EQ(ledger.state.outbox(0, 2).rows.size(), 2U);
  EXPECT_EQ(ledger.state.outbox(0, 0).rows.size(), 1U);  // clamped
  EXPECT_EQ(told(2), "3 user:ann confirmed\n");
  EXPECT_EQ(told(3), "");
}

TEST_F(OutboxTest, AnAcknowledgementOnlyGrows) {
  for (const char* key : {"a", "b"}) {
    ledger.charge(charging(key), 1, "captured");
  }
  EXPECT_EQ(ledger.state.outbox_acknowledged("push"), 0);
  EXPECT_EQ(ack("push", 2).body, R"({"acknowledged":2})");
  EXPECT_EQ(ack("push", 1).body, R"({"acknowledged":2})");
  EXPECT_EQ(ack("mail", 1).body, R"({"acknowledged":1})");
  EXPECT_EQ(ledger.state.outbox_acknowledged("push"), 2);
  EXPECT_EQ(error_of(ack("push", 3)), "bad_request");
  EXPECT_EQ(error_of(ack("push", -1)), "bad_request");
  EXPECT_EQ(error_of(ack("", 1)), "bad_request");
  EXPECT_EQ(ack("new", 0).status, 200);
}

}  // namespace
