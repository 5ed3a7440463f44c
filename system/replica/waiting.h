// Who waits for what in a replica: proposals for their entries, reads for a point from which they
// are linearizable, others for an index.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "system/raft/core.h"
#include "system/replica/replica.h"
#include "system/replica/waiter.h"

namespace replica {

class Proposals {
 public:
  using Outcome = Replica::Outcome;

  // REQUIRES: nobody waits for that index; leadership is given up before another term's
  // proposals come.
  WaiterPtr<Outcome> add(env::Env& env, raft::Core::Proposed proposed);
  // The entry at `index` is committed with `term`, and applied.
  void applied(raft::Index index, raft::Term term);
  // Leadership is lost: what is not applied may still be committed by others.
  void give_up();

 private:
  struct Pending {
    raft::Term term = 0;
    WaiterPtr<Outcome> waiter;
  };
  std::map<raft::Index, Pending> pending_;
};

// Reads that begin between two rounds share the next one: the point that is found is no
// older than any of them.
class Reads {
 public:
  WaiterPtr<raft::ReadPoint> add(env::Env& env);
  // To be called when the core is about to be asked for its Ready.
  void ask(raft::Core& core);
  void answer(const std::vector<raft::ReadPoint>& points);
  // Answers can get lost: forgets questions that are `lifetime_ticks` old.
  void tick(std::uint64_t lifetime_ticks);

 private:
  struct Question {
    std::uint64_t asked_tick = 0;
    std::vector<WaiterPtr<raft::ReadPoint>> waiters;
  };
  std::vector<WaiterPtr<raft::ReadPoint>> wanted_;
  std::map<std::uint64_t, Question> asked_;
  std::uint64_t next_id_ = 1;
  std::uint64_t ticks_ = 0;
};

class AppliedWaits {
 public:
  env::awaitable<bool> wait(env::Env* env, raft::Index index, env::Instant deadline);
  void applied(raft::Index index);

 private:
  std::multimap<raft::Index, WaiterPtr<bool>> waiting_;
};

}  // namespace replica
