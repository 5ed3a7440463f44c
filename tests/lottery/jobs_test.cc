// Jobs: lanes, leases, completion: README.md of system/lottery, "Jobs".
#include <gtest/gtest.h>

#include "tests/lottery/ledger_driver.h"

namespace {

using namespace lottery_test;

class JobsTest : public ::testing::Test {
 protected:
  JobsTest() { ledger.open(); }
  // A purchase of this user, confirmed; returns its id.
  std::string bought(const std::string& user) {
    const std::string key = "k" + std::to_string(ledger.state.applied_index());
    const std::string p = purchase_of(ledger.hold(key, 1, user)).purchase;
    ledger.run(Pay{user, "pay " + key, p, "4242"});
    ledger.charge(p, 1, "captured");
    return p;
  }
  std::vector<JobView> lease(std::int64_t limit = 100, std::vector<std::string> kinds = {}) {
    return rpc::decode<JobViews>(ledger.run(LeaseJobs{"w", limit, std::move(kinds)}).body).jobs;
  }
  Reply complete(const JobView& job, const std::string& result = "thanks") {
    return ledger.run(CompleteJob{job.job, job.token, job.attempt, result});
  }
  Reply fail(const JobView& job) { return ledger.run(FailJob{job.job, job.token, job.attempt}); }
  std::string state(const std::string& p) { return ledger.state.job("receipt:" + p)->state; }
  LedgerDriver ledger;
};

TEST_F(JobsTest, AConfirmedPurchaseMakesOneReceiptJob) {
  const std::string p = bought("ann");
  ledger.charge(p, 1, "captured");
  EXPECT_EQ(ledger.number("SELECT count(*) FROM jobs"), 1);
  const auto jobs = lease();
  ASSERT_EQ(jobs.size(), 1U);
  EXPECT_EQ(rpc::encode(jobs[0]),
            R"({"job":"receipt:p2.0","kind":"receipt","lane":"user:ann","payload":"p2.0",)"
            R"("state":"OPEN","attempt":1,"token":6000,"due_us":61000005})");
}

TEST_F(JobsTest, ACompletedJobLeavesItsReceipt) {
  const std::string p = bought("ann");
  const JobView job = lease().at(0);
  const Reply done = complete(job);
  EXPECT_EQ(rpc::decode<JobView>(done.body).state, "DONE");
  EXPECT_EQ(ledger.state.receipt(p), "thanks");
  EXPECT_EQ(complete(job), done);  // asked again
  EXPECT_EQ(error_of(complete(job, "another text")), "superseded");
  EXPECT_EQ(ledger.state.receipt(p), "thanks");
  EXPECT_EQ(error_of(fail(job)), "superseded");
  EXPECT_EQ(error_of(ledger.run(RenewJob{job.job, job.token})), "superseded");
  EXPECT_TRUE(lease().empty());
}

TEST_F(JobsTest, OnlyTheHeadOfALaneIsHandedOut) {
  const std::string first = bought("ann");
  const std::string second = bought("ann");
  const std::string other = bought("bob");
  const auto jobs = lease();
  ASSERT_EQ(jobs.size(), 2U);
  EXPECT_EQ(jobs[0].payload, first);
  EXPECT_EQ(jobs[1].payload, other);
  EXPECT_TRUE(lease().empty());
  complete(jobs[0]);
  const auto next = lease();
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].payload, second);
}

TEST_F(JobsTest, AHeadThatWaitsBlocksItsLane) {
  bought("ann");
  bought("ann");
  fail(lease().at(0));
  EXPECT_TRUE(lease().empty());
  EXPECT_FALSE(ledger.state.jobs_due(ledger.now_us));
}

TEST_F(JobsTest, HeadsGoByDueTimeThenByAgeInNumbers) {
  std::vector<std::string> purchases;
  for (int i = 0; i < 4; ++i) {
    purchases.push_back(bought("u" + std::to_string(i)));
  }
  fail(lease(1).at(0));
  ledger.now_us += kJobBackoffBase_us;
  const auto jobs = lease(3);
  ASSERT_EQ(jobs.size(), 3U);
  EXPECT_EQ(jobs[0].payload, purchases[1]);
  EXPECT_EQ(jobs[2].payload, purchases[3]);
  EXPECT_EQ(lease(0).at(0).payload, purchases[0]);  // clamped to 1
}

TEST_F(JobsTest, KindsAreChosen) {
  bought("ann");
  EXPECT_TRUE(lease(9, {"win"}).empty());
  EXPECT_EQ(lease(9, {"win", "receipt"}).size(), 1U);
}

TEST_F(JobsTest, AZombieIsSuperseded) {
  const std::string p = bought("ann");
  const JobView zombie = lease().at(0);
  ledger.now_us = zombie.due_us - 1;
  EXPECT_FALSE(ledger.state.jobs_due(ledger.now_us));
  EXPECT_TRUE(lease().empty());
  EXPECT_TRUE(ledger.state.jobs_due(zombie.due_us));
  const JobView taken = lease().at(0);  // exactly when the lease ends
  EXPECT_EQ(taken.attempt, 2);
  EXPECT_GT(taken.token, zombie.token);
  EXPECT_EQ(error_of(complete(zombie, "zombie")), "superseded");
  EXPECT_EQ(error_of(fail(zombie)), "superseded");
  EXPECT_EQ(error_of(ledger.run(RenewJob{zombie.job, zombie.token})), "superseded");
  JobView mixed = taken;
  mixed.attempt = 1;
  EXPECT_EQ(error_of(complete(mixed)), "superseded");
  EXPECT_FALSE(ledger.state.receipt(p).has_value());
  EXPECT_EQ(complete(taken).status, 200);
  EXPECT_EQ(ledger.state.receipt(p), "thanks");
}

TEST_F(JobsTest, ALateCompletionCountsWhileNobodyHasTakenOver) {
  const std::string p = bought("ann");
  const JobView job = lease().at(0);
  ledger.now_us = job.due_us + 5;
  EXPECT_EQ(complete(job).status, 200);
  EXPECT_EQ(state(p), "DONE");
}

TEST_F(JobsTest, RenewingPutsTheEndOff) {
  bought("ann");
  const JobView job = lease().at(0);
  ledger.now_us = job.due_us - 1;
  const Reply renewed = ledger.run(RenewJob{job.job, job.token});
  EXPECT_EQ(rpc::decode<JobView>(renewed.body).due_us, job.due_us - 1 + kJobLease_us);
  ledger.now_us = job.due_us;
  EXPECT_TRUE(lease().empty());
  EXPECT_EQ(complete(job).status, 200);
}

TEST_F(JobsTest, FailuresBackOffAndEndAsPoisonedSoThatTheLaneGoesOn) {
  const std::string poison = bought("ann");
  const std::string next = bought("ann");
  std::int64_t pause_us = kJobBackoffBase_us;
  for (std::int64_t attempt = 1; attempt <= kMaxJobAttempts; ++attempt) {
    const JobView job = lease().at(0);
    EXPECT_EQ(job.attempt, attempt);
    EXPECT_EQ(job.payload, poison);
    const std::int64_t failed_us = ledger.now_us;
    const JobView failed = rpc::decode<JobView>(fail(job).body);
    EXPECT_EQ(failed.token, 0);
    EXPECT_EQ(error_of(complete(job)), "superseded");
    if (attempt < kMaxJobAttempts) {
      EXPECT_EQ(failed.due_us, failed_us + pause_us);
      ledger.now_us = failed.due_us - 1;
      EXPECT_TRUE(lease().empty());
      pause_us *= 2;
    }
  }
  EXPECT_EQ(state(poison), "POISONED");
  EXPECT_EQ(lease().at(0).payload, next);
}

TEST_F(JobsTest, WorkersThatNeverComeBackUseUpTheAttemptsToo) {
  const std::string poison = bought("ann");
  const std::string next = bought("ann");
  JobView last;
  for (std::int64_t attempt = 1; attempt <= kMaxJobAttempts; ++attempt) {
    last = lease().at(0);
    ledger.now_us = last.due_us;
  }
  EXPECT_TRUE(ledger.state.jobs_due(ledger.now_us));
  EXPECT_EQ(lease().at(0).payload, next);
  EXPECT_EQ(state(poison), "POISONED");
  EXPECT_EQ(error_of(complete(last)), "superseded");
}

TEST_F(JobsTest, LimitsAndUnknownJobs) {
  const std::string p = bought("ann");
  JobView job;
  job.job = "receipt:p9.9";
  job.token = 1;
  EXPECT_EQ(error_of(complete(job)), "not_found");
  EXPECT_EQ(error_of(fail(job)), "not_found");
  EXPECT_EQ(error_of(ledger.run(RenewJob{job.job, 1})), "not_found");
  JobView unleased;
  unleased.job = "receipt:" + p;
  EXPECT_EQ(error_of(complete(unleased)), "superseded");  // token 0 is nobody's
  EXPECT_EQ(error_of(fail(unleased)), "superseded");
  EXPECT_EQ(error_of(ledger.run(RenewJob{unleased.job, 0})), "superseded");
  const JobView leased = lease().at(0);
  EXPECT_EQ(complete(leased, std::string(kMaxJobResultBytes + 1, 'x')).status, 400);
  EXPECT_EQ(complete(leased, std::string(kMaxJobResultBytes, 'x')).status, 200);
}

}  // namespace
