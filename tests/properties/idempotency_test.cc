// S7 on a paper ledger.
#include "tests/properties/stage.h"

namespace properties {
namespace {

TEST(Idempotency, ARepeatedRequestGetsTheSameReply) {
  Stage stage;
  stage.open_and_hold();
  const auto first = stage.apply({lottery::Hold{"ann", "h1", "d", "s", 2, 99}});
  EXPECT_EQ(first[0].status, 201);
  stage.emit(lottery::ClientReplied{"ann", "hold", "h1", 201, first[0].body});
  stage.emit(lottery::ClientReplied{"ann", "hold", "h1", 201, first[0].body});
  stage.apply({lottery::Hold{"ann", "h1", "d", "s", 1, 99}});  // 409 key_reused
  stage.emit(lottery::ClientReplied{"ann", "hold", "h1", 409,
                                    R"({"error":"key_reused","detail":"other"})"});
  stage.emit(lottery::ClientReplied{"ann", "hold", "h1", 503, ""});
  stage.finish(false);
  EXPECT_EQ(stage.failures(), "");
}

TEST(Idempotency, TwoRepliesToOneKey) {
  Stage stage;
  stage.open_and_hold();
  stage.apply({lottery::Hold{"ann", "h1", "d", "s", 2, 3}}, 1, [](Stage&, auto& replies) {
    replies[0] = {409, R"({"error":"sold_out","detail":""})"};
  });
  EXPECT_TRUE(stage.violates("S7"));
  EXPECT_NE(stage.failures().find("key h1"), std::string::npos) << stage.failures();
}

TEST(Idempotency, AnotherRequestUnderTheKeyWasAnswered) {
  Stage stage;
  stage.open_and_hold();
  stage.apply({lottery::Hold{"ann", "h1", "d", "s", 1, 3}}, 1, [](Stage& s, auto& replies) {
    replies[0] = {201, s.rules.key_row("ann", "h1")->reply.body};
  });
  EXPECT_TRUE(stage.violates("S7"));
}

TEST(Idempotency, TheClientSawSomethingElse) {
  Stage stage;
  stage.open_and_hold();
  stage.emit(lottery::ClientReplied{"ann", "hold", "h1", 409, R"({"error":"closed","detail":""})"});
  EXPECT_TRUE(stage.violates("S7"));
}

TEST(Idempotency, APaymentStillInFlightHasNoTerminalReply) {
  Stage stage;
  stage.open_and_hold();
  stage.pay();
  stage.emit(lottery::ClientReplied{"ann", "pay", "y1", 202, "{}"});
  EXPECT_FALSE(stage.violates("S7"));
  stage.emit(
      lottery::ClientReplied{"ann", "pay", "y1", 402, R"({"error":"declined","detail":""})"});
  EXPECT_TRUE(stage.violates("S7"));
}

}  // namespace
}  // namespace properties
