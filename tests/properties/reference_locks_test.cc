#include "properties/reference_locks.h"

#include <gtest/gtest.h>

#include "properties/reference_replies.h"

namespace properties {
namespace {

TEST(ReferenceLocks, ALeaseIsDeadFromItsEndOn) {
  ReferenceLocks locks;
  EXPECT_EQ(locks.run(lottery::AcquireLock{"a", "r", 10}, 100, 1000).body,
            R"({"resource":"r","owner":"a","token":1000,"expires_at_us":110})");
  EXPECT_EQ(error_word(locks.run(lottery::AcquireLock{"b", "r", 10}, 109, 2000).body), "locked");
  EXPECT_EQ(locks.run(lottery::RenewLock{"a", "r", 1000}, 105).status, 200);
  EXPECT_EQ(error_word(locks.run(lottery::RenewLock{"a", "r", 1000}, 115).body), "not_holder");
  EXPECT_EQ(locks.run(lottery::AcquireLock{"b", "r", 10}, 115, 3000).status, 200);
  EXPECT_EQ(error_word(locks.run(lottery::ReleaseLock{"a", "r", 1000}).body), "not_holder");
  EXPECT_EQ(locks.run(lottery::ReleaseLock{"b", "r", 3000}).status, 200);
  EXPECT_EQ(locks.lock_rows(), (TableRows{{"r", "b", "3000", "10", "0"}}));
}

TEST(ReferenceLocks, AWriteNeedsTheLiveTokenAndANewGeneration) {
  ReferenceLocks locks;
  locks.run(lottery::AcquireLock{"a", "r", 10}, 100, 1000);
  EXPECT_EQ(error_word(locks.run(lottery::PutPlan{"r", 999, 1, "v"}, 101).body), "fenced");
  EXPECT_EQ(locks.run(lottery::PutPlan{"r", 1000, 1, "v"}, 101).status, 200);
  EXPECT_EQ(locks.run(lottery::PutPlan{"r", 1000, 1, "v"}, 102).status, 200);
  EXPECT_EQ(error_word(locks.run(lottery::PutPlan{"r", 1000, 1, "w"}, 102).body), "stale");
  EXPECT_EQ(error_word(locks.run(lottery::PutPlan{"r", 1000, 2, "w"}, 110).body), "fenced");
  EXPECT_EQ(locks.plan_rows(), (TableRows{{"r", "1", "1000", "v"}}));
}

}  // namespace
}  // namespace properties
