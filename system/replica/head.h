// The head of the durable log: what must hold beside the records themselves. It is kept
// twice, in tables of their own and so on pages of their own, and both copies are written
// in each transaction: a page that rots or whose write was lost takes one of them, and the
// other one proves what the head was (Alagappan et al., "Protocol-Aware Recovery for
// Consensus-Based Storage", FAST 2018, section 3.3.2, for the same reason).
//
// Limits: when the writes of both copies are lost together, an old head looks sound; if that
// transaction changed the vote alone, nothing tells.
#pragma once

#include <cstdint>
#include <optional>

#include "system/raft/types.h"
#include "system/store/database.h"

namespace replica {

struct Head {
  std::uint64_t sequence = 0;  // of the transaction that wrote it
  raft::HardState hard_state;
  raft::SnapshotMark mark;  // everything up to it is in the state machine, not in the log
  raft::Index last_index = 0;
  // Of the last record, which holds the checksum of the one before it, and so on down to the
  // mark, where the chain begins with `mark_checksum`.
  std::uint64_t last_checksum = 0;
  std::uint64_t mark_checksum = 0;
  raft::Index distrusted_up_to = 0;           // raft::Restored::distrusted_up_to
  std::optional<raft::SnapshotMark> install;  // a snapshot that was about to become the state

  raft::Index first_index() const { return mark.index + 1; }
};

enum class HeadState : std::uint8_t {
  absent,  // there never was one
  sound,
  lost,  // both copies are unreadable
};

struct FoundHead {
  HeadState state = HeadState::absent;
  Head head;
  bool both_agree = true;
};

// REQUIRES of write_head: a transaction is open. Errors: store::Error.
void create_head_tables(store::Database& database);
FoundHead read_head(store::Database& database);
void write_head(store::Database& database, const Head& head);

}  // namespace replica
