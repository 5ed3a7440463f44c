#include "system/lottery/session_cache.h"

#include <gtest/gtest.h>

namespace lottery {
namespace {

SessionView view(std::int64_t version) { return {"s", "ann", version, "data"}; }

TEST(SessionCache, ShowsOnlyWhatIsAsNewAsTheReader) {
  SessionCache cache;
  EXPECT_EQ(cache.find("s", 0), nullptr);
  cache.keep(view(1), 10);
  ASSERT_NE(cache.find("s", 10), nullptr);
  EXPECT_EQ(cache.find("s", 10)->view.version, 1);
  EXPECT_EQ(cache.find("s", 11), nullptr);
  EXPECT_EQ(cache.find("t", 0), nullptr);
}

TEST(SessionCache, AnOlderViewThatComesLateIsNotKept) {
  SessionCache cache;
  cache.keep(view(2), 20);
  cache.keep(view(1), 10);
  EXPECT_EQ(cache.find("s", 0)->view.version, 2);
  EXPECT_EQ(cache.find("s", 0)->index, 20);
}

}  // namespace
}  // namespace lottery
