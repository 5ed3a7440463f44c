#include "properties/reference_jobs.h"

#include <gtest/gtest.h>

#include "properties/reference_outbox.h"
#include "properties/reference_replies.h"
#include "system/rpc/codec.h"

namespace properties {
namespace {

Job job(const std::string& id, const std::string& lane) {
  return {id, "receipt", lane, "payload of " + id, JobState::open, 0, 0, 10};
}

std::vector<lottery::JobView> lease(ReferenceJobs& jobs, std::int64_t now_us, std::int64_t token) {
  return rpc::decode<lottery::JobViews>(
             jobs.run(lottery::LeaseJobs{"w", 9, {}}, now_us, token).body)
      .jobs;
}

TEST(ReferenceJobs, HeadsOfLanesOnly) {
  ReferenceJobs jobs;
  jobs.add({9, 0}, job("a", "ann"));
  jobs.add({10, 0}, job("b", "ann"));
  jobs.add({10, 1}, job("c", "bob"));
  EXPECT_TRUE(lease(jobs, 9, 1).empty());
  const auto first = lease(jobs, 10, 1000);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].job, "a");
  EXPECT_EQ(first[1].job, "c");
  EXPECT_EQ(jobs.run(lottery::CompleteJob{"a", 1000, 1, "text"}).status, 200);
  EXPECT_EQ(jobs.run(lottery::CompleteJob{"a", 1000, 1, "text"}).status, 200);
  EXPECT_EQ(error_word(jobs.run(lottery::CompleteJob{"a", 1000, 1, "other"}).body), "superseded");
  EXPECT_EQ(lease(jobs, 11, 2000).at(0).job, "b");
  EXPECT_EQ(jobs.receipt_rows(), (TableRows{{"payload of a", "text"}}));
}

TEST(ReferenceJobs, AttemptsRunOut) {
  ReferenceJobs jobs;
  jobs.add({1, 0}, job("a", "ann"));
  jobs.add({2, 0}, job("b", "ann"));
  std::int64_t now_us = 10;
  for (std::int64_t attempt = 1; attempt <= lottery::kMaxJobAttempts; ++attempt) {
    EXPECT_EQ(lease(jobs, now_us, attempt).at(0).job, "a");
    EXPECT_EQ(jobs.run(lottery::FailJob{"a", attempt, attempt}, now_us).status, 200);
    EXPECT_EQ(error_word(jobs.run(lottery::FailJob{"a", attempt, attempt}, now_us).body),
              "superseded");
    now_us += lottery::kJobBackoffBase_us << (attempt - 1);
  }
  EXPECT_EQ(jobs.all().begin()->second.state, JobState::poisoned);
  EXPECT_EQ(lease(jobs, now_us, 99).at(0).job, "b");
}

TEST(ReferenceOutbox, AcknowledgementsGrow) {
  ReferenceOutbox outbox;
  outbox.tell("user:ann", "confirmed", "{}");
  EXPECT_EQ(outbox.run({"push", 1}).body, R"({"acknowledged":1})");
  EXPECT_EQ(outbox.run({"push", 0}).body, R"({"acknowledged":1})");
  EXPECT_EQ(outbox.run({"push", 2}).status, 400);
  EXPECT_EQ(outbox.rows(), (TableRows{{"1", "user:ann", "confirmed", "{}"}}));
}

}  // namespace
}  // namespace properties
