// The durable log: what a start finds after any crash, and what it makes of a disk that gives back
// something else than was written.
#include "system/replica/log.h"

#include <gtest/gtest.h>

#include "tests/replica/log_machine.h"

namespace replica_test {
namespace {

using raft::Entry;
using raft::HardState;
using raft::Restored;
using raft::SnapshotMark;

const raft::Configuration kLater{{1, 2, 3, 5}, {4}};

std::vector<Entry> commands(raft::Index from, raft::Index to, raft::Term term) {
  std::vector<Entry> entries;
  for (raft::Index index = from; index <= to; ++index) {
    entries.push_back(command(index, term));
  }
  return entries;
}

std::vector<Entry> joined(std::vector<Entry> entries, const std::vector<Entry>& more) {
  entries.insert(entries.end(), more.begin(), more.end());
  return entries;
}

TEST(ReplicaLog, ANewOneIsEmptyAndTrusted) {
  LogMachine machine;
  for (int start = 0; start < 2; ++start) {
    const Restored restored = machine.open();
    EXPECT_EQ(restored.hard_state, HardState{});
    EXPECT_EQ(restored.snapshot, (SnapshotMark{0, 0, kInitial}));
    EXPECT_TRUE(restored.log.empty());
    EXPECT_EQ(restored.distrusted_up_to, 0u);
    machine.close();
  }
}

TEST(ReplicaLog, KeepsEntriesTermVoteAndMark) {
  LogMachine machine;
  machine.open();
  machine.log().save(HardState{3, 2}, commands(1, 9, 2));
  machine.log().save({}, {{10, 3, raft::EntryKind::configuration, raft::encode(kLater)},
                          {11, 3, raft::EntryKind::no_op, ""},
                          {12, 3, raft::EntryKind::command, std::string("\0\xff", 2)}});
  machine.log().save({}, {command(12, 4), command(13, 4)});
  machine.log().compact({4, 2, kInitial});
  machine.close();
  const Restored restored = machine.open(5);
  EXPECT_EQ(restored.hard_state, (HardState{3, 2}));
  EXPECT_EQ(restored.snapshot, (SnapshotMark{4, 2, kInitial}));
  EXPECT_EQ(restored.applied, 5u);
  EXPECT_EQ(restored.distrusted_up_to, 0u);
  const std::vector<Entry> expected =
      joined(commands(5, 9, 2), {{10, 3, raft::EntryKind::configuration, raft::encode(kLater)},
                                 {11, 3, raft::EntryKind::no_op, ""},
                                 command(12, 4),
                                 command(13, 4)});
  EXPECT_EQ(restored.log, expected);
}

// What each step of the script below must leave, as a whole.
struct Expected {
  HardState hard_state;
  SnapshotMark mark{0, 0, kInitial};
  std::vector<Entry> log;
  bool operator==(const Expected&) const = default;
};

Expected what(const Restored& restored) {
  return {restored.hard_state, restored.snapshot, restored.log};
}

struct Step {
  std::function<void(replica::Log&)> act;
  Expected leaves;
};

std::vector<Step> script() {
  const std::string large(3000, 'x');
  const SnapshotMark mark{2, 1, kLater};
  return {
      {[](replica::Log& log) {
         log.save(HardState{1, 1}, {});
       },
       {{1, 1}, {0, 0, kInitial}, {}}},
      {[](replica::Log& log) { log.save({}, commands(1, 4, 1)); },
       {{1, 1}, {0, 0, kInitial}, commands(1, 4, 1)}},
      {[large](replica::Log& log) {
         log.save(HardState{2, 0}, {command(3, 2, large)});
       },
       {{2, 0}, {0, 0, kInitial}, joined(commands(1, 2, 1), {command(3, 2, large)})}},
      {[mark](replica::Log& log) { log.compact(mark); }, {{2, 0}, mark, {command(3, 2, large)}}},
      {[](replica::Log& log) {
         log.save(HardState{3, 3}, {command(4, 3)});
       },
       {{3, 3}, mark, {command(3, 2, large), command(4, 3)}}},
  };
}

// A state machine that goes with it: what the third step compacts is applied.
raft::Index applied_after(std::size_t done) { return done < 2 ? 0 : 2; }

// Runs the script until a disk call fails. How many steps came back.
std::size_t run(LogMachine& machine, const std::vector<Step>& steps) {
  std::size_t done = 0;
  try {
    for (const Step& step : steps) {
      step.act(machine.log());
      ++done;
    }
  } catch (const store::Error&) {
  }
  return done;
}

// The step under way happened or not; those that came back happened.
void check_after(const Restored& restored, std::size_t done, const std::vector<Step>& steps,
                 const std::string& where) {
  const Expected before = done == 0 ? Expected{} : steps[done - 1].leaves;
  const Expected after = done == steps.size() ? before : steps[done].leaves;
  EXPECT_TRUE(what(restored) == before || what(restored) == after) << where;
  EXPECT_EQ(restored.distrusted_up_to, 0u) << where;
}

TEST(ReplicaLog, APowerCutAtAnyDiskCallLeavesWholeSteps) {
  const std::vector<Step> steps = script();
  std::uint64_t call = 1;
  for (bool was_cut = true; was_cut; ++call) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      LogMachine machine;
      machine.open();
      machine.disk().cut_power_after(call);
      const std::size_t done = run(machine, steps);
      was_cut = machine.disk().power_was_cut();
      machine.lose_power(seed);
      const Restored first = machine.open(applied_after(done));
      check_after(first, done, steps, "cut at call " + std::to_string(call));
      machine.lose_power(seed + 1);
      EXPECT_EQ(what(machine.open(applied_after(done))), what(first)) << "cut at call " << call;
    }
  }
  EXPECT_GT(call, 40u);
}

TEST(ReplicaLog, WhatAStartFindsAfterAFailedCallOutlastsAPowerLoss) {
  const std::vector<Step> steps = script();
  bool struck = true;
  for (std::uint64_t call = 0; struck; ++call) {
    LogMachine machine;
    machine.open();
    machine.fail_one_call_after(call);
    const std::size_t done = run(machine, steps);
    struck = machine.disk().stats().injected_errors > 0;
    machine.crash();
    const Restored first = machine.open(applied_after(done));
    check_after(first, done, steps, "failed at call " + std::to_string(call));
    machine.lose_power(call);
    EXPECT_EQ(what(machine.open(applied_after(done))), what(first)) << "failed at call " << call;
  }
}

void expect_dropped(const Restored& restored) {
  EXPECT_EQ(restored.snapshot, (SnapshotMark{2, 5, kInitial}));
  EXPECT_TRUE(restored.log.empty());
  EXPECT_EQ(restored.distrusted_up_to, 12u);
  EXPECT_EQ(restored.hard_state, (HardState{5, 2}));
}

TEST(ReplicaLog, IsDroppedWhenARecordChanged) {
  for (const char* sql :
       {"UPDATE entries SET data = 'data8x' WHERE idx = 8",
        "UPDATE entries SET term = 4 WHERE idx = 8", "UPDATE entries SET kind = 1 WHERE idx = 8",
        "UPDATE entries SET written = written + 1 WHERE idx = 8",
        "UPDATE entries SET checksum = checksum + 1 WHERE idx = 8",
        "DELETE FROM entries WHERE idx = 8"}) {
    LogMachine machine;
    machine.open();
    machine.log().save(HardState{5, 2}, commands(1, 12, 5));
    machine.log().compact({2, 5, kInitial});
    machine.close();
    machine.tamper(sql);
    expect_dropped(machine.open(4));
  }
}

class DamagedLog : public testing::Test {
 protected:
  DamagedLog() {
    machine.open();
    machine.log().save(HardState{5, 2}, commands(1, 10, 5));
    machine.log().compact({2, 5, kInitial});
    machine.log().save({}, commands(11, 12, 5));
    machine.close();
  }
  Restored open_after(const char* sql, raft::Index applied = 4) {
    machine.tamper(sql);
    return machine.open(applied);
  }
  void expect_lost_vote(const Restored& restored) {
    EXPECT_EQ(restored.distrusted_up_to, UINT64_MAX);
    EXPECT_EQ(restored.hard_state.vote, raft::kNobody);
  }

  LogMachine machine;
};

TEST_F(DamagedLog, IsDistrustedUntilALeaderHasFilledIt) {
  expect_dropped(open_after("DELETE FROM entries WHERE idx = 12"));
  machine.log().save({}, commands(3, 12, 5));
  machine.close();
  EXPECT_EQ(machine.open(4).distrusted_up_to, 12u);  // also after a crash in between
  machine.log().trust();
  machine.close();
  const Restored restored = machine.open(4);
  EXPECT_EQ(restored.distrusted_up_to, 0u);
  EXPECT_EQ(restored.log, commands(3, 12, 5));
}

TEST_F(DamagedLog, NoticesAWriteThatWasLost) {
  machine.open(4);
  machine.close();
  machine.tamper("CREATE TABLE old AS SELECT * FROM entries WHERE idx = 12");
  machine.open(4);
  machine.log().save({}, {{12, 6, raft::EntryKind::command, "another"}});
  machine.close();
  const Restored restored =
      open_after("DELETE FROM entries WHERE idx = 12; INSERT INTO entries SELECT * FROM old");
  expect_dropped(restored);  // though the old record is sound by itself
}

TEST_F(DamagedLog, TheOtherCopyOfTheHeadCounts) {
  for (const char* sql :
       {"UPDATE head_a SET body = x'00'", "DELETE FROM head_b", "UPDATE head_b SET checksum = 0"}) {
    const Restored restored = open_after(sql);
    EXPECT_EQ(restored.hard_state, (HardState{5, 2})) << sql;
    EXPECT_EQ(restored.log, commands(3, 12, 5)) << sql;
    EXPECT_EQ(restored.distrusted_up_to, 0u) << sql;
    machine.close();
  }
}

TEST_F(DamagedLog, WithoutAHeadThereIsNoVote) {
  const Restored restored =
      open_after("UPDATE head_a SET checksum = 0; UPDATE head_b SET checksum = 0");
  expect_lost_vote(restored);
  EXPECT_EQ(restored.applied, 4u);
  EXPECT_TRUE(restored.log.empty());
  machine.close();
  expect_lost_vote(machine.open(4));  // which does not wear off
}

TEST_F(DamagedLog, AHeadOlderThanARecordIsNoHead) {
  machine.tamper("CREATE TABLE a AS SELECT * FROM head_a; CREATE TABLE b AS SELECT * FROM head_b");
  machine.open(4);
  machine.log().save(HardState{6, 3}, {command(13, 6)});
  machine.close();
  expect_lost_vote(
      open_after("DELETE FROM head_a; DELETE FROM head_b; INSERT INTO head_a SELECT * FROM a;"
                 "INSERT INTO head_b SELECT * FROM b"));
}

TEST_F(DamagedLog, AStateMachineAheadOfItProvesALoss) {
  expect_lost_vote(open_after("SELECT 1", 13));
}

TEST_F(DamagedLog, AStateMachineThatForgotTakesTheLogWithIt) {
  const Restored restored = open_after("SELECT 1", 0);
  EXPECT_EQ(restored.snapshot, (SnapshotMark{0, 0, kInitial}));
  EXPECT_TRUE(restored.log.empty());
  EXPECT_EQ(restored.distrusted_up_to, 12u);
  EXPECT_EQ(restored.hard_state, (HardState{5, 2}));
}

}  // namespace
}  // namespace replica_test
