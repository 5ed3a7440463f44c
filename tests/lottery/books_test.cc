#include "system/lottery/books.h"

#include <gtest/gtest.h>

#include "system/lottery/schema.h"

namespace {

using namespace lottery;

class BooksTest : public ::testing::Test {
 protected:
  BooksTest() {
    create_schema(database);
    books.post(Ledger::tickets, {"mint", "MINT[d,s]", stock, 10});
  }
  void pend(const std::string& id, std::int64_t amount) {
    books.pend(Ledger::tickets, {id, stock, sold, amount}, books.account(stock));
  }
  std::string state_of(const std::string& id) {
    store::Query query = database.query("SELECT state FROM transfers WHERE id = ?1", id);
    return query.step() ? query.text(0) : "none";
  }

  store::Database database{env::DatabaseFile{":memory:", ""}};
  Books books{database};
  const std::string stock = stock_account("d", "s");
  const std::string sold = sold_account("d", "s");
};

TEST_F(BooksTest, AccountIds) {
  EXPECT_EQ(stock, "STOCK[d,s]");
  EXPECT_EQ(sold, "SOLD[d,s]");
  EXPECT_EQ(mint_account("d", ""), "MINT[d,]");
  EXPECT_EQ(clearing_account("charge-p1.0-1"), "CLEARING[charge-p1.0-1]");
  EXPECT_EQ(suspense_account("p1.0"), "SUSPENSE[p1.0]");
  EXPECT_EQ(pool_account("d"), "POOL[d]");
}

TEST_F(BooksTest, PostMovesBothSides) {
  EXPECT_EQ(books.account("MINT[d,s]").debits_posted, 10);
  EXPECT_EQ(books.account(stock).credits_posted, 10);
  EXPECT_EQ(books.account(stock).spare(), 10);
  EXPECT_EQ(books.amount_of("mint"), 10);
  EXPECT_EQ(books.amount_of("other"), std::nullopt);
  EXPECT_EQ(state_of("mint"), "posted");
}

TEST_F(BooksTest, PendingCountsAgainstTheLimit) {
  pend("a", 6);
  EXPECT_EQ(books.account(stock).spare(), 4);
  EXPECT_THROW(pend("b", 5), OverLimit);
  pend("c", 4);
  EXPECT_EQ(books.account(stock).spare(), 0);
  EXPECT_EQ(state_of("b"), "none");
}

TEST_F(BooksTest, PostingAPendingTransferNeverBreaksTheLimit) {
  pend("a", 10);
  books.resolve("a", Resolution::posted);
  const Account after = books.account(stock);
  EXPECT_EQ(after.debits_pending, 0);
  EXPECT_EQ(after.debits_posted, 10);
  EXPECT_EQ(books.account(sold).credits_posted, 10);
  EXPECT_EQ(books.account(sold).credits_pending, 0);
  EXPECT_EQ(state_of("a"), "posted");
}

TEST_F(BooksTest, VoidAndExpiryGiveTheAmountBack) {
  pend("a", 3);
  pend("b", 4);
  books.resolve("a", Resolution::voided);
  books.resolve("b", Resolution::expired);
  EXPECT_EQ(books.account(stock).spare(), 10);
  EXPECT_EQ(books.account(sold).credits_pending, 0);
  EXPECT_EQ(books.account(sold).credits_posted, 0);
  EXPECT_EQ(state_of("a"), "void");
  EXPECT_EQ(state_of("b"), "expired");
}

TEST_F(BooksTest, ATransferIsResolvedOnce) {
  pend("a", 3);
  books.resolve("a", Resolution::voided);
  EXPECT_THROW(books.resolve("a", Resolution::posted), store::Error);
  EXPECT_THROW(books.resolve("mint", Resolution::voided), store::Error);
  EXPECT_THROW(books.resolve("unknown", Resolution::voided), store::Error);
}

TEST_F(BooksTest, ATransferIdIsUsedOnceWhateverBecameOfIt) {
  pend("a", 3);
  books.resolve("a", Resolution::voided);
  EXPECT_THROW(pend("a", 3), store::Error);
  EXPECT_THROW(books.post(Ledger::tickets, {"mint", "MINT[d,s]", stock, 10}), store::Error);
}

TEST_F(BooksTest, LimitedMoneyAccounts) {
  for (const std::string account : {"SUSPENSE[p]", "POOL[d]", "HOUSE"}) {
    EXPECT_THROW(books.post(Ledger::money, {"t", account, "CLEARING[k]", 1}), OverLimit) << account;
  }
  books.post(Ledger::money, {"in", "CLEARING[k]", "SUSPENSE[p]", 5});
  books.post(Ledger::money, {"out", "SUSPENSE[p]", "POOL[d]", 5});
  EXPECT_EQ(books.account("SUSPENSE[p]").spare(), 0);
  EXPECT_EQ(books.account("CLEARING[k]").spare(), -5);
}

TEST_F(BooksTest, ATransferOfNothingIsNotWritten) {
  books.post(Ledger::money, {"zero", "SUSPENSE[p]", "POOL[d]", 0});
  EXPECT_EQ(state_of("zero"), "none");
}

}  // namespace
