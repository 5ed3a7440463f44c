// Holds and payments against a small model: a list of purchases and a number of free tickets.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include "system/lottery/purchase_table.h"
#include "tests/lottery/ledger_driver.h"

namespace {

using namespace lottery_test;

constexpr std::int64_t kCapacity = 7;
constexpr std::int64_t kHoldTtl_us = 40;
constexpr int kAttempts = 3;

struct Bought {
  std::string id;
  std::int64_t count = 0;
  std::string state = "HELD";
  std::int64_t deadline_us = 0;
  std::int64_t charging_since_us = 0;
  int attempt = 0;
};

struct HoldsModel {
  std::int64_t index = 1;  // of the last entry; the first opened the draw
  std::int64_t now_us = kStart_us + 1;
  std::int64_t free = kCapacity;
  std::vector<Bought> purchases;

  void passed() {
    ++index;
    ++now_us;
  }
  void release(Bought& bought, const std::string& state) {
    free += bought.count;
    bought.state = state;
  }
};

using HoldsCommand = rc::state::Command<HoldsModel, LedgerDriver>;

void expect_same(const HoldsModel& model, LedgerDriver& ledger) {
  RC_ASSERT(ledger.available() == model.free);
  for (const Bought& bought : model.purchases) {
    RC_ASSERT(ledger.view(bought.id).state == bought.state);
  }
}

// Runs one command at the model's time.
Reply run_at(const HoldsModel& model, LedgerDriver& ledger, Command command) {
  ledger.now_us = model.now_us;
  return ledger.run(std::move(command));
}

std::string key(const HoldsModel& model) { return "k" + std::to_string(model.index); }

struct TakeHold : HoldsCommand {
  std::int64_t count = *rc::gen::inRange<std::int64_t>(1, 5);

  void apply(HoldsModel& model) const override {
    if (model.free >= count) {
      model.free -= count;
      model.purchases.push_back({"p" + std::to_string(model.index + 1) + ".0", count, "HELD",
                                 model.now_us + kHoldTtl_us});
    }
    model.passed();
  }
  void run(const HoldsModel& before, LedgerDriver& ledger) const override {
    const Reply reply = run_at(before, ledger, Hold{"ann", key(before), "d", "s", count, 0});
    RC_ASSERT(reply.status == (before.free >= count ? 201 : 409));
    expect_same(nextState(before), ledger);
  }
  void show(std::ostream& out) const override { out << "hold " << count; }
};

bool is_open(const Bought& bought) {
  return bought.state == "HELD" || bought.state == "CHARGING" || bought.state == "ABANDONING" ||
         bought.state == "REFUNDING";
}

// Mostly one that is not over.
std::size_t any_purchase(const HoldsModel& model) {
  std::vector<std::size_t> open;
  for (std::size_t at = 0; at < model.purchases.size(); ++at) {
    if (is_open(model.purchases[at])) {
      open.push_back(at);
    }
  }
  if (!open.empty() && *rc::gen::inRange(0, 4) != 0) {
    return *rc::gen::elementOf(open);
  }
  return *rc::gen::inRange<std::size_t>(0, std::max<std::size_t>(1, model.purchases.size()));
}

// A command about one of the purchases there are.
struct OnPurchase : HoldsCommand {
  explicit OnPurchase(const HoldsModel& model) : at(any_purchase(model)) {}
  std::size_t at;

  void checkPreconditions(const HoldsModel& model) const override {
    RC_PRE(at < model.purchases.size());
  }
};

struct PayFor : OnPurchase {
  using OnPurchase::OnPurchase;

  void apply(HoldsModel& model) const override {
    Bought& bought = model.purchases[at];
    if (bought.state == "HELD" && model.now_us >= bought.deadline_us) {
      model.release(bought, "EXPIRED");
    } else if (bought.state == "HELD") {
      bought.state = "CHARGING";
      bought.attempt += 1;
      bought.charging_since_us = model.now_us;
    }
    model.passed();
  }
  void run(const HoldsModel& before, LedgerDriver& ledger) const override {
    const Bought& bought = before.purchases[at];
    const bool starts = bought.state == "HELD" && before.now_us < bought.deadline_us;
    const Reply reply = run_at(before, ledger, Pay{"ann", key(before), bought.id, "card"});
    RC_ASSERT(reply.status == (starts ? 202 : 409));
    expect_same(nextState(before), ledger);
  }
  void show(std::ostream& out) const override { out << "pay for purchase " << at; }
};

struct GiveBack : OnPurchase {
  using OnPurchase::OnPurchase;

  static bool possible(const Bought& bought) {
    return bought.state == "HELD" || bought.state == "CHARGING";
  }
  void apply(HoldsModel& model) const override {
    Bought& bought = model.purchases[at];
    if (possible(bought)) {
      model.release(bought, bought.state == "HELD" ? "EXPIRED" : "ABANDONING");
    }
    model.passed();
  }
  void run(const HoldsModel& before, LedgerDriver& ledger) const override {
    const Bought& bought = before.purchases[at];
    const Reply reply = run_at(before, ledger, Cancel{"ann", key(before), bought.id});
    RC_ASSERT(reply.status == (possible(bought) ? 200 : 409));
    expect_same(nextState(before), ledger);
  }
  void show(std::ostream& out) const override { out << "give back purchase " << at; }
};

// The bank's word about the latest attempt, also when it comes again.
struct BankSays : OnPurchase {
  using OnPurchase::OnPurchase;
  std::string outcome =
      *rc::gen::element<std::string>("captured", "declined", "declined", "declined");

  void apply(HoldsModel& model) const override {
    Bought& bought = model.purchases[at];
    const bool captured = outcome == "captured";
    if (bought.state == "ABANDONING") {
      bought.state = captured ? "REFUNDING" : "CANCELLED";
    } else if (bought.state == "CHARGING" && captured) {
      bought.state = "CONFIRMED";
    } else if (bought.state == "CHARGING" && bought.attempt < kAttempts) {
      // The hold has as long to live as when the payment began.
      bought.deadline_us = model.now_us + bought.deadline_us - bought.charging_since_us;
      bought.state = "HELD";
    } else if (bought.state == "CHARGING") {
      model.release(bought, "FAILED");
    }
    model.passed();
  }
  void run(const HoldsModel& before, LedgerDriver& ledger) const override {
    const Bought& bought = before.purchases[at];
    const std::string charge = "charge-" + bought.id + "-" + std::to_string(bought.attempt);
    const Reply reply = run_at(before, ledger, RecordCharge{bought.id, charge, outcome});
    RC_ASSERT(reply.status == (bought.attempt > 0 ? 200 : 404));
    expect_same(nextState(before), ledger);
  }
  void show(std::ostream& out) const override { out << "bank: " << outcome << " " << at; }
};

struct MoneyIsBack : OnPurchase {
  using OnPurchase::OnPurchase;

  void apply(HoldsModel& model) const override {
    Bought& bought = model.purchases[at];
    bought.state = bought.state == "REFUNDING" ? "REFUNDED" : bought.state;
    model.passed();
  }
  void run(const HoldsModel& before, LedgerDriver& ledger) const override {
    const Bought& bought = before.purchases[at];
    run_at(before, ledger, RecordRefund{bought.id, "refund-" + bought.id});
    expect_same(nextState(before), ledger);
  }
  void show(std::ostream& out) const override { out << "refunded purchase " << at; }
};

// Time passes, then the sweeper comes.
struct Sweep : HoldsCommand {
  std::int64_t pause_us = *rc::gen::inRange<std::int64_t>(0, kHoldTtl_us);

  void apply(HoldsModel& model) const override {
    model.now_us += pause_us;
    for (Bought& bought : model.purchases) {
      if (bought.state == "HELD" && bought.deadline_us <= model.now_us) {
        model.release(bought, "EXPIRED");
      }
    }
    model.passed();
  }
  void run(const HoldsModel& before, LedgerDriver& ledger) const override {
    HoldsModel then = before;
    then.now_us += pause_us;
    run_at(then, ledger, ExpireHolds{});
    expect_same(nextState(before), ledger);
  }
  void show(std::ostream& out) const override { out << "sweep after " << pause_us << " us"; }
};

RC_GTEST_PROP(HoldsModelTest, PurchasesAndFreeTicketsAreTheModels, ()) {
  LedgerDriver ledger;
  ledger.run(OpenDraw{"d", "s", kCapacity, 101, kCloses_us, kHoldTtl_us});
  const auto any =
      rc::state::gen::execOneOfWithArgs<TakeHold, PayFor, PayFor, PayFor, GiveBack, BankSays,
                                        BankSays, BankSays, MoneyIsBack, Sweep>();
  rc::state::check(HoldsModel{}, ledger, any);
}

}  // namespace
