// Locks, tokens and plans: README.md of system/lottery, "Locks and plans".
#include <gtest/gtest.h>

#include "tests/lottery/ledger_driver.h"

namespace {

using namespace lottery_test;

constexpr std::int64_t kTtl = 1000;

class LocksTest : public ::testing::Test {
 protected:
  Reply acquire(const std::string& owner) { return ledger.run(AcquireLock{owner, "r", kTtl}); }
  LockView granted(const std::string& owner) {
    const Reply reply = acquire(owner);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return rpc::decode<LockView>(reply.body);
  }
  Reply renew(const std::string& owner, std::int64_t token) {
    return ledger.run(RenewLock{owner, "r", token});
  }
  Reply release(const std::string& owner, std::int64_t token) {
    return ledger.run(ReleaseLock{owner, "r", token});
  }
  Reply plan(std::int64_t token, std::int64_t generation, const std::string& value = "v") {
    return ledger.run(PutPlan{"r", token, generation, value});
  }
  LedgerDriver ledger;
};

TEST_F(LocksTest, AGrantNamesItsPlaceInTheLog) {
  const auto replies = ledger.apply({AcquireLock{"a", "r", kTtl}, AcquireLock{"a", "q", kTtl}});
  EXPECT_EQ(replies.at(0).body,
            R"({"resource":"r","owner":"a","token":1000,"expires_at_us":1001000})");
  EXPECT_EQ(rpc::decode<LockView>(replies.at(1).body).token, 1001);
}

TEST_F(LocksTest, OneHolderAtATime) {
  const LockView a = granted("a");
  EXPECT_EQ(error_of(acquire("b")), "locked");
  EXPECT_EQ(ledger.state.lock("r")->owner, "a");
  ledger.now_us = a.expires_at_us - 1;
  EXPECT_EQ(error_of(acquire("b")), "locked");
  const LockView b = granted("b");  // exactly when the lease ends
  EXPECT_EQ(b.expires_at_us, a.expires_at_us + kTtl);
  EXPECT_GT(b.token, a.token);
}

TEST_F(LocksTest, TheSameOwnerGetsANewToken) {
  const LockView first = granted("a");
  const LockView second = granted("a");
  EXPECT_GT(second.token, first.token);
  EXPECT_EQ(error_of(plan(first.token, 1)), "fenced");
  EXPECT_EQ(error_of(renew("a", first.token)), "not_holder");
  EXPECT_EQ(error_of(release("a", first.token)), "not_holder");
  EXPECT_EQ(plan(second.token, 1).status, 200);
}

TEST_F(LocksTest, RenewingProlongsALiveLease) {
  const LockView a = granted("a");
  ledger.now_us = a.expires_at_us - 1;
  const LockView renewed = rpc::decode<LockView>(renew("a", a.token).body);
  EXPECT_EQ(renewed.token, a.token);
  EXPECT_EQ(renewed.expires_at_us, a.expires_at_us - 1 + kTtl);
  EXPECT_EQ(ledger.state.lock("r")->expires_at_us, renewed.expires_at_us);
}

TEST_F(LocksTest, AnExpiredLeaseIsDeadThoughNobodyTookIt) {
  const LockView a = granted("a");
  ledger.now_us = a.expires_at_us;
  EXPECT_EQ(error_of(renew("a", a.token)), "not_holder");
  EXPECT_EQ(error_of(plan(a.token, 1)), "fenced");
  EXPECT_FALSE(ledger.state.plan("r").has_value());
}

TEST_F(LocksTest, OnlyTheHolderRenewsOrReleases) {
  const LockView a = granted("a");
  EXPECT_EQ(error_of(renew("b", a.token)), "not_holder");
  EXPECT_EQ(error_of(release("b", a.token)), "not_holder");
  EXPECT_EQ(error_of(release("a", a.token + 1)), "not_holder");
  EXPECT_EQ(error_of(ledger.run(RenewLock{"a", "nothing", a.token})), "not_holder");
  EXPECT_EQ(error_of(ledger.run(ReleaseLock{"a", "nothing", a.token})), "not_holder");
}

TEST_F(LocksTest, AReleaseMayBeRepeatedButEndsNoOtherLease) {
  const LockView a = granted("a");
  const Reply released = release("a", a.token);
  EXPECT_EQ(rpc::decode<LockView>(released.body).expires_at_us, 0);
  EXPECT_EQ(release("a", a.token), released);
  EXPECT_EQ(error_of(plan(a.token, 1)), "fenced");
  const LockView b = granted("b");
  EXPECT_EQ(error_of(release("a", a.token)), "not_holder");
  EXPECT_EQ(ledger.state.lock("r")->expires_at_us, b.expires_at_us);
}

TEST_F(LocksTest, LimitsAtBothEnds) {
  for (const AcquireLock& bad :
       {AcquireLock{"", "r", 1}, AcquireLock{"a", "", 1}, AcquireLock{"a", "r", 0},
        AcquireLock{"a", "r", kMaxLockTtl_us + 1}}) {
    EXPECT_EQ(error_of(ledger.run(bad)), "bad_request");
  }
  EXPECT_FALSE(ledger.state.lock("r").has_value());
  EXPECT_EQ(ledger.run(AcquireLock{"a", "q", 1}).status, 200);
  EXPECT_EQ(ledger.run(AcquireLock{"a", "r", kMaxLockTtl_us}).status, 200);
}

TEST_F(LocksTest, GenerationsGrow) {
  const LockView a = granted("a");
  EXPECT_EQ(error_of(plan(a.token, 0)), "stale");
  const Reply first = plan(a.token, 5);
  EXPECT_EQ(first.body, R"({"resource":"r","generation":5,"token":1000,"value":"v"})");
  EXPECT_EQ(plan(a.token, 5), first);  // asked again
  EXPECT_EQ(error_of(plan(a.token, 5, "other")), "stale");
  EXPECT_EQ(error_of(plan(a.token, 4)), "stale");
  EXPECT_EQ(plan(a.token, 6, "w").status, 200);
  EXPECT_EQ(ledger.state.plan("r")->value, "w");
}

TEST_F(LocksTest, AWriterThatWasPausedPastItsLeaseIsFenced) {
  const LockView a = granted("a");
  plan(a.token, 1, "by a");
  ledger.now_us = a.expires_at_us;
  const LockView b = granted("b");
  plan(b.token, 2, "by b");
  EXPECT_EQ(error_of(plan(a.token, 3, "late")), "fenced");
  EXPECT_EQ(error_of(plan(b.token + 1, 3, "from the future")), "fenced");
  EXPECT_EQ(ledger.state.plan("r")->value, "by b");
  // The next holder goes on from the generation that stands.
  ledger.now_us = b.expires_at_us;
  const LockView c = granted("c");
  EXPECT_EQ(error_of(plan(c.token, 2, "by b")), "stale");
  EXPECT_EQ(plan(c.token, 3).status, 200);
}

TEST_F(LocksTest, PlansHaveASizeAndAResource) {
  const LockView a = granted("a");
  EXPECT_EQ(plan(a.token, 1, std::string(kMaxPlanBytes + 1, 'x')).status, 400);
  EXPECT_EQ(plan(a.token, 1, std::string(kMaxPlanBytes, 'x')).status, 200);
  EXPECT_EQ(ledger.run(PutPlan{"", a.token, 1, "v"}).status, 400);
  EXPECT_EQ(error_of(ledger.run(PutPlan{"nothing", a.token, 1, "v"})), "fenced");
}

}  // namespace
