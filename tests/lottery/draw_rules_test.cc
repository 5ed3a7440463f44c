// Changing a draw that is on sale, and holds made against what the buyer saw.
#include <gtest/gtest.h>

#include "tests/lottery/ledger_driver.h"

namespace {

using namespace lottery_test;

class DrawRulesTest : public ::testing::Test {
 protected:
  DrawRulesTest() { ledger.open(10, 100); }
  Reply amend(std::int64_t expected, std::int64_t price, std::int64_t closes_at_us = kCloses_us) {
    return ledger.run(AmendDraw{"d", expected, price, closes_at_us});
  }
  Reply hold(const std::string& key, std::int64_t seen_version) {
    return ledger.run(Hold{"ann", key, "d", "s", 2, 0, seen_version});
  }
  DrawView draw() { return ledger.state.draw("d").value(); }
  LedgerDriver ledger;
};

TEST_F(DrawRulesTest, AChangeIsANewVersion) {
  EXPECT_EQ(draw().version, 1);
  EXPECT_EQ(rpc::decode<DrawView>(amend(1, 150, kCloses_us - 1).body).version, 2);
  EXPECT_EQ(draw().price, 150);
  EXPECT_EQ(draw().closes_at_us, kCloses_us - 1);
  EXPECT_EQ(amend(2, 150, kCloses_us).status, 200);
  EXPECT_EQ(draw().version, 3);
}

TEST_F(DrawRulesTest, OfTwoWritersOneWins) {
  EXPECT_EQ(amend(1, 150).status, 200);
  const Reply lost = amend(1, 160);
  const rpc::Json body = rpc::Json::parse(lost.body);
  EXPECT_EQ(lost.status, 409);
  EXPECT_EQ(body["error"], "changed");
  EXPECT_EQ(body["current"]["price"], 150);
  EXPECT_EQ(body["current"]["version"], 2);
  EXPECT_EQ(amend(3, 160).status, 409);
  EXPECT_EQ(draw().price, 150);
}

TEST_F(DrawRulesTest, ARetryChangesNothing) {
  const Reply first = amend(1, 150);
  EXPECT_EQ(amend(1, 150), first);
  EXPECT_EQ(draw().version, 2);
}

TEST_F(DrawRulesTest, NoEndOfSaleIsMovedOnceItHasPassed) {
  ledger.now_us = 5000;
  ledger.apply({});
  const std::int64_t now_us = ledger.state.last_now_us() + 1;
  EXPECT_EQ(error_of(amend(1, 150, now_us)), "bad_request");
  EXPECT_EQ(amend(1, 150, now_us + 10).status, 200);
  ledger.now_us = now_us + 10;
  EXPECT_EQ(error_of(amend(2, 150, kCloses_us)), "closed");
  ledger.run(CloseDraws{});
  EXPECT_EQ(error_of(amend(2, 150, kCloses_us)), "closed");
  EXPECT_EQ(draw().state, "CLOSED");
}

TEST_F(DrawRulesTest, LimitsAtBothEnds) {
  EXPECT_EQ(error_of(amend(1, -1)), "bad_request");
  EXPECT_EQ(error_of(amend(1, kMaxTicketPrice + 1)), "bad_request");
  EXPECT_EQ(error_of(ledger.run(AmendDraw{"x", 1, 1, kCloses_us})), "not_found");
  EXPECT_EQ(amend(1, 0).status, 200);
  EXPECT_EQ(amend(2, kMaxTicketPrice).status, 200);
}

TEST_F(DrawRulesTest, AHoldAgainstAnotherVersionIsRefusedWithWhatStands) {
  EXPECT_EQ(hold("a", 1).status, 201);
  amend(1, 150);
  const Reply refused = hold("b", 1);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.body,
            R"({"error":"changed","detail":"The draw is not the version that was seen.",)"
            R"("current":{"draw":"d","sku":"s","state":"OPEN","capacity":10,"available":8,)"
            R"("price":150,"closes_at_us":10000000000,"version":2,"commitment":""}})");
  EXPECT_EQ(hold("b", 1), refused);  // a failed key stays failed
  EXPECT_EQ(error_of(hold("b", 2)), "key_reused");
  EXPECT_EQ(hold("c", 3).status, 409);
  EXPECT_EQ(ledger.available(), 8);
  EXPECT_EQ(purchase_of(hold("d", 2)).price, 300);
  EXPECT_EQ(purchase_of(hold("e", 0)).price, 300);  // saw no version: takes what stands
}

TEST_F(DrawRulesTest, APurchaseKeepsItsPriceAndVersion) {
  const std::string p = purchase_of(hold("a", 1)).purchase;
  amend(1, 150);
  ledger.pay(p, "pay");
  EXPECT_EQ(ledger.lease().calls.at(0).amount, 200);
  amend(2, 170, kCloses_us - 5);
  EXPECT_EQ(purchase_of(ledger.charge(p, 1, "captured")).state, "CONFIRMED");
  EXPECT_EQ(ledger.view(p).price, 200);
  EXPECT_EQ(ledger.number("SELECT draw_version FROM purchases"), 1);
  EXPECT_EQ(ledger.balance("POOL[d]") + ledger.balance("HOUSE"), 200);
}

// The CLOSE entry decides who is in, not the clock.
TEST_F(DrawRulesTest, ACaptureAfterTheClosingTimeButBeforeItsEntryConfirms) {
  const std::string p = purchase_of(hold("a", 1)).purchase;
  const std::string q = purchase_of(hold("b", 1)).purchase;
  ledger.pay(p, "pay p");
  ledger.pay(q, "pay q");
  ledger.now_us = kCloses_us + 10;
  EXPECT_EQ(purchase_of(ledger.charge(p, 1, "captured")).state, "CONFIRMED");
  ledger.run(CloseDraws{});
  EXPECT_EQ(purchase_of(ledger.charge(q, 1, "captured")).state, "REFUNDING");
}

}  // namespace
