// Random sequences of commands over few users, keys and purchases: what must hold
// all along, and that the same entries give the same tables.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "tests/lottery/ledger_driver.h"

namespace {

using namespace lottery_test;

// One generated step: which command, four small choices, and a pause before it.
struct Step {
  int kind;
  int a;
  int b;
  int c;
  int d;
  int pause;
};

rc::Gen<std::vector<Step>> steps() {
  const auto choice = rc::gen::inRange(0, 6);
  const auto step = rc::gen::build<Step>(
      rc::gen::set(&Step::kind, rc::gen::inRange(0, 16)), rc::gen::set(&Step::a, choice),
      rc::gen::set(&Step::b, choice), rc::gen::set(&Step::c, choice),
      rc::gen::set(&Step::d, choice), rc::gen::set(&Step::pause, rc::gen::inRange(0, 10)));
  return rc::gen::scale(2.0, rc::gen::container<std::vector<Step>>(step));
}

std::string user(int choice) { return choice < 4 ? "ann" : "bob"; }

// Purchases are named by their rank among those that exist, newest first.
std::string purchase_at(LedgerDriver& ledger, int rank) {
  const std::string id =
      ledger.text("SELECT id FROM purchases ORDER BY entry DESC, position DESC LIMIT 1 OFFSET " +
                  std::to_string(rank));
  return id.empty() ? "p9.9" : id;
}

Command settlement(LedgerDriver& ledger, const Step& step) {
  const std::string p = purchase_at(ledger, step.a);
  const auto view = ledger.state.purchase(p).value_or(PurchaseView{});
  const bool refund = step.b < 2;
  const std::string key =
      refund ? "refund-" + p : "charge-" + p + "-" + std::to_string(view.attempt);
  return RecordSettlement{step.c, refund ? "refund" : "charge", key, p,
                          step.d == 0 ? 1 : view.price};
}

Command command_of(LedgerDriver& ledger, const Step& step) {
  const std::string key = "k" + std::to_string(step.b * 6 + step.c);
  const std::string p = purchase_at(ledger, step.a);
  switch (step.kind) {
    case 0:
    case 1:
    case 2:
    case 3:
      return Hold{user(step.a), key, step.d < 5 ? "d" : "e", "s", 1 + step.d % 3, 100};
    case 4:
    case 5:
    case 6:
      return Pay{user(step.d), key, p, "card"};
    case 7:
      return Cancel{user(step.d), key, p};
    case 8:
      return ExpireHolds{};
    case 9:
      return CloseDraws{};
    case 10:
      return LeaseBankCalls{"w", step.a};
    case 11:
    case 12:
    case 13: {
      const auto view = ledger.state.purchase(p).value_or(PurchaseView{});
      return RecordCharge{p, "charge-" + p + "-" + std::to_string(view.attempt),
                          step.b < 3 ? "captured" : "declined"};
    }
    case 14:
      return RecordRefund{p, "refund-" + p};
    default:
      return settlement(ledger, step);
  }
}

void check_invariants(LedgerDriver& ledger) {
  RC_ASSERT(ledger.number("SELECT count(*) FROM (SELECT 1 FROM accounts GROUP BY ledger HAVING "
                          "sum(debits_posted) <> sum(credits_posted) OR "
                          "sum(debits_pending) <> sum(credits_pending))") == 0);
  RC_ASSERT(ledger.number("SELECT count(*) FROM accounts WHERE (id LIKE 'STOCK[%' OR id LIKE "
                          "'SUSPENSE[%' OR id LIKE 'POOL[%' OR id = 'HOUSE') AND "
                          "debits_pending + debits_posted > credits_posted") == 0);
  RC_ASSERT(ledger.number("SELECT count(*) FROM purchases p WHERE (SELECT count(*) FROM tickets t "
                          "WHERE t.purchase = p.id) <> iif(state = 'CONFIRMED', count, 0)") == 0);
  RC_ASSERT(ledger.number("SELECT count(*) FROM purchases p JOIN transfers t ON t.id = 'hold:' || "
                          "p.id WHERE (t.state = 'pending') <> (p.state IN ('HELD', 'CHARGING')) "
                          "OR (t.state = 'posted') <> (p.state = 'CONFIRMED')") == 0);
  // Accounts are the sums of their transfers.
  RC_ASSERT(ledger.number(
                "SELECT count(*) FROM accounts a WHERE debits_posted <> (SELECT "
                "ifnull(sum(amount), 0) FROM transfers WHERE debit = a.id AND state = 'posted') OR "
                "credits_posted <> (SELECT ifnull(sum(amount), 0) FROM transfers WHERE credit = "
                "a.id AND state = 'posted') OR debits_pending <> (SELECT ifnull(sum(amount), 0) "
                "FROM transfers WHERE debit = a.id AND state = 'pending')") == 0);
  RC_ASSERT(ledger.number("SELECT count(*) FROM (SELECT 1 FROM idempotency GROUP BY user, key "
                          "HAVING count(*) > 1)") == 0);
  // A 202 row belongs to a payment whose outcome is open, and each such payment has one.
  RC_ASSERT(ledger.number("SELECT (SELECT count(*) FROM idempotency WHERE status = 202) = "
                          "(SELECT count(*) FROM purchases WHERE state IN "
                          "('CHARGING', 'ABANDONING', 'REFUNDING'))") == 1);
}

std::unique_ptr<LedgerDriver> play(const std::vector<Step>& steps) {
  auto ledger = std::make_unique<LedgerDriver>();
  ledger->apply({OpenDraw{"d", "s", 6, 101, kStart_us + 200, 40},
                 OpenDraw{"e", "s", 2, 0, kStart_us + 90, 25}});
  for (std::size_t i = 0; i < steps.size(); ++i) {
    ledger->now_us += steps[i].pause < 8 ? steps[i].pause : 3 * steps[i].pause;
    std::vector<Command> commands{command_of(*ledger, steps[i])};
    if (steps[i].pause == 0 && i + 1 < steps.size()) {
      commands.push_back(command_of(*ledger, steps[++i]));
    }
    ledger->apply(std::move(commands));
    if (i % 4 == 0) {
      check_invariants(*ledger);
    }
  }
  check_invariants(*ledger);
  return ledger;
}

void check(const char* what, auto property) { EXPECT_TRUE(rc::check(what, property)) << what; }

TEST(LedgerProperties, BooksBalanceStockHoldsAndTicketsFollowMoney) {
  check("invariants along the way", [] { play(*steps()); });
}

TEST(LedgerProperties, TheSameEntriesGiveTheSameTables) {
  check("replay is identical", [] {
    const auto ledger = play(*steps());
    LedgerDriver second;
    for (const Entry& entry : ledger->entries) {
      second.state.apply(decode_entry(encode_entry(entry)));
    }
    RC_ASSERT(second.dump() == ledger->dump());
  });
}

TEST(LedgerProperties, ReopeningAfterEveryEntryChangesNothing) {
  const std::string path =
      ::testing::TempDir() + "ledger_reopen-" + std::to_string(getpid()) + ".db";
  check("reopen is invisible", [&path] {
    const auto ledger = play(*rc::gen::resize(20, steps()));
    std::remove(path.c_str());
    for (const Entry& entry : ledger->entries) {
      LedgerDriver opened(path);
      opened.database.execute("PRAGMA synchronous = OFF");  // no power is lost here
      RC_ASSERT(opened.state.applied_index() == entry.index - 1);
      opened.state.apply(entry);
    }
    LedgerDriver last(path);
    RC_ASSERT(last.state.last_now_us() == ledger->state.last_now_us());
    RC_ASSERT(last.dump() == ledger->dump());
  });
  std::remove(path.c_str());
}

// A retry of any keyed command that has a terminal reply gets that reply and no effect.
TEST(LedgerProperties, RepeatedKeysChangeNothing) {
  check("repeats", [] {
    const auto ledger = play(*steps());
    const std::vector<Entry> entries = ledger->entries;
    const auto tables = [&] {
      std::string dump = ledger->dump();
      return dump.substr(dump.find("--"));  // meta moves on
    };
    const std::string before = tables();
    for (const Entry& entry : entries) {
      for (const Command& command : entry.commands) {
        if (std::holds_alternative<Hold>(command) || std::holds_alternative<Pay>(command) ||
            std::holds_alternative<Cancel>(command)) {
          ledger->run(command);
        }
      }
    }
    RC_ASSERT(tables() == before);
  });
}

}  // namespace
