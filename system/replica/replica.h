// One member of a replicated service: drives raft::Core over an Env. The log, the term and
// the vote are in a SQLite database of its own (log.h); peers talk over frames
// (transport.h); committed entries go to a StateMachine.
//
// Any error of the disk ends the process (env::Env::fail_stop) before anything that
// depended on it is sent or served. A log whose records do not match their checksums is
// dropped, and the replica then neither votes nor campaigns until a leader has given it back what
// it lost (raft::Restored::distrusted_up_to).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "system/env/async.h"
#include "system/raft/core.h"
#include "system/replica/state_machine.h"

namespace replica {

struct Member {
  raft::NodeId id = raft::kNobody;
  env::Endpoint endpoint;  // of its replica port
  bool learner = false;
};

struct ReplicaOptions {
  raft::NodeId id = raft::kNobody;
  std::vector<Member> members;  // of the first configuration; all nodes know the same list
  std::string log_name = "log.db";
  env::Duration tick = std::chrono::milliseconds(100);
  std::uint32_t election_ticks = 10;
  std::uint32_t heartbeat_ticks = 2;
  // One append message carries entries up to this size, one at least. Small, so that a heartbeat
  // behind some appends is in time also on a slow link.
  std::size_t append_bytes_max = 64 * 1024;
  std::size_t appends_in_flight_max = 16;  // unacknowledged, per follower
  // Entries kept in the log behind the applied one, so that a follower that lags a little needs no
  // snapshot; and how many more gather before the log is cut again.
  std::uint64_t keep_entries = 1024;
  std::uint64_t compact_every = 1024;
};

enum class ProposeResult : std::uint8_t {
  committed,   // and applied here
  not_leader,  // nothing was appended, or another entry was committed in its place: never will be
  unknown,     // it may be committed, now or later: another leader decides
};

class Replica {
 public:
  // Opens the disk, recovers and listens on the own member's port. Errors: store::Error.
  // Ownership: `env` and `machine` outlive it; it lives as long as the process, since its
  // coroutines are never asked to end.
  static std::shared_ptr<Replica> start(env::Env& env, StateMachine& machine,
                                        ReplicaOptions options);

  // Appends `payload`; completes after it was applied here, or when its fate is not ours.
  // Errors: std::length_error for more than kPayloadLimit_bytes (codec.h).
  // The application's reply is what `machine` kept for (index): see `index`.
  struct Outcome {
    ProposeResult result = ProposeResult::not_leader;
    std::uint64_t index = 0;
  };
  env::awaitable<Outcome> propose(std::string payload);

  // Completes when this replica's state is at least as new as every write that was acknowledged
  // anywhere before the call (thesis 6.4). False: no leader could say so in time.
  env::awaitable<bool> wait_linearizable(env::Duration timeout);
  // Completes when `index` has been applied here; false when it was not in time.
  env::awaitable<bool> wait_applied(std::uint64_t index, env::Duration timeout);

  bool leads() const;           // and knows that a quorum follows
  raft::NodeId leader() const;  // as far as known
  std::uint64_t applied() const;
  const raft::Core& core() const;

  bool transfer_leadership(raft::NodeId to);
  // One member more or fewer; the endpoint must be in `options.members` of everybody.
  env::awaitable<Outcome> change(raft::Configuration next);

 private:
  class Impl;
  explicit Replica(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;

 public:
  ~Replica();
};

}  // namespace replica
