// What nodes tell each other. One struct for all kinds, as on the wire; a field that a
// kind does not name is unused there and zero.
#pragma once

#include <cstdint>
#include <vector>

#include "system/raft/types.h"

namespace raft {

enum class MessageKind : std::uint8_t {
  // paper section 5.2, 9.6 of the thesis: would you vote for me in `term`? Changes nothing.
  pre_vote,          // term (the one to be), log_index, log_term; force
  pre_vote_reply,    // term, reject
  vote,              // term, log_index, log_term; force
  vote_reply,        // term, reject
  append,            // term, log_index, log_term (what precedes), entries, commit
  append_reply,      // term, log_index (last matching, or of the rejected append), reject,
                     // hint_index, hint_term (fast back-up, paper section 5.3); force
  heartbeat,         // term, commit (never beyond what the receiver is known to match), read_round
  heartbeat_reply,   // term, read_round; force; reject: what lay behind hint_index is lost
  snapshot,          // term, snapshot. The bytes travel beside it: see Ready::snapshots_to_send
  timeout_now,       // term: start an election at once (leadership transfer, thesis 3.10)
  read_index,        // term, read_id: a follower asks for a linearizable read point (thesis 6.4)
  read_index_reply,  // term, read_id, log_index; reject: ask again later, there is no leader
};

struct Message {
  MessageKind kind = MessageKind::heartbeat;
  NodeId from = kNobody;
  NodeId to = kNobody;
  Term term = 0;
  Index log_index = 0;
  Term log_term = 0;
  Index commit = 0;
  bool reject = false;
  // In a request for a vote: on behalf of a leadership transfer, leases do not count. In an
  // append_reply or heartbeat_reply: this voter lost its vote and must not be counted, see
  // Restored::distrusted_up_to.
  bool force = false;
  Index hint_index = 0;
  Term hint_term = 0;
  std::uint64_t read_round = 0;
  std::uint64_t read_id = 0;
  std::vector<Entry> entries;
  SnapshotMark snapshot;
  bool operator==(const Message&) const = default;
};

}  // namespace raft
