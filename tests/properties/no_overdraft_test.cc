// S6 on a paper ledger.
#include "tests/properties/stage.h"

namespace properties {
namespace {

TEST(NoOverdraft, HoldsWhenHoldsTakeAllStock) {
  Stage stage;
  stage.open_and_hold();
  stage.apply({lottery::Hold{"bob", "h2", "d", "s", 1, 1}});
  stage.finish(false);
  EXPECT_EQ(stage.failures(), "");
}

TEST(NoOverdraft, SeesSuspensePayingOutTooMuch) {
  Stage stage;
  stage.open_and_hold();
  stage.pay();
  stage.bank_captures();
  stage.apply({lottery::RecordCharge{"p2.0", "charge-p2.0-1", "captured"}}, 1, [](Stage& s, auto&) {
    s.books.run("UPDATE accounts SET debits_posted=401 WHERE id='SUSPENSE[p2.0]'");
  });
  EXPECT_TRUE(stage.violates("S6")) << stage.failures();
}

}  // namespace
}  // namespace properties
