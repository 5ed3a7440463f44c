// S26 on a paper ledger.
#include <gtest/gtest.h>

#include "system/lottery/protocol.h"
#include "tests/properties/stage.h"

namespace properties {
namespace {

const char* const kTarget = "/v1/sessions/cart";

class SessionSurvivalTest : public testing::Test {
 protected:
  std::string put(std::int64_t version, const std::string& data) {
    return stage.apply({lottery::SessionPut{"ann", "cart", version, data}})[0].body;
  }
  void acknowledge(std::int64_t version, const std::string& body) {
    stage.emit(lottery::CartStored{"ann", kTarget, version, body});
  }
  void look() { stage.emit(lottery::ClientLooked{"ann", ++looks, kTarget, "session", 0}); }
  void see(std::int64_t status, const std::string& body) {
    stage.emit(lottery::ClientSaw{"ann", looks, status, body, stage.rules_index});
  }
  bool holds() const { return !stage.violates("S26"); }

  Stage stage;
  std::int64_t looks = 0;
};

TEST_F(SessionSurvivalTest, HoldsWhileVersionsGrow) {
  const std::string one = put(1, "x");
  acknowledge(1, one);
  look();
  see(200, one);
  const std::string two = put(2, "y");
  look();
  see(200, two);  // his own, whose reply was lost
  acknowledge(2, two);
  stage.finish();
  EXPECT_TRUE(holds()) << stage.failures();
  EXPECT_GE(stage.oracle.property("S26").checks(), 5u);
}

TEST_F(SessionSurvivalTest, AnOlderOneThanWasStored) {
  const std::string one = put(1, "x");
  acknowledge(2, put(2, "y"));
  look();
  see(200, one);
  EXPECT_FALSE(holds());
}

TEST_F(SessionSurvivalTest, AnotherOneOfTheSameVersion) {
  acknowledge(1, put(1, "x"));
  look();
  see(200, rpc::encode(lottery::SessionView{"cart", "ann", 1, "z"}));
  EXPECT_FALSE(holds());
}

TEST_F(SessionSurvivalTest, NothingWhereSomethingWasStored) {
  acknowledge(1, put(1, "x"));
  look();
  see(404, "");
  EXPECT_FALSE(holds());
}

TEST_F(SessionSurvivalTest, WhatIsStoredAfterTheLookBeganMayBeMissing) {
  look();
  acknowledge(1, put(1, "x"));
  see(404, "");
  EXPECT_TRUE(holds()) << stage.failures();
}

TEST_F(SessionSurvivalTest, AVersionThatGoesBack) {
  put(1, "x");
  put(2, "y");
  stage.apply({lottery::SessionPut{"ann", "cart", 1, "x"}}, 1000, [](Stage&, auto& replies) {
    replies[0] = {200, rpc::encode(lottery::SessionView{"cart", "ann", 1, "x"})};
  });
  EXPECT_FALSE(holds());
}

// Power is cut between the commit of the books and the event; seed 1626 of `elections`.
TEST_F(SessionSurvivalTest, AWriteThatNoReplicaToldOf) {
  put(1, "x");
  stage.commit({lottery::SessionPut{"ann", "cart", 2, "y"}});
  stage.write();
  put(3, "z");
  EXPECT_TRUE(holds()) << stage.failures();
  stage.commit({lottery::SessionPut{"ann", "cart", 4, "y"}});
  stage.write();
  stage.emit(lottery::LedgerRecovered{stage.rules_index, &stage.books});
  put(5, "z");
  EXPECT_TRUE(holds()) << stage.failures();
}

TEST_F(SessionSurvivalTest, AFinalTableWithoutIt) {
  acknowledge(1, put(1, "x"));
  stage.books.run("DELETE FROM sessions");
  stage.finish();
  EXPECT_FALSE(holds());
}

}  // namespace
}  // namespace properties
