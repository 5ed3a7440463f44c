// S8 on a paper ledger.
#include <gtest/gtest.h>

#include "system/lottery/protocol.h"
#include "tests/properties/stage.h"

namespace properties {
namespace {

class FreshReadsTest : public testing::Test {
 protected:
  FreshReadsTest() {
    stage.open_and_hold();
    held = view_reply(200, *stage.rules.purchase("p2.0")).body;
  }
  void look(std::string_view level, std::int64_t watermark = 0) {
    stage.emit(
        lottery::ClientLooked{"ann", ++looks, "/v1/purchases/p2.0", std::string(level), watermark});
  }
  void see(std::string body, std::int64_t index, std::int64_t status = 200) {
    stage.emit(lottery::ClientSaw{"ann", looks, status, std::move(body), index});
  }
  bool holds() const { return !stage.violates("S8"); }

  Stage stage;
  std::string held;
  std::int64_t looks = 0;
};

TEST_F(FreshReadsTest, TheStateAtTheIndexNamed) {
  look(lottery::kSession);
  see(held, 2);
  stage.pay();
  look(lottery::kSession);
  see(held, 2);  // old, but he knew nothing newer
  look(lottery::kSession, 3);
  see(view_reply(200, *stage.rules.purchase("p2.0")).body, 3);
  EXPECT_TRUE(holds()) << stage.failures();
  EXPECT_GE(stage.oracle.property("S8").checks(), 6u);
}

TEST_F(FreshReadsTest, AStateThatNeverWas) {
  look(lottery::kSession);
  see("{}", 2);
  EXPECT_FALSE(holds());
}

TEST_F(FreshReadsTest, AStateOfAnotherIndex) {
  stage.pay();
  look(lottery::kSession);
  see(held, 3);
  EXPECT_FALSE(holds());
}

TEST_F(FreshReadsTest, NothingWhereThereIsSomething) {
  look(lottery::kSession);
  see("", 2, 404);
  EXPECT_FALSE(holds());
}

TEST_F(FreshReadsTest, NothingWhereThereWasNothingYet) {
  look(lottery::kSession);
  see("", 1, 404);
  EXPECT_TRUE(holds()) << stage.failures();
}

TEST_F(FreshReadsTest, ASessionThatWentBack) {
  stage.pay();
  look(lottery::kSession, 3);
  see(held, 2);
  EXPECT_FALSE(holds());
}

TEST_F(FreshReadsTest, ALinearReadThatMissesAnAcknowledgedWrite) {
  stage.pay();
  stage.emit(lottery::ClientReplied{"bob", "pay", "y9", 202, "", 3});
  look(lottery::kLinear);
  see(held, 2);
  EXPECT_FALSE(holds());
}

TEST_F(FreshReadsTest, ALinearReadMayMissWhatIsAcknowledgedLater) {
  look(lottery::kLinear);
  stage.pay();
  stage.emit(lottery::ClientReplied{"bob", "pay", "y9", 202, "", 3});
  see(held, 2);
  EXPECT_TRUE(holds()) << stage.failures();
}

TEST_F(FreshReadsTest, AnIndexThatDoesNotExist) {
  look(lottery::kSession);
  see(held, 99);
  EXPECT_FALSE(holds());
}

}  // namespace
}  // namespace properties
