// The reference's rules, command by command, as the ledger's specification words them.
#include "properties/reference_purchases.h"

#include <gtest/gtest.h>

#include "system/rpc/codec.h"

namespace properties {
namespace {

using lottery::Reply;

class Rules : public ::testing::Test {
 protected:
  static constexpr std::int64_t kSecond = 1'000'000;

  Reply apply(lottery::Command command, std::int64_t after_us = kSecond) {
    now_us_ += after_us;
    return state_.apply({++index_, now_us_, {std::move(command)}}).front();
  }
  static std::string word(const Reply& reply) {
    return std::to_string(reply.status) + " " + error_word(reply.body);
  }
  static lottery::PurchaseView view(const Reply& reply) {
    return rpc::decode<lottery::PurchaseView>(reply.body);
  }
  const Purchase& p() const { return *state_.purchase("p2.0"); }
  std::int64_t free_stock() const { return state_.books().account("STOCK[d,s]").free(); }
  std::string hold_state() const { return state_.books().transfer("hold:p2.0")->state; }

  void open(std::int64_t price = 101, std::int64_t closes_at_us = 1000 * kSecond) {
    EXPECT_EQ(apply(lottery::OpenDraw{"d", "s", 5, price, closes_at_us, 30 * kSecond}).status, 201);
  }
  void hold() { EXPECT_EQ(apply(lottery::Hold{"ann", "h", "d", "s", 3, 0}).status, 201); }
  Reply pay(std::string key = "y1") { return apply(lottery::Pay{"ann", key, "p2.0", "card"}); }
  Reply record(std::string outcome) {
    return apply(lottery::RecordCharge{"p2.0", p().bank_key, std::move(outcome)});
  }

  ReferencePurchases state_;
  std::int64_t index_ = 0;
  std::int64_t now_us_ = 0;
};

TEST_F(Rules, LogTimeGrowsWhateverTheStamps) {
  EXPECT_TRUE(state_.apply({1, 500, {}}).empty());
  EXPECT_EQ(state_.now_us(), 500);
  state_.apply({2, 500, {}});
  EXPECT_EQ(state_.now_us(), 501);
  state_.apply({3, 0, {lottery::OpenDraw{"d", "s", 5, 1, 900, 100}}});
  state_.apply({4, 0, {lottery::Hold{"ann", "h", "d", "s", 1, 0}}});
  EXPECT_EQ(state_.purchase("p4.0")->expires_at_us, 603);
}

TEST_F(Rules, OpenDrawMintsOnce) {
  EXPECT_EQ(word(apply(lottery::OpenDraw{"d", "s", 0, 1, 9, 1})), "400 bad_request");
  const Reply reply = apply(lottery::OpenDraw{"d", "s", 5, 7, 99, 1});
  EXPECT_EQ(reply.body,
            R"({"draw":"d","sku":"s","state":"OPEN","capacity":5,"available":5,"price":7,)"
            R"("closes_at_us":99,"version":1,"commitment":""})");
  EXPECT_EQ(word(apply(lottery::OpenDraw{"d", "s2", 5, 7, 99, 1})), "409 exists");
  EXPECT_EQ(state_.books().account("MINT[d,s]").debits_posted, 5);
  EXPECT_EQ(free_stock(), 5);
}

TEST_F(Rules, OpenDrawRefusesFiguresAndIdsOutOfRange) {
  for (const lottery::OpenDraw& bad :
       {lottery::OpenDraw{"d,", "s", 1, 1, 9, 1}, lottery::OpenDraw{"d", "[s", 1, 1, 9, 1},
        lottery::OpenDraw{"d", "s", 1, lottery::kMaxTicketPrice + 1, 9, 1},
        lottery::OpenDraw{"d", "s", 1, 1, 9, lottery::kMaxHoldTtl_us + 1}}) {
    EXPECT_EQ(word(apply(bad)), "400 bad_request");
  }
}

TEST_F(Rules, AChangeOfTheDrawRefusesHoldsOfTheFormerVersion) {
  open(10);
  hold();
  const lottery::AmendDraw amend{"d", 1, 20, 900 * kSecond};
  EXPECT_EQ(apply(amend).body,
            R"({"draw":"d","sku":"s","state":"OPEN","capacity":5,"available":2,"price":20,)"
            R"("closes_at_us":900000000,"version":2,"commitment":""})");
  EXPECT_EQ(apply(amend).status, 200);
  EXPECT_EQ(word(apply(lottery::Hold{"bob", "h", "d", "s", 1, 0, 1})), "409 changed");
  EXPECT_EQ(view(apply(lottery::Hold{"bob", "h2", "d", "s", 1, 0, 2})).price, 20);
  EXPECT_EQ(p().draw_version, 1);
  EXPECT_EQ(p().price, 30);
  EXPECT_EQ(word(apply(lottery::AmendDraw{"d", 1, 21, 900 * kSecond})), "409 changed");
  EXPECT_EQ(word(apply(lottery::AmendDraw{"d", 2, 21, 1})), "400 bad_request");
  EXPECT_EQ(word(apply(lottery::AmendDraw{"x", 2, 21, 1})), "404 not_found");
  EXPECT_EQ(word(apply(lottery::AmendDraw{"d", 2, 21, 2000 * kSecond}, 900 * kSecond)),
            "409 closed");
}

TEST_F(Rules, HoldChecksInOrder) {
  open(10, 50 * kSecond);
  EXPECT_EQ(word(apply(lottery::Hold{"", "k0", "d", "s", 1, 0})), "400 bad_request");
  EXPECT_EQ(word(apply(lottery::Hold{"a", "k1", "d", "other", 0, 0})), "404 not_found");
  EXPECT_EQ(word(apply(lottery::Hold{"a", "k2", "d", "s", 11, 0})), "400 bad_request");
  EXPECT_EQ(word(apply(lottery::Hold{"a", "k3", "d", "s", 6, 0})), "409 sold_out");
  EXPECT_EQ(word(apply(lottery::Hold{"a", "k4", "d", "s", 6, 0}, 60 * kSecond)), "409 closed");
  EXPECT_TRUE(state_.purchases().empty());
}

TEST_F(Rules, HoldTakesStockAndNamesItsPlaceInTheLog) {
  open();
  hold();
  EXPECT_EQ(free_stock(), 2);
  EXPECT_EQ(hold_state(), "pending");
  EXPECT_EQ(p().price, 303);
  EXPECT_EQ(p().expires_at_us, now_us_ + 30 * kSecond);
}

TEST_F(Rules, AKeyAnswersTheSameForEver) {
  open();
  hold();
  const Reply again = apply(lottery::Hold{"ann", "h", "d", "s", 3, 77});
  EXPECT_EQ(view(again).purchase, "p2.0");
  EXPECT_EQ(word(apply(lottery::Hold{"ann", "h", "d", "s", 2, 0})), "409 key_reused");
  EXPECT_EQ(word(apply(lottery::Cancel{"ann", "h", "p2.0"})), "409 key_reused");
  EXPECT_EQ(view(apply(lottery::Hold{"bob", "h", "d", "s", 2, 0})).user, "bob");
  EXPECT_EQ(word(apply(lottery::Hold{"bob", "h2", "d", "s", 1, 0})), "409 sold_out");
  EXPECT_EQ(apply(lottery::Cancel{"ann", "c", "p2.0"}).status, 200);
  EXPECT_EQ(word(apply(lottery::Hold{"bob", "h2", "d", "s", 1, 0})), "409 sold_out");
}

TEST_F(Rules, ConfirmPostsSplitsAndIssues) {
  open();
  hold();
  EXPECT_EQ(pay().status, 202);
  EXPECT_EQ(p().bank_key, "charge-p2.0-1");
  EXPECT_EQ(word(pay("y2")), "409 payment_in_progress");
  EXPECT_EQ(view(record("captured")).state, "CONFIRMED");
  EXPECT_EQ(hold_state(), "posted");
  EXPECT_EQ(state_.books().account("POOL[d]").credits_posted, 151);
  EXPECT_EQ(state_.books().account("HOUSE").credits_posted, 152);
  EXPECT_EQ(state_.books().account("SUSPENSE[p2.0]").balance(), 0);
  EXPECT_EQ(view(pay()).tickets, (std::vector<std::int64_t>{1, 2, 3}));  // the first reply's key
  EXPECT_EQ(word(pay("y3")), "409 not_payable");
  EXPECT_EQ(word(apply(lottery::Cancel{"ann", "c", "p2.0"})), "409 not_cancellable");
  EXPECT_EQ(view(record("captured")).state, "CONFIRMED");
  EXPECT_EQ(state_.books().account("HOUSE").credits_posted, 152);
}

TEST_F(Rules, DeclinesGiveTheHoldItsTimeBackThenFail) {
  open();
  hold();
  for (const char* key : {"y1", "y2", "y3"}) {
    EXPECT_EQ(pay(key).status, 202);
    EXPECT_EQ(p().expires_at_us, 0);
    const std::int64_t left = p().hold_left_us;
    apply(lottery::ExpireHolds{}, 100 * kSecond);
    record("declined");
    EXPECT_EQ(word(pay(key)), "402 declined");
    if (p().state == PurchaseState::held) {
      EXPECT_EQ(p().expires_at_us, now_us_ - kSecond + left);
    }
  }
  EXPECT_EQ(p().state, PurchaseState::failed);
  EXPECT_EQ(p().attempt, 3);
  EXPECT_EQ(hold_state(), "void");
  EXPECT_EQ(free_stock(), 5);
}

TEST_F(Rules, PayAfterTheHoldRanOutExpiresIt) {
  open();
  hold();
  EXPECT_EQ(word(apply(lottery::Pay{"ann", "y", "p2.0", "card"}, 30 * kSecond)), "409 expired");
  EXPECT_EQ(p().state, PurchaseState::expired);
  EXPECT_EQ(hold_state(), "expired");
  EXPECT_EQ(word(apply(lottery::Pay{"bob", "y", "p2.0", "card"})), "404 not_found");
}

TEST_F(Rules, CancelWhileChargingFreesStockNowAndMoneyLater) {
  open();
  hold();
  pay();
  EXPECT_EQ(view(apply(lottery::Cancel{"ann", "c", "p2.0"})).state, "ABANDONING");
  EXPECT_EQ(free_stock(), 5);
  EXPECT_EQ(hold_state(), "void");
  EXPECT_EQ(pay().status, 202);
  EXPECT_EQ(view(record("captured")).state, "REFUNDING");
  EXPECT_EQ(word(apply(lottery::RecordRefund{"p2.0", "refund-x"})), "404 not_found");
  EXPECT_EQ(view(apply(lottery::RecordRefund{"p2.0", "refund-p2.0"})).state, "REFUNDED");
  EXPECT_EQ(word(pay()), "409 refunded");
  EXPECT_EQ(state_.books().account("SUSPENSE[p2.0]").balance(), 0);
}

TEST_F(Rules, AbandonedAndDeclinedIsCancelled) {
  open();
  hold();
  pay();
  apply(lottery::Cancel{"ann", "c", "p2.0"});
  EXPECT_EQ(view(record("declined")).state, "CANCELLED");
  EXPECT_EQ(word(pay()), "402 declined");
}

TEST_F(Rules, CloseExpiresHoldsAndAbandonsCharges) {
  open(10, 20 * kSecond);
  hold();
  EXPECT_EQ(apply(lottery::Hold{"bob", "h", "d", "s", 1, 0}).status, 201);
  pay();
  EXPECT_EQ(apply(lottery::CloseDraws{}).body, R"({"closed":0})");
  EXPECT_EQ(apply(lottery::CloseDraws{}, 20 * kSecond).body, R"({"closed":1})");
  EXPECT_EQ(p().state, PurchaseState::abandoning);
  EXPECT_EQ(state_.purchase("p3.0")->state, PurchaseState::expired);
  EXPECT_EQ(free_stock(), 5);
  EXPECT_EQ(apply(lottery::CloseDraws{}).body, R"({"closed":0})");
}

TEST_F(Rules, LeasesBackOffAndKeepTheKey) {
  open();
  hold();
  pay();
  const auto lease = [&](std::int64_t after_us) {
    return rpc::decode<lottery::BankCalls>(apply(lottery::LeaseBankCalls{"w", 9}, after_us).body)
        .calls;
  };
  const auto first = lease(kSecond);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(rpc::encode(first[0]),
            R"({"kind":"charge","purchase":"p2.0","key":"charge-p2.0-1","amount":303,)"
            R"("card":"card","attempt":1,"send":1})");
  EXPECT_TRUE(lease(lottery::kLeaseBase_us - 1).empty());
  EXPECT_EQ(lease(1).size(), 1u);
  EXPECT_TRUE(lease(2 * lottery::kLeaseBase_us - 1).empty());
  EXPECT_EQ(lease(1).at(0).send, 3);
  EXPECT_EQ(lease(lottery::kLeaseMax_us).at(0).key, "charge-p2.0-1");
  EXPECT_EQ(lease(lottery::kLeaseMax_us).at(0).send, 5);
}

TEST_F(Rules, SettlementMatchesOrConfirms) {
  open();
  hold();
  pay();
  EXPECT_EQ(word(apply(lottery::RecordSettlement{1, "charge", "charge-p2.0-1", "p2.0", 1})),
            "404 unmatched");
  EXPECT_EQ(state_.settled_sequence(), 1);
  const lottery::RecordSettlement row{2, "charge", "charge-p2.0-1", "p2.0", 303};
  EXPECT_EQ(apply(row).body, R"({"settled":2})");
  EXPECT_EQ(p().state, PurchaseState::confirmed);  // the reply was lost, the file was not
  EXPECT_EQ(state_.books().account("CLEARING[charge-p2.0-1]").balance(), 0);
  EXPECT_EQ(apply(row).status, 200);
  EXPECT_EQ(state_.books().account("SETTLED").debits_posted, 303);
  EXPECT_EQ(word(apply(lottery::RecordSettlement{3, "refund", "refund-p2.0", "p2.0", 303})),
            "404 unmatched");
}

TEST(PurchaseIdTest, ParsesOnlyItsOwnText) {
  EXPECT_EQ(PurchaseId::parse("p12.3")->position, 3);
  EXPECT_EQ((PurchaseId{9, 0} < PurchaseId{10, 0}), true);
  for (const char* text : {"", "p", "p1", "p1.", "p.1", "p01.0", "q1.0", "p1.0 ", "p1.x"}) {
    EXPECT_FALSE(PurchaseId::parse(text)) << text;
  }
}

}  // namespace
}  // namespace properties
