// What a process reads when it starts anew must outlast a power loss, whatever made its
// predecessor stop: the n-th disk call of a commit fails, for every n; then the process
// starts anew and acts on what it finds; then the power goes.
//
// Rebello et al., "Can Applications Recover from fsync Failures?", ATC 2020: what is read
// after a failed fsync may be in the page cache alone.
#include "system/lottery/ledger_log.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "simnet/disk.h"
#include "simnet/random.h"
#include "simnet/vfs.h"

namespace lottery {
namespace {

constexpr std::int64_t kBefore = 3;
constexpr std::uint64_t kDraws = 20;

simnet::Draw draw_of(std::uint64_t seed) {
  return [seed](std::string_view purpose, std::uint64_t a, std::uint64_t b) {
    return simnet::StreamKey(seed).child(purpose).child(a).at(b);
  };
}

class Machine {
 public:
  Machine() { vfs_.add_disk("ledger", disk_); }

  // False when the log could not be opened.
  bool start() {
    try {
      log_.emplace(env::DatabaseFile{"/ledger/log.db", vfs_.name()});
      return true;
    } catch (const store::Error&) {
      return false;
    }
  }
  // False when a disk call failed.
  bool append(std::int64_t index) {
    try {
      log_->append(index, std::string(200, 'x'));
      return true;
    } catch (const store::Error&) {
      return false;
    }
  }
  void fail_one_call_after(std::uint64_t spare) {
    simnet::DiskFaults faults;
    faults.io_error = {.spare = spare, .fail = 1};
    disk_.set_faults(faults);
  }
  // What still runs of the process reaches the disk no more.
  void crash() {
    disk_.process_crash();
    log_.reset();
    disk_.set_faults({});
  }
  void lose_power(std::uint64_t seed) {
    disk_.power_loss(draw_of(seed));
    log_.reset();
    disk_.power_on();
  }
  std::int64_t last_index() const { return log_->last_index(); }
  bool struck() const { return disk_.stats().injected_errors > 0; }

 private:
  simnet::Disk disk_;
  simnet::Vfs vfs_{"ledger-log-test"};
  std::optional<LedgerLog> log_;
};

struct Outcome {
  bool struck = false;  // there was such a call in the commit
  bool acknowledged = false;
  std::int64_t told = 0;
  std::int64_t kept = 0;
};

// The call-th disk call of an append fails; `again_in_recovery`: and one of the start
// after it.
Outcome fail_at(std::uint64_t call, std::uint64_t seed, bool again_in_recovery) {
  Machine machine;
  EXPECT_TRUE(machine.start());
  for (std::int64_t index = 1; index <= kBefore; ++index) {
    EXPECT_TRUE(machine.append(index));
  }
  machine.fail_one_call_after(call);
  Outcome outcome;
  outcome.acknowledged = machine.append(kBefore + 1);
  outcome.struck = machine.struck();
  machine.crash();
  if (again_in_recovery) {
    machine.fail_one_call_after(seed);
    machine.start();
    machine.crash();
  }
  EXPECT_TRUE(machine.start());
  outcome.told = machine.last_index();
  machine.lose_power(seed);
  EXPECT_TRUE(machine.start());
  outcome.kept = machine.last_index();
  return outcome;
}

void fail_at_every_call(bool again_in_recovery) {
  std::uint64_t call = 0;
  for (bool struck = true; struck; ++call) {
    for (std::uint64_t seed = 0; seed < kDraws; ++seed) {
      const Outcome outcome = fail_at(call, seed, again_in_recovery);
      struck = outcome.struck;
      EXPECT_GE(outcome.told, outcome.acknowledged ? kBefore + 1 : kBefore);
      EXPECT_GE(outcome.kept, outcome.told) << "call " << call << ", seed " << seed;
    }
  }
  EXPECT_GT(call, 5u);
}

TEST(LedgerLog, WhatAStartFindsOutlastsAPowerLossAfterAnyFailedCall) { fail_at_every_call(false); }

TEST(LedgerLog, LikewiseWhenTheFirstStartFailsToo) { fail_at_every_call(true); }

}  // namespace
}  // namespace lottery
