#include "system/lottery/idempotency.h"

#include <gtest/gtest.h>

#include "tests/lottery/ledger_driver.h"

namespace {

using namespace lottery_test;

TEST(RequestHash, LeavesOutTheKeyAndWhatWasSeen) {
  const Hold hold{"ann", "k1", "d", "s", 2, 7};
  Hold again = hold;
  again.key = "k2";
  again.seen_available = 1;
  EXPECT_EQ(request_hash(hold), request_hash(again));
  EXPECT_EQ(request_hash(hold).size(), 32U);
}

TEST(RequestHash, TellsRequestsApart) {
  const Hold hold{"ann", "k", "d", "s", 2, 0};
  Hold other = hold;
  other.count = 3;
  EXPECT_NE(request_hash(hold), request_hash(other));
  other = hold;
  other.draw = "e";
  EXPECT_NE(request_hash(hold), request_hash(other));
  EXPECT_NE(request_hash(Pay{"ann", "k", "p1.0", "1"}), request_hash(Pay{"ann", "k", "p1.0", "2"}));
  EXPECT_NE(request_hash(Cancel{"ann", "k", "p1.0"}), request_hash(Pay{"ann", "k", "p1.0", ""}));
}

class IdempotencyTest : public ::testing::Test {
 protected:
  IdempotencyTest() { ledger.open(10); }
  std::int64_t rows() { return ledger.number("SELECT count(*) FROM idempotency"); }
  LedgerDriver ledger;
};

TEST_F(IdempotencyTest, TheSameHoldIsAnsweredAgainWithoutEffect) {
  const Reply first = ledger.hold("k");
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(ledger.run(Hold{"ann", "k", "d", "s", 2, 99}), first);
  EXPECT_EQ(ledger.available(), 8);
  ledger.cancel(purchase_of(first).purchase, "c");
  EXPECT_EQ(ledger.hold("k"), first);  // the reply of then, not the state of now
}

TEST_F(IdempotencyTest, TheSameKeyTwiceInOneEntry) {
  const Hold hold{"ann", "k", "d", "s", 2, 0};
  const auto replies = ledger.apply({hold, hold});
  EXPECT_EQ(replies.at(0), replies.at(1));
  EXPECT_EQ(ledger.available(), 8);
}

TEST_F(IdempotencyTest, AnotherRequestUnderTheKeyIsRefused) {
  const Reply first = ledger.hold("k");
  const std::string row = ledger.dump();
  EXPECT_EQ(error_of(ledger.hold("k", 3)), "key_reused");
  EXPECT_EQ(ledger.cancel(purchase_of(first).purchase, "k").status, 409);
  EXPECT_EQ(ledger.available(), 8);
  EXPECT_EQ(ledger.hold("k"), first);
  EXPECT_EQ(rows(), 1);
}

TEST_F(IdempotencyTest, KeysBelongToTheirUser) {
  EXPECT_EQ(ledger.hold("k", 2, "ann").status, 201);
  EXPECT_EQ(ledger.hold("k", 3, "bob").status, 201);
  EXPECT_EQ(ledger.available(), 5);
}

// "a" + "1b" and "a1" + "b" are the same letters.
TEST_F(IdempotencyTest, WhereAUserEndsAndHisKeyBeginsMatters) {
  EXPECT_EQ(ledger.hold("1b", 2, "a").status, 201);
  EXPECT_EQ(ledger.hold("b", 3, "a1").status, 201);
  EXPECT_EQ(ledger.available(), 5);
}

TEST_F(IdempotencyTest, KeysAreFoundAgainByALedgerThatOpensTheirRows) {
  const Reply first = ledger.hold("k");
  const Reply accepted = ledger.pay(purchase_of(first).purchase, "p");
  LedgerState again(ledger.database);
  const auto run = [&](Command command) {
    return again.apply(Entry{again.applied_index() + 1, ledger.now_us, {std::move(command)}})
        .front();
  };
  EXPECT_EQ(run(Hold{"ann", "k", "d", "s", 2, 0}), first);
  EXPECT_EQ(run(Pay{"ann", "p", purchase_of(first).purchase, "4242"}), accepted);
  run(RecordCharge{purchase_of(first).purchase, "charge-" + purchase_of(first).purchase + "-1",
                   "captured"});
  EXPECT_EQ(run(Pay{"ann", "p", purchase_of(first).purchase, "4242"}).status, 200);
  EXPECT_EQ(rows(), 2);
  EXPECT_EQ(run(Hold{"ann", "k2", "d", "s", 2, 0}).status, 201);
  EXPECT_EQ(ledger.number("SELECT max(number) FROM idempotency"), 3);
}

TEST_F(IdempotencyTest, AFailedKeyStaysFailed) {
  const std::string all = ledger.held("all", 10);
  const Reply refused = ledger.hold("k");
  EXPECT_EQ(error_of(refused), "sold_out");
  ledger.cancel(all, "c");
  EXPECT_EQ(ledger.hold("k"), refused);
  EXPECT_EQ(ledger.hold("k2").status, 201);
}

TEST_F(IdempotencyTest, AnEmptyUserOrKeyIsRefusedAndNotStored) {
  EXPECT_EQ(error_of(ledger.hold("")), "bad_request");
  EXPECT_EQ(error_of(ledger.hold("k", 2, "")), "bad_request");
  EXPECT_EQ(ledger.run(Pay{"ann", "", "p", "c"}).status, 400);
  EXPECT_EQ(ledger.run(Cancel{"", "k", "p"}).status, 400);
  EXPECT_EQ(rows(), 0);
}

TEST_F(IdempotencyTest, APayInFlightIsAnsweredWithThePresentState) {
  const std::string p = ledger.held("h");
  const Reply accepted = ledger.pay(p, "k");
  EXPECT_EQ(accepted.status, 202);
  EXPECT_EQ(ledger.pay(p, "k"), accepted);
  EXPECT_EQ(ledger.view(p).attempt, 1);
  ledger.cancel(p, "c");
  const Reply abandoning = ledger.pay(p, "k");
  EXPECT_EQ(abandoning.status, 202);
  EXPECT_EQ(purchase_of(abandoning).state, "ABANDONING");
  ledger.charge(p, 1, "captured");
  EXPECT_EQ(purchase_of(ledger.pay(p, "k")).state, "REFUNDING");
  ledger.run(RecordRefund{p, "refund-" + p});
  EXPECT_EQ(error_of(ledger.pay(p, "k")), "refunded");
}

TEST_F(IdempotencyTest, ADeclinedPayStaysDeclinedWhileANewKeyTriesAgain) {
  const std::string p = ledger.held("h");
  ledger.pay(p, "k1");
  ledger.charge(p, 1, "declined");
  EXPECT_EQ(ledger.pay(p, "k1").status, 402);
  EXPECT_EQ(ledger.pay(p, "k2").status, 202);
  ledger.charge(p, 2, "captured");
  EXPECT_EQ(ledger.pay(p, "k1").status, 402);
  EXPECT_EQ(ledger.pay(p, "k2").status, 200);
}

}  // namespace
