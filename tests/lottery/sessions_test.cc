// Sessions by compare-and-set: README.md of system/lottery, "Sessions".
#include <gtest/gtest.h>

#include "tests/lottery/ledger_driver.h"

namespace {

using namespace lottery_test;

class SessionsTest : public ::testing::Test {
 protected:
  Reply put(std::int64_t version, const std::string& data, const std::string& user = "ann") {
    return ledger.run(SessionPut{user, "s", version, data});
  }
  LedgerDriver ledger;
};

TEST_F(SessionsTest, VersionsFollowEachOther) {
  EXPECT_FALSE(ledger.state.session("s").has_value());
  const Reply first = put(1, "a");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, R"({"session":"s","user":"ann","version":1,"data":"a"})");
  EXPECT_EQ(put(2, "b").status, 200);
  EXPECT_EQ(ledger.state.session("s")->version, 2);
  EXPECT_EQ(ledger.state.session("s")->data, "b");
}

TEST_F(SessionsTest, TheFirstVersionIsOne) {
  const Reply refused = put(2, "a");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.body, R"({"error":"conflict","detail":"Another version was stored meanwhile.",)"
                          R"("current":{"session":"s","user":"ann","version":0,"data":""}})");
  EXPECT_EQ(put(0, "").status, 400);
  EXPECT_EQ(put(-1, "a").status, 400);
  EXPECT_FALSE(ledger.state.session("s").has_value());
}

TEST_F(SessionsTest, OfTwoServersOneWins) {
  put(1, "a");
  EXPECT_EQ(put(2, "from the first").status, 200);
  const Reply lost = put(2, "from the second");
  EXPECT_EQ(lost.status, 409);
  const rpc::Json body = rpc::Json::parse(lost.body);
  EXPECT_EQ(body["error"], "conflict");
  EXPECT_EQ(body["current"]["data"], "from the first");
  EXPECT_EQ(body["current"]["version"], 2);
  EXPECT_EQ(ledger.state.session("s")->data, "from the first");
}

TEST_F(SessionsTest, ALateWriteUndoesNothing) {
  put(1, "a");
  put(2, "b");
  EXPECT_EQ(put(1, "a").status, 409);
  EXPECT_EQ(put(4, "d").status, 409);
  EXPECT_EQ(ledger.state.session("s")->data, "b");
}

TEST_F(SessionsTest, ARetryIsAnsweredAgainWithoutEffect) {
  const Reply first = put(1, "a");
  const std::string before = ledger.text("SELECT json_group_array(data) FROM sessions");
  EXPECT_EQ(put(1, "a"), first);
  EXPECT_EQ(ledger.text("SELECT json_group_array(data) FROM sessions"), before);
}

TEST_F(SessionsTest, OthersDoNotSeeIt) {
  put(1, "a");
  EXPECT_EQ(error_of(put(2, "b", "bob")), "not_found");
  EXPECT_EQ(error_of(put(1, "a", "bob")), "not_found");
  EXPECT_EQ(ledger.state.session("s")->user, "ann");
}

TEST_F(SessionsTest, LimitsAtBothEnds) {
  EXPECT_EQ(put(1, std::string(kMaxSessionBytes + 1, 'x')).status, 400);
  EXPECT_EQ(put(1, std::string(kMaxSessionBytes, 'x')).status, 200);
  EXPECT_EQ(put(2, "").status, 200);
  EXPECT_EQ(put(3, "x", "").status, 400);
  EXPECT_EQ(ledger.run(SessionPut{"ann", "", 1, "x"}).status, 400);
}

}  // namespace
