// The saga of a purchase, transition by transition; README.md of the folder holds
// the rules these tests follow.
#include "system/lottery/ledger_state.h"

#include <gtest/gtest.h>

#include "tests/lottery/ledger_driver.h"

namespace {

using namespace lottery_test;

class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest() { ledger.open(); }
  std::string charging() {
    const std::string p = ledger.held("h");
    ledger.pay(p, "pay");
    return p;
  }
  std::string state(const std::string& purchase) { return ledger.view(purchase).state; }
  LedgerDriver ledger;
};

// ---- Draws ------------------------------------------------------------------

TEST(OpenDrawTest, MintsItsStockOnce) {
  LedgerDriver ledger;
  const Reply reply = ledger.open(100, 7);
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body,
            R"({"draw":"d","sku":"s","state":"OPEN","capacity":100,"available":100,"price":7,)"
            R"("closes_at_us":10000000000,"version":1,"commitment":""})");
  EXPECT_EQ(error_of(ledger.open(5)), "exists");
  EXPECT_EQ(error_of(ledger.run(OpenDraw{"d", "t", 5, 1, kCloses_us, 1})), "exists");
  EXPECT_EQ(ledger.available(), 100);
  EXPECT_EQ(ledger.transfer_state("mint:d:s"), "posted");
}

TEST(OpenDrawTest, RefusesFiguresOutOfRange) {
  LedgerDriver ledger;
  for (const OpenDraw& bad :
       {OpenDraw{"d", "s", 0, 1, 9, 1}, OpenDraw{"d", "s", 1, -1, 9, 1},
        OpenDraw{"d", "s", 1, 1, 9, 0}, OpenDraw{"d", "s", 1, kMaxTicketPrice + 1, 9, 1},
        OpenDraw{"d", "s", 1, 1, 9, kMaxHoldTtl_us + 1}, OpenDraw{"d,", "s", 1, 1, 9, 1},
        OpenDraw{"d", "s:", 1, 1, 9, 1}}) {
    EXPECT_EQ(error_of(ledger.run(bad)), "bad_request");
  }
  EXPECT_FALSE(ledger.state.draw("d").has_value());
}

// ---- Hold -------------------------------------------------------------------

TEST_F(LedgerTest, HoldReservesStock) {
  const Reply reply = ledger.hold("k", 3);
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body, R"({"purchase":"p2.0","user":"ann","draw":"d","sku":"s","count":3,)"
                        R"("price":303,"state":"HELD","attempt":0,"expires_at_us":601000001,)"
                        R"("tickets":[]})");
  EXPECT_EQ(ledger.available(), 97);
  EXPECT_EQ(ledger.transfer_state("hold:p2.0"), "pending");
}

TEST_F(LedgerTest, PurchasesOfOneEntryAreToldApart) {
  const auto replies =
      ledger.apply({Hold{"ann", "a", "d", "s", 1, 0}, Hold{"bob", "b", "d", "s", 1, 0}});
  EXPECT_EQ(purchase_of(replies.at(0)).purchase, "p2.0");
  EXPECT_EQ(purchase_of(replies.at(1)).purchase, "p2.1");
}

TEST_F(LedgerTest, HoldChecksInOrder) {
  ledger.now_us = kCloses_us;
  EXPECT_EQ(error_of(ledger.run(Hold{"ann", "1", "x", "s", 0, 0})), "not_found");
  EXPECT_EQ(error_of(ledger.run(Hold{"ann", "2", "d", "x", 0, 0})), "not_found");
  EXPECT_EQ(error_of(ledger.run(Hold{"ann", "3", "d", "s", 0, 0})), "bad_request");
  EXPECT_EQ(error_of(ledger.run(Hold{"ann", "4", "d", "s", 11, 0})), "bad_request");
  EXPECT_EQ(error_of(ledger.run(Hold{"ann", "5", "d", "s", 1, 0})), "closed");
}

TEST_F(LedgerTest, ClosingTimeItselfIsTooLate) {
  ledger.now_us = kCloses_us - 1;
  EXPECT_EQ(ledger.hold("in time").status, 201);
  EXPECT_EQ(error_of(ledger.hold("too late")), "closed");
}

TEST(HoldTest, NeverTrustsWhatTheBuyerSaw) {
  LedgerDriver ledger;
  ledger.open(3);
  EXPECT_EQ(ledger.hold("a", 2).status, 201);
  EXPECT_EQ(error_of(ledger.run(Hold{"bob", "b", "d", "s", 2, 1000})), "sold_out");
  EXPECT_EQ(ledger.run(Hold{"bob", "c", "d", "s", 1, 0}).status, 201);
  EXPECT_EQ(ledger.available(), 0);
}

// ---- Expiry -----------------------------------------------------------------

TEST_F(LedgerTest, ExpireHoldsTakesWhatIsDue) {
  const std::string first = ledger.held("a");
  ledger.now_us += 10;
  const std::string second = ledger.held("b");
  ledger.now_us = ledger.view(first).expires_at_us - 1;
  EXPECT_FALSE(ledger.state.holds_due(ledger.now_us));
  EXPECT_EQ(ledger.run(ExpireHolds{}).body, R"({"expired":0})");
  EXPECT_TRUE(ledger.state.holds_due(ledger.now_us));
  EXPECT_EQ(ledger.run(ExpireHolds{}).body, R"({"expired":1})");
  EXPECT_EQ(state(first), "EXPIRED");
  EXPECT_EQ(state(second), "HELD");
  EXPECT_EQ(ledger.transfer_state("hold:" + first), "expired");
  EXPECT_EQ(ledger.available(), 98);
  EXPECT_EQ(ledger.view(first).expires_at_us, 0);
}

TEST_F(LedgerTest, CancelOfAHoldVoidsIt) {
  const std::string p = ledger.held("h");
  const Reply reply = ledger.cancel(p, "c");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(purchase_of(reply).state, "EXPIRED");
  EXPECT_EQ(ledger.transfer_state("hold:" + p), "void");
  EXPECT_EQ(ledger.available(), 100);
  EXPECT_EQ(error_of(ledger.cancel(p, "c2")), "not_cancellable");
  EXPECT_EQ(error_of(ledger.pay(p, "p")), "not_payable");
}

TEST_F(LedgerTest, OthersPurchasesAreNotFound) {
  const std::string p = ledger.held("h");
  EXPECT_EQ(error_of(ledger.run(Pay{"bob", "k", p, ""})), "not_found");
  EXPECT_EQ(error_of(ledger.run(Cancel{"bob", "l", p})), "not_found");
  EXPECT_EQ(error_of(ledger.run(Pay{"ann", "m", "p9.9", "1"})), "not_found");
  EXPECT_EQ(error_of(ledger.run(Pay{"ann", "n", p, ""})), "bad_request");
}

// ---- Payment ----------------------------------------------------------------

TEST_F(LedgerTest, PayStartsAnAttempt) {
  const std::string p = ledger.held("h");
  const Reply reply = ledger.pay(p, "pay");
  EXPECT_EQ(reply.status, 202);
  EXPECT_EQ(purchase_of(reply).state, "CHARGING");
  EXPECT_EQ(purchase_of(reply).attempt, 1);
  EXPECT_EQ(purchase_of(reply).expires_at_us, 0);
  EXPECT_EQ(error_of(ledger.pay(p, "again")), "payment_in_progress");
  EXPECT_TRUE(ledger.state.bank_calls_due(ledger.now_us));
}

TEST_F(LedgerTest, CaptureConfirms) {
  const std::string p = charging();
  const Reply reply = ledger.charge(p, 1, "captured");
  EXPECT_EQ(purchase_of(reply).state, "CONFIRMED");
  EXPECT_EQ(purchase_of(reply).tickets, (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(ledger.transfer_state("hold:" + p), "posted");
  EXPECT_EQ(ledger.balance("POOL[d]"), 101);
  EXPECT_EQ(ledger.balance("HOUSE"), 101);
  EXPECT_EQ(ledger.balance("SUSPENSE[" + p + "]"), 0);
  EXPECT_EQ(ledger.balance("CLEARING[charge-" + p + "-1]"), -202);
  EXPECT_EQ(ledger.pay(p, "pay"), (Reply{200, reply.body}));
  EXPECT_EQ(ledger.charge(p, 1, "captured"), reply);
  EXPECT_EQ(ledger.charge(p, 1, "declined"), reply);
  EXPECT_EQ(error_of(ledger.cancel(p, "c")), "not_cancellable");
  EXPECT_EQ(ledger.number("SELECT count(*) FROM tickets WHERE owner = 'ann'"), 2);
}

TEST_F(LedgerTest, TicketNumbersGoOnAcrossPurchases) {
  const std::string p = charging();
  ledger.charge(p, 1, "captured");
  const std::string q = ledger.held("h2", 3);
  ledger.pay(q, "pay2");
  EXPECT_EQ(purchase_of(ledger.charge(q, 1, "captured")).tickets,
            (std::vector<std::int64_t>{3, 4, 5}));
}

TEST_F(LedgerTest, AnOddPriceGivesTheRemainderToTheHouse) {
  const std::string p = ledger.held("h", 1);
  ledger.pay(p, "pay");
  ledger.charge(p, 1, "captured");
  EXPECT_EQ(ledger.balance("POOL[d]"), 50);
  EXPECT_EQ(ledger.balance("HOUSE"), 51);
}

TEST(FreeDrawTest, MovesTicketsButNoMoney) {
  LedgerDriver ledger;
  ledger.open(5, 0);
  const std::string p = ledger.held("h");
  ledger.pay(p, "pay");
  EXPECT_EQ(purchase_of(ledger.charge(p, 1, "captured")).state, "CONFIRMED");
  EXPECT_EQ(ledger.number("SELECT count(*) FROM accounts WHERE ledger = 'money'"), 0);
}

TEST_F(LedgerTest, TheHoldsClockStandsStillWhileCharging) {
  const std::string p = ledger.held("h");
  const std::int64_t deadline_us = ledger.view(p).expires_at_us;
  ledger.now_us = deadline_us - 50;
  ledger.pay(p, "pay");
  ledger.now_us = deadline_us + kTtl_us;
  EXPECT_EQ(ledger.run(ExpireHolds{}).body, R"({"expired":0})");
  EXPECT_EQ(state(p), "CHARGING");
  const std::int64_t answered_us = ledger.now_us;
  ledger.charge(p, 1, "declined");
  EXPECT_EQ(ledger.view(p).expires_at_us, answered_us + 50);
  ledger.now_us = answered_us + 50;
  EXPECT_EQ(ledger.run(ExpireHolds{}).body, R"({"expired":1})");
}

TEST_F(LedgerTest, PayAfterTheDeadlineExpiresTheHold) {
  const std::string p = ledger.held("h");
  ledger.now_us = ledger.view(p).expires_at_us;
  EXPECT_EQ(error_of(ledger.pay(p, "pay")), "expired");
  EXPECT_EQ(state(p), "EXPIRED");
  EXPECT_EQ(ledger.transfer_state("hold:" + p), "expired");
  EXPECT_EQ(ledger.available(), 100);
}

TEST_F(LedgerTest, PayAfterClosingTimeIsRefusedAndLeftToCloseDraws) {
  ledger.now_us = kCloses_us - 10;
  const std::string p = ledger.held("h");
  ledger.now_us = kCloses_us;
  EXPECT_EQ(error_of(ledger.pay(p, "pay")), "closed");
  EXPECT_EQ(state(p), "HELD");
}

TEST_F(LedgerTest, ThreeDeclinesFailAndFreeTheStock) {
  const std::string p = ledger.held("h");
  for (const std::int64_t attempt : {1, 2, 3}) {
    EXPECT_EQ(ledger.pay(p, "pay" + std::to_string(attempt)).status, 202);
    EXPECT_EQ(ledger.available(), 98);
    EXPECT_EQ(ledger.charge(p, attempt, "declined").status, 200);
    EXPECT_EQ(state(p), attempt < 3 ? "HELD" : "FAILED");
    EXPECT_EQ(error_of(ledger.pay(p, "pay" + std::to_string(attempt))), "declined");
  }
  EXPECT_EQ(ledger.available(), 100);
  EXPECT_EQ(ledger.transfer_state("hold:" + p), "void");
  EXPECT_EQ(error_of(ledger.pay(p, "pay4")), "not_payable");
}

TEST_F(LedgerTest, AnswersAboutAnotherKeyAreNotFound) {
  const std::string p = charging();
  EXPECT_EQ(error_of(ledger.charge(p, 2, "captured")), "not_found");
  EXPECT_EQ(error_of(ledger.run(RecordCharge{"p9.9", "", "captured"})), "not_found");
  EXPECT_EQ(error_of(ledger.charge(p, 1, "perhaps")), "bad_request");
  ledger.charge(p, 1, "declined");
  ledger.pay(p, "pay2");
  EXPECT_EQ(error_of(ledger.charge(p, 1, "captured")), "not_found");
  EXPECT_EQ(state(p), "CHARGING");
}

// ---- Abandoning -------------------------------------------------------------

TEST_F(LedgerTest, CancelWhileChargingFreesStockAtOnceAndRefundsLater) {
  const std::string p = charging();
  EXPECT_EQ(purchase_of(ledger.cancel(p, "c")).state, "ABANDONING");
  EXPECT_EQ(ledger.available(), 100);
  EXPECT_EQ(ledger.transfer_state("hold:" + p), "void");
  EXPECT_EQ(ledger.lease().calls.at(0).kind, "charge");
  ledger.charge(p, 1, "captured");
  EXPECT_EQ(state(p), "REFUNDING");
  EXPECT_EQ(ledger.balance("SUSPENSE[" + p + "]"), 202);
  const BankCalls calls = ledger.lease();
  ASSERT_EQ(calls.calls.size(), 1U);
  EXPECT_EQ(calls.calls[0].kind, "refund");
  EXPECT_EQ(calls.calls[0].key, "refund-" + p);
  EXPECT_EQ(calls.calls[0].amount, 202);
  EXPECT_EQ(calls.calls[0].send, 1);
  EXPECT_EQ(error_of(ledger.run(RecordRefund{p, "other"})), "not_found");
  EXPECT_EQ(ledger.run(RecordRefund{p, "refund-" + p}).status, 200);
  EXPECT_EQ(state(p), "REFUNDED");
  EXPECT_EQ(ledger.balance("SUSPENSE[" + p + "]"), 0);
  EXPECT_EQ(ledger.run(RecordRefund{p, "refund-" + p}).status, 200);
  EXPECT_EQ(error_of(ledger.pay(p, "pay")), "refunded");
  EXPECT_EQ(ledger.number("SELECT count(*) FROM tickets"), 0);
}

TEST_F(LedgerTest, ADeclineOfAnAbandonedPaymentCancels) {
  const std::string p = charging();
  ledger.cancel(p, "c");
  ledger.charge(p, 1, "declined");
  EXPECT_EQ(state(p), "CANCELLED");
  EXPECT_EQ(error_of(ledger.pay(p, "pay")), "declined");
  EXPECT_FALSE(ledger.state.bank_calls_due(kCloses_us));
}

TEST_F(LedgerTest, ClosingExpiresHoldsAndAbandonsPayments) {
  const std::string paying = charging();
  ledger.now_us = kCloses_us - 5;
  const std::string holding = ledger.held("h2");
  EXPECT_FALSE(ledger.state.draws_due(kCloses_us - 1));
  EXPECT_TRUE(ledger.state.draws_due(kCloses_us));
  ledger.now_us = kCloses_us;
  EXPECT_EQ(ledger.run(CloseDraws{}).body, R"({"closed":1})");
  EXPECT_EQ(ledger.state.draw("d")->state, "CLOSED");
  EXPECT_EQ(state(holding), "EXPIRED");
  EXPECT_EQ(ledger.transfer_state("hold:" + holding), "expired");
  EXPECT_EQ(state(paying), "ABANDONING");
  EXPECT_EQ(ledger.transfer_state("hold:" + paying), "void");
  EXPECT_EQ(ledger.available(), 100);
  EXPECT_EQ(ledger.run(CloseDraws{}).body, R"({"closed":0})");
  EXPECT_EQ(error_of(ledger.hold("late")), "closed");
  ledger.charge(paying, 1, "captured");
  EXPECT_EQ(state(paying), "REFUNDING");
}

// ---- The bank lane ----------------------------------------------------------

TEST_F(LedgerTest, ALeaseComesBackWithTheSameKeyAfterADoublingPause) {
  const std::string p = charging();
  std::int64_t due_us = ledger.now_us;
  for (const std::int64_t pause_us : {6, 12, 12, 12}) {
    EXPECT_TRUE(ledger.state.bank_calls_due(due_us));
    ledger.now_us = due_us;
    const BankCalls calls = ledger.lease();
    ASSERT_EQ(calls.calls.size(), 1U);
    EXPECT_EQ(calls.calls[0].key, "charge-" + p + "-1");
    EXPECT_EQ(calls.calls[0].card, "4242");
    due_us += pause_us * 1'000'000;
    EXPECT_FALSE(ledger.state.bank_calls_due(due_us - 1));
  }
}

TEST_F(LedgerTest, LeasesGoByDueTimeThenByAgeInNumbers) {
  std::vector<Command> holds;
  std::vector<Command> pays;
  for (int i = 0; i < 12; ++i) {
    holds.push_back(Hold{"ann", "h" + std::to_string(i), "d", "s", 1, 0});
    pays.push_back(Pay{"ann", "p" + std::to_string(i), "p2." + std::to_string(11 - i), "1"});
  }
  ledger.apply(holds);
  ledger.apply(pays);
  BankCalls calls = ledger.lease(11);
  ASSERT_EQ(calls.calls.size(), 11U);
  EXPECT_EQ(calls.calls[2].purchase, "p2.2");
  EXPECT_EQ(calls.calls[10].purchase, "p2.10");
  calls = ledger.lease(0);  // clamped to 1
  ASSERT_EQ(calls.calls.size(), 1U);
  EXPECT_EQ(calls.calls[0].purchase, "p2.11");
  EXPECT_TRUE(ledger.lease().calls.empty());
}

// ---- Settlement -------------------------------------------------------------

TEST_F(LedgerTest, SettlementClearsACapture) {
  const std::string p = charging();
  const std::string key = "charge-" + p + "-1";
  ledger.charge(p, 1, "captured");
  EXPECT_EQ(ledger.run(RecordSettlement{1, "charge", key, p, 202}).body, R"({"settled":1})");
  EXPECT_EQ(ledger.balance("CLEARING[" + key + "]"), 0);
  EXPECT_EQ(ledger.balance("SETTLED"), -202);
  const std::string before = ledger.dump();
  EXPECT_EQ(ledger.run(RecordSettlement{1, "charge", key, p, 202}).status, 200);
  EXPECT_EQ(ledger.balance("SETTLED"), -202);
  EXPECT_EQ(ledger.state.settled_sequence(), 1);
}

TEST_F(LedgerTest, SettlementMayBeTheFirstToTellOfACapture) {
  const std::string p = charging();
  EXPECT_EQ(ledger.run(RecordSettlement{7, "charge", "charge-" + p + "-1", p, 202}).status, 200);
  EXPECT_EQ(state(p), "CONFIRMED");
  EXPECT_EQ(ledger.pay(p, "pay").status, 200);
  EXPECT_EQ(ledger.state.settled_sequence(), 7);
}

TEST_F(LedgerTest, SettlementMayBeTheFirstToTellOfACaptureAndRefundGivenUp) {
  const std::string p = charging();
  ledger.cancel(p, "c");
  EXPECT_EQ(ledger.run(RecordSettlement{1, "charge", "charge-" + p + "-1", p, 202}).status, 200);
  EXPECT_EQ(state(p), "REFUNDING");
  EXPECT_EQ(ledger.run(RecordSettlement{2, "refund", "refund-" + p, p, 202}).status, 200);
  EXPECT_EQ(state(p), "REFUNDED");
  EXPECT_EQ(ledger.balance("CLEARING[refund-" + p + "]"), 0);
  EXPECT_EQ(ledger.balance("SETTLED"), 0);
}

TEST_F(LedgerTest, RowsThatFitNothingAreReportedAndPassed) {
  const std::string p = charging();
  const std::string key = "charge-" + p + "-1";
  std::int64_t sequence = 0;
  for (const RecordSettlement& row :
       {RecordSettlement{0, "charge", key, p, 201}, RecordSettlement{0, "charge", "x", p, 202},
        RecordSettlement{0, "charge", key, "p9.9", 202}, RecordSettlement{0, "refund", key, p, 202},
        RecordSettlement{0, "fee", key, p, 202}}) {
    RecordSettlement numbered = row;
    numbered.sequence = ++sequence;
    EXPECT_EQ(error_of(ledger.run(numbered)), "unmatched");
    EXPECT_EQ(ledger.state.settled_sequence(), sequence);
  }
  EXPECT_EQ(state(p), "CHARGING");
  ledger.charge(p, 1, "captured");
  EXPECT_EQ(error_of(ledger.run(RecordSettlement{6, "charge", key, p, 201})), "unmatched");
  EXPECT_EQ(ledger.run(RecordSettlement{3, "charge", key, p, 202}).status, 200);
  EXPECT_EQ(ledger.state.settled_sequence(), 6);
}

// ---- The entry as a unit ----------------------------------------------------

TEST_F(LedgerTest, EntriesMustFollowEachOther) {
  const std::int64_t index = ledger.state.applied_index();
  EXPECT_THROW(ledger.state.apply(Entry{index, ledger.now_us, {}}), store::Error);
  EXPECT_THROW(ledger.state.apply(Entry{index + 2, ledger.now_us, {}}), store::Error);
  const Entry crowded{index + 1, ledger.now_us,
                      std::vector<Command>(kMaxCommandsPerEntry + 1, ExpireHolds{})};
  EXPECT_THROW(ledger.state.apply(crowded), store::Error);
  EXPECT_EQ(ledger.state.applied_index(), index);
}

TEST_F(LedgerTest, LogTimeGrowsAlsoWhenAStampIsBehind) {
  const std::int64_t index = ledger.state.applied_index();
  const std::int64_t last_us = ledger.state.last_now_us();
  EXPECT_EQ(ledger.state.apply(Entry{index + 1, 0, {}}).size(), 0U);
  EXPECT_EQ(ledger.state.applied_index(), index + 1);
  EXPECT_EQ(ledger.state.last_now_us(), last_us + 1);
  ledger.state.apply(Entry{index + 2, last_us + 1, {}});
  EXPECT_EQ(ledger.state.last_now_us(), last_us + 2);
  ledger.state.apply(Entry{index + 3, last_us + 9, {}});
  EXPECT_EQ(ledger.state.last_now_us(), last_us + 9);
}

TEST_F(LedgerTest, CommandsSeeTheTimeOfTheLogNotTheStamp) {
  const std::int64_t last_us = ledger.state.last_now_us();
  ledger.now_us = last_us - 500;
  EXPECT_EQ(purchase_of(ledger.hold("h")).expires_at_us, last_us + 1 + kTtl_us);
  ledger.now_us = last_us + 1 + kTtl_us;
  EXPECT_EQ(ledger.run(ExpireHolds{}).body, R"({"expired":1})");
  ledger.now_us = kStart_us;  // a leader with a slow clock takes over
  EXPECT_EQ(error_of(ledger.pay("p2.0", "pay")), "not_payable");
  EXPECT_EQ(ledger.number("SELECT value FROM meta WHERE name = 'last_now_us'"),
            ledger.state.last_now_us());
}

TEST_F(LedgerTest, AFailedEntryLeavesNothingBehind) {
  ledger.database.execute(
      "CREATE TEMP TRIGGER fault BEFORE INSERT ON idempotency WHEN new.key = 'bad' "
      "BEGIN SELECT RAISE(ABORT, 'fault'); END");
  const std::string before = ledger.dump();
  const std::int64_t index = ledger.state.applied_index();
  EXPECT_THROW(
      ledger.apply({Hold{"ann", "good", "d", "s", 1, 0}, Hold{"ann", "bad", "d", "s", 1, 0}}),
      store::Error);
  EXPECT_EQ(ledger.dump(), before);
  EXPECT_EQ(ledger.state.applied_index(), index);
  EXPECT_EQ(ledger.hold("next").status, 201);
  EXPECT_EQ(ledger.hold("good", 1).status, 201);  // its row was taken back
  EXPECT_EQ(error_of(ledger.hold("good", 2)), "key_reused");
  EXPECT_EQ(ledger.number("SELECT max(number) FROM idempotency"), 2);
}

TEST_F(LedgerTest, UnknownReadsAreEmpty) {
  EXPECT_FALSE(ledger.state.purchase("p9.9").has_value());
  EXPECT_FALSE(ledger.state.draw("x").has_value());
}

}  // namespace
