// The ledger under test against the reference: two implementations of the same
// rules, written apart, must agree on every reply and every row for any sequence of
// commands.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "properties/book_comparison.h"
#include "properties/reference_purchases.h"
#include "system/lottery/entry_codec.h"
#include "system/lottery/ledger_state.h"
#include "tests/properties/twin_commands.h"

namespace properties {
namespace {

std::string disagreement(const lottery::Reply& ledger, const lottery::Reply& rules) {
  return same_reply(ledger, rules)
             ? ""
             : "ledger " + std::to_string(ledger.status) + " " + ledger.body + "\nrules  " +
                   std::to_string(rules.status) + " " + rules.body;
}

std::string difference_of_books(store::Database& database, lottery::LedgerState& ledger,
                                const ReferencePurchases& rules) {
  Differences found = compare_accounts(read_accounts(database), rules.books());
  for (const std::string& sentence : compare_rest(database, rules).first) {
    found.add(sentence);
  }
  for (const auto& [id, purchase] : rules.purchases()) {
    const auto view = ledger.purchase(purchase.text);
    if (!view || rpc::encode(*view) != view_reply(200, purchase).body) {
      found.add("view of " + purchase.text);
    }
  }
  if (ledger.last_now_us() != rules.now_us()) {
    found.add("log time " + std::to_string(ledger.last_now_us()) + " and " +
              std::to_string(rules.now_us()));
  }
  if (ledger.settled_sequence() != rules.settled_sequence()) {
    found.add("settled sequence " + std::to_string(ledger.settled_sequence()) + " and " +
              std::to_string(rules.settled_sequence()));
  }
  return found.first.empty() ? "" : found.first.front();
}

// What the sequences reached, to know that the agreement means something.
struct Reached {
  std::set<std::string> steps;  // "HELD>CHARGING"
  std::set<std::string> words;
  std::set<std::string> jobs;  // states they ended in
  std::set<std::string> draws;
};

std::string run(const std::vector<Choice>& choices, int batch, std::int64_t step_us,
                Reached* reached = nullptr) {
  store::Database database({":memory:", ""});
  lottery::LedgerState ledger(database);
  ReferencePurchases rules;
  const Interpreter interpreter(rules);
  lottery::Entry entry;
  std::int64_t clock_us = 0;
  entry.commands = {
      lottery::OpenDraw{"d0", "s", 9, 201, 300'000'000, 20'000'000, sha256_hex("seed of d0")}};
  std::vector<lottery::Command> sent;
  std::string wrong;
  const auto apply = [&] {
    // Every fifth entry is stamped by a leader whose clock is behind.
    clock_us += step_us;
    entry.now_us = entry.index % 5 == 4 ? clock_us - 3 * step_us : clock_us;
    entry.index += 1;
    const auto expected = rules.apply(entry);
    const auto replies = ledger.apply(entry);
    for (std::size_t i = 0; i < expected.size() && wrong.empty(); ++i) {
      const std::string text =
          i < replies.size() ? disagreement(replies[i], expected[i]) : "a reply is missing";
      if (!text.empty()) {
        wrong = "entry " + std::to_string(entry.index) + ", " +
                lottery::command_to_json(entry.commands[i]).dump() + "\n" + text;
      }
      if (reached != nullptr && expected[i].status >= 400) {
        reached->words.insert(error_word(expected[i].body));
      }
    }
    for (const Change& change : rules.changes()) {
      if (reached != nullptr && change.from) {
        reached->steps.insert(std::string(name(*change.from)) + ">" + std::string(name(change.to)));
      }
    }
    entry.commands.clear();
  };
  apply();
  for (std::size_t i = 0; i < choices.size() && wrong.empty(); ++i) {
    if (choices[i].kind >= kKinds - 3 && !sent.empty()) {  // somebody asks again
      entry.commands.push_back(sent[static_cast<std::size_t>(choices[i].a) % sent.size()]);
    } else {
      entry.commands.push_back(interpreter.command(choices[i]));
      sent.push_back(entry.commands.back());
    }
    if (static_cast<int>(entry.commands.size()) >= batch || i + 1 == choices.size()) {
      apply();
      if (choices[i].a % 16 == 0) {
        apply();  // without commands, as when a leader begins
      }
    }
  }
  for (const TableRow& row : rules.rows("jobs")) {
    if (reached != nullptr) {
      reached->jobs.insert(row.at(6));
    }
  }
  for (const auto& [id, draw] : rules.draws()) {
    if (reached != nullptr) {
      reached->draws.emplace(name(draw.state));
    }
  }
  return wrong.empty() ? difference_of_books(database, ledger, rules) : wrong;
}

RC_GTEST_PROP(Twin, LedgerAndReferenceAgreeOnRepliesAndRows, ()) {
  const auto length = *rc::gen::inRange<std::size_t>(1, 160);
  const auto choices = *rc::gen::container<std::vector<Choice>>(length, any_choice());
  const auto batch = *rc::gen::inRange(1, 4);
  const auto step_us = *rc::gen::element<std::int64_t>(1, 250'000, 1'500'000, 4'000'000);
  const std::string wrong = run(choices, batch, step_us);
  if (!wrong.empty()) {
    RC_FAIL(wrong);
  }
}

// Fixed sequences from a small generator: every step of the saga and every refusal
// must be among them, or the agreement above says less than it seems to.
TEST(Twin, SequencesReachEveryStepAndRefusal) {
  Reached reached;
  std::uint64_t number = 1;
  const auto next = [&](int bound) {
    number = number * 6364136223846793005u + 1442695040888963407u;
    return static_cast<int>((number >> 33) % static_cast<std::uint64_t>(bound));
  };
  for (int round = 0; round < 150; ++round) {
    std::vector<Choice> choices(200);
    for (Choice& choice : choices) {
      choice = {next(kKinds), next(1000), next(1000), next(1000)};
    }
    EXPECT_EQ(run(choices, 1 + next(3), round % 3 == 0 ? 4'000'000 : 400'000, &reached), "");
  }
  EXPECT_EQ(
      reached.steps,
      (std::set<std::string>{"HELD>CHARGING", "HELD>EXPIRED", "CHARGING>CONFIRMED", "CHARGING>HELD",
                             "CHARGING>FAILED", "CHARGING>ABANDONING", "ABANDONING>REFUNDING",
                             "ABANDONING>CANCELLED", "REFUNDING>REFUNDED"}));
  EXPECT_EQ(reached.draws,
            (std::set<std::string>{"OPEN", "CLOSED", "SEALED", "DRAWN", "PUBLISHED"}));
  EXPECT_EQ(reached.jobs, (std::set<std::string>{"OPEN", "DONE", "POISONED"}));
  EXPECT_EQ(
      reached.words,
      (std::set<std::string>{"bad_request", "exists",          "not_found",   "closed",
                             "sold_out",    "key_reused",      "expired",     "payment_in_progress",
                             "not_payable", "not_cancellable", "declined",    "refunded",
                             "unmatched",   "conflict",        "locked",      "not_holder",
                             "fenced",      "stale",           "changed",     "superseded",
                             "seed_reused", "mismatch",        "irreversible"}));
}

}  // namespace
}  // namespace properties
