// The books against a small model: a list of transfers, of which every account is the sum.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include "system/lottery/books.h"
#include "system/lottery/schema.h"

namespace {

using namespace lottery;

struct Moved {
  std::string debit;
  std::string credit;
  std::int64_t amount = 0;
  std::string state;  // pending, posted, gone
};

struct BooksModel {
  std::map<std::string, Moved> transfers;

  Account account(const std::string& id) const {
    Account sum;
    sum.id = id;
    for (const auto& [name, moved] : transfers) {
      const bool pending = moved.state == "pending";
      if (moved.state == "gone") {
        continue;
      }
      if (moved.debit == id) {
        (pending ? sum.debits_pending : sum.debits_posted) += moved.amount;
      }
      if (moved.credit == id) {
        (pending ? sum.credits_pending : sum.credits_posted) += moved.amount;
      }
    }
    return sum;
  }
  bool may_move(const std::string& id, const Moved& moved) const {
    const bool limited = moved.debit != kSettledAccount;
    return !transfers.contains(id) && (!limited || account(moved.debit).spare() >= moved.amount);
  }
};

struct RealBooks {
  RealBooks() { create_schema(database); }
  store::Database database{env::DatabaseFile{":memory:", ""}};
  Books books{database};
};

const std::vector<std::string>& accounts() {
  static const std::vector<std::string> all{std::string(kSettledAccount), stock_account("d", "s"),
                                            pool_account("d"), std::string(kHouseAccount)};
  return all;
}

void expect_same(const BooksModel& model, Books& books) {
  for (const std::string& id : accounts()) {
    const Account expected = model.account(id);
    const Account found = books.account(id);
    RC_ASSERT(found.debits_pending == expected.debits_pending);
    RC_ASSERT(found.debits_posted == expected.debits_posted);
    RC_ASSERT(found.credits_pending == expected.credits_pending);
    RC_ASSERT(found.credits_posted == expected.credits_posted);
    RC_ASSERT(id == kSettledAccount || found.spare() >= 0);
  }
}

using BooksCommand = rc::state::Command<BooksModel, RealBooks>;

std::string any_id() { return "t" + std::to_string(*rc::gen::inRange(0, 12)); }

// A transfer, at once or in two phases. One that would overdraw, or whose id is used, changes
// nothing.
struct Move : BooksCommand {
  std::string id = any_id();
  Moved moved{*rc::gen::elementOf(accounts()), *rc::gen::elementOf(accounts()),
              *rc::gen::inRange<std::int64_t>(1, 20),
              *rc::gen::element<std::string>("posted", "pending")};

  void apply(BooksModel& model) const override {
    if (model.may_move(id, moved)) {
      model.transfers[id] = moved;
    }
  }
  void run(const BooksModel& before, RealBooks& real) const override {
    const Transfer transfer{id, moved.debit, moved.credit, moved.amount};
    bool accepted = true;
    try {
      if (moved.state == "posted") {
        real.books.post(Ledger::money, transfer);
      } else {
        real.books.pend(Ledger::money, transfer, real.books.account(moved.debit));
      }
    } catch (const store::Error&) {
      accepted = false;
    }
    RC_ASSERT(accepted == before.may_move(id, moved));
    expect_same(nextState(before), real.books);
  }
  void show(std::ostream& out) const override {
    out << moved.state << " " << id << ": " << moved.amount << " from " << moved.debit << " to "
        << moved.credit;
  }
};

// What is pending is resolved once, one way.
struct Resolve : BooksCommand {
  std::string id = any_id();
  Resolution resolution =
      *rc::gen::element(Resolution::posted, Resolution::voided, Resolution::expired);

  bool is_pending(const BooksModel& model) const {
    const auto found = model.transfers.find(id);
    return found != model.transfers.end() && found->second.state == "pending";
  }
  void apply(BooksModel& model) const override {
    if (is_pending(model)) {
      model.transfers[id].state = resolution == Resolution::posted ? "posted" : "gone";
    }
  }
  void run(const BooksModel& before, RealBooks& real) const override {
    bool resolved = true;
    try {
      real.books.resolve(id, resolution);
    } catch (const store::Error&) {
      resolved = false;
    }
    RC_ASSERT(resolved == is_pending(before));
    expect_same(nextState(before), real.books);
  }
  void show(std::ostream& out) const override {
    out << "resolve " << id << " as " << static_cast<int>(resolution);
  }
};

// The end of a transaction: what is known is written, and read again.
struct NextTransaction : BooksCommand {
  void run(const BooksModel& before, RealBooks& real) const override {
    real.books.flush();
    real.books.begin();
    expect_same(before, real.books);
  }
  void show(std::ostream& out) const override { out << "next transaction"; }
};

RC_GTEST_PROP(BooksModelTest, AccountsAreTheSumsOfTheirTransfers, ()) {
  RealBooks real;
  rc::state::check(BooksModel{}, real,
                   rc::state::gen::execOneOfWithArgs<Move, Move, Resolve, NextTransaction>());
}

}  // namespace
