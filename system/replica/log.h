// The durable log of one member, and its term and vote: a SQLite database of its own. Each
// change is one transaction, synced when the call returns.
//
// What is read at start is held against checksums: each record's covers the record and the
// checksum of the one before, so that a record that rotted, was torn, or whose write was lost
// and that still shows what it replaced, breaks the chain. Then all records are dropped: the one
// before the break may be the one that is out of date, and nothing tells how many before it are.
// (If one of them stayed, the next heartbeat could commit it: a leader goes by what this
// member once confirmed.) What was dropped counted for a majority; if this member then helped to
// elect somebody without those entries, they would be overwritten though committed. So it
// is remembered durably that the member is not to be trusted with votes until a leader has filled
// the gap.
//
// When the head is lost, so are the term and the vote: the member may have voted in any term up to
// now and could vote again for somebody else, and two leaders of one term would exist. No
// leader can give that back; the member is distrusted for ever and has to be replaced by one
// with another id. It still stores entries, but in no majority (raft::Restored): in a term lower
// than the lost one it would confirm entries to a leader that its own vote helped to replace.
//
// Errors everywhere: store::Error; the caller must then stop the process.
// Limits: a disk that forgot everything looks new. Records and head that were all taken back to
// the same earlier state (a restored backup, an fsync that lied before a power loss) look sound,
// unless the state machine is ahead of them.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "system/raft/core.h"
#include "system/replica/head.h"

namespace replica {

class Log {
 public:
  // `initial`: the configuration as long as none is in the log.
  Log(const env::DatabaseFile& file, raft::Configuration initial);

  // Reads and verifies everything, mends what can be mended, and says what to start from.
  // `applied`: of the state machine, which may be ahead of a log that was cut. Call once, before
  // anything else.
  raft::Restored recover(raft::Index applied);

  // Term and vote if given, and `entries` in the place of all records from the first one on.
  // REQUIRES: the first one's index is at most one past the last record.
  void save(const std::optional<raft::HardState>& hard_state,
            const std::vector<raft::Entry>& entries);

  // A snapshot becomes the state in three steps, each durable by itself:
  //   begin_install(mark), StateMachine::restore, finish_install().
  // A crash before the second leaves the old state: recover() finds a state machine that
  // is behind the mark and forgets the install. A crash after it leaves a state machine at the
  // mark, and recover() does what finish_install would have done.
  void begin_install(const raft::SnapshotMark& mark,
                     const std::optional<raft::HardState>& hard_state);
  // The log is empty and goes on behind the mark.
  void finish_install();

  // Forgets the prefix that `mark` stands for. REQUIRES: it is in the log.
  void compact(const raft::SnapshotMark& mark);

  // A leader has filled what was lost.
  void trust();

  const Head& head() const { return head_; }

 private:
  struct Read {
    std::vector<raft::Entry> entries;
    std::vector<std::uint64_t> checksums;
    std::uint64_t last_checksum = 0;  // of the last of them, else the mark's
    bool whole = true;                // nothing was missing or wrong
    bool head_is_old = false;         // a record was written later than the head
  };

  Read recover_head(raft::Index applied);
  void recover_install(raft::Index applied);
  void recover_state(raft::Index applied);
  Read read_records();
  bool has_records();
  void lose_vote();
  void cut_to(raft::Index last_index);
  void restart_at(const raft::SnapshotMark& mark);
  std::uint64_t checksum_at(raft::Index index) const;
  void commit_head(store::Transaction& transaction);
  void distrust(raft::Index up_to);

  store::Database database_;
  const raft::Configuration initial_;
  Head head_;
  std::deque<std::uint64_t> checksums_;  // of the records, from the first one
};

}  // namespace replica
