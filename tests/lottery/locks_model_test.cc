// Locks and the plans under their tokens against a small model: who holds what until when.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include "tests/lottery/ledger_driver.h"

namespace {

using namespace lottery_test;

struct Lease {
  std::string owner;
  std::int64_t token = 0;
  std::int64_t ttl_us = 0;
  std::int64_t until_us = 0;
};

struct LocksModel {
  std::int64_t index = 0;
  std::int64_t now_us = kStart_us;
  std::map<std::string, Lease> leases;
  std::map<std::string, std::int64_t> generations;
  std::vector<std::int64_t> tokens{0};  // all that were ever granted, and none

  bool is_live(const std::string& resource) const {
    const auto found = leases.find(resource);
    return found != leases.end() && now_us < found->second.until_us;
  }
  bool holds(const std::string& resource, std::int64_t token) const {
    return is_live(resource) && leases.at(resource).token == token;
  }
  void passed() {
    ++index;
    ++now_us;
  }
};

using LocksCommand = rc::state::Command<LocksModel, LedgerDriver>;

std::string any_owner() { return *rc::gen::element<std::string>("a", "b", "c"); }
std::string any_resource() { return *rc::gen::element<std::string>("r", "q"); }

// Mostly the latest token, now and then one that was granted before.
std::int64_t any_token(const LocksModel& model) {
  const std::size_t back = *rc::gen::element<std::size_t>(0, 0, 0, 1, 2);
  return model.tokens[model.tokens.size() - 1 - std::min(back, model.tokens.size() - 1)];
}

int run_at(const LocksModel& model, LedgerDriver& ledger, Command command) {
  ledger.now_us = model.now_us;
  return ledger.run(std::move(command)).status;
}

void expect_same(const LocksModel& model, LedgerDriver& ledger) {
  for (const auto& [resource, lease] : model.leases) {
    const auto found = ledger.state.lock(resource);
    RC_ASSERT(found.has_value());
    RC_ASSERT(found->owner == lease.owner);
    RC_ASSERT(found->token == lease.token);
    RC_ASSERT(found->expires_at_us == lease.until_us);
  }
  for (const auto& [resource, generation] : model.generations) {
    RC_ASSERT(ledger.state.plan(resource)->generation == generation);
  }
}

struct Take : LocksCommand {
  std::string owner = any_owner();
  std::string resource = any_resource();
  std::int64_t ttl_us = *rc::gen::inRange<std::int64_t>(1, 15);

  bool may(const LocksModel& model) const {
    return !model.is_live(resource) || model.leases.at(resource).owner == owner;
  }
  void apply(LocksModel& model) const override {
    if (may(model)) {
      const std::int64_t token = (model.index + 1) * 1000;
      model.leases[resource] = {owner, token, ttl_us, model.now_us + ttl_us};
      model.tokens.push_back(token);
    }
    model.passed();
  }
  void run(const LocksModel& before, LedgerDriver& ledger) const override {
    RC_ASSERT(run_at(before, ledger, AcquireLock{owner, resource, ttl_us}) ==
              (may(before) ? 200 : 409));
    expect_same(nextState(before), ledger);
  }
  void show(std::ostream& out) const override {
    out << owner << " takes " << resource << " for " << ttl_us << " us";
  }
};

struct WithToken : LocksCommand {
  explicit WithToken(const LocksModel& model) : token(any_token(model)) {}
  std::string owner = any_owner();
  std::string resource = any_resource();
  std::int64_t token;
};

struct Renew : WithToken {
  using WithToken::WithToken;

  bool may(const LocksModel& model) const {
    return model.holds(resource, token) && model.leases.at(resource).owner == owner;
  }
  void apply(LocksModel& model) const override {
    if (may(model)) {
      Lease& lease = model.leases[resource];
      lease.until_us = model.now_us + lease.ttl_us;
    }
    model.passed();
  }
  void run(const LocksModel& before, LedgerDriver& ledger) const override {
    RC_ASSERT(run_at(before, ledger, RenewLock{owner, resource, token}) ==
              (may(before) ? 200 : 409));
    expect_same(nextState(before), ledger);
  }
  void show(std::ostream& out) const override {
    out << owner << " renews " << resource << " with " << token;
  }
};

struct GiveUp : WithToken {
  using WithToken::WithToken;

  // Also after the lease: it changes nothing then.
  bool may(const LocksModel& model) const {
    const auto found = model.leases.find(resource);
    return found != model.leases.end() && found->second.token == token &&
           found->second.owner == owner;
  }
  void apply(LocksModel& model) const override {
    if (may(model)) {
      model.leases[resource].until_us = 0;
    }
    model.passed();
  }
  void run(const LocksModel& before, LedgerDriver& ledger) const override {
    RC_ASSERT(run_at(before, ledger, ReleaseLock{owner, resource, token}) ==
              (may(before) ? 200 : 409));
    expect_same(nextState(before), ledger);
  }
  void show(std::ostream& out) const override {
    out << owner << " gives up " << resource << " with " << token;
  }
};

// A write counts under the live holder's token and when its generation is new.
struct WritePlan : WithToken {
  using WithToken::WithToken;
  std::int64_t ahead = *rc::gen::inRange<std::int64_t>(-1, 3);

  std::int64_t generation(const LocksModel& model) const {
    const auto found = model.generations.find(resource);
    return (found == model.generations.end() ? 0 : found->second) + ahead;
  }
  // Its own value each time, so that none is a repetition.
  bool may(const LocksModel& model) const { return model.holds(resource, token) && ahead > 0; }
  void apply(LocksModel& model) const override {
    if (may(model)) {
      model.generations[resource] = generation(model);
    }
    model.passed();
  }
  void run(const LocksModel& before, LedgerDriver& ledger) const override {
    const PutPlan put{resource, token, generation(before), std::to_string(before.index)};
    RC_ASSERT(run_at(before, ledger, put) == (may(before) ? 200 : 409));
    expect_same(nextState(before), ledger);
  }
  void show(std::ostream& out) const override {
    out << "plan for " << resource << " with " << token << ", generation +" << ahead;
  }
};

struct Wait : LocksCommand {
  std::int64_t pause_us = *rc::gen::inRange<std::int64_t>(1, 12);

  void apply(LocksModel& model) const override { model.now_us += pause_us; }
  void run(const LocksModel& before, LedgerDriver& ledger) const override {
    expect_same(nextState(before), ledger);
  }
  void show(std::ostream& out) const override { out << "wait " << pause_us << " us"; }
};

RC_GTEST_PROP(LocksModelTest, LeasesAndPlansAreTheModels, ()) {
  LedgerDriver ledger;
  rc::state::check(LocksModel{}, ledger,
                   rc::state::gen::execOneOfWithArgs<Take, Take, Renew, Renew, GiveUp, WritePlan,
                                                     WritePlan, Wait>());
}

}  // namespace
