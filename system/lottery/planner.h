// The capacity planner: says how many app servers the load needs. It runs in several places;
// the one that holds the ledger's lock plans. A holder that was paused past its lease may
// still believe that it holds the lock, so every plan carries the lock's token, and the
// ledger refuses one whose token is not the holder's (locks.h).
#pragma once

#include <memory>
#include <string>

#include "system/env/async.h"
#include "system/lottery/ledger_client.h"

namespace lottery {

struct PlannerOptions {
  LedgerMembers ledger;
};

class Planner {
 public:
  // The returned object is the process's root.
  static std::shared_ptr<Planner> start(env::Env& env, PlannerOptions options);

  Planner(env::Env& env, PlannerOptions options);

 private:
  env::awaitable<void> plan_loop();
  env::awaitable<void> take_lock();
  env::awaitable<void> keep_lock();
  env::awaitable<void> plan();
  // The status of the ledger's reply; 0 when none came.
  env::awaitable<int> tell(Command command);

  env::Env& env_;
  LedgerClient ledger_;
  std::int64_t token_ = 0;  // 0: we do not believe that we hold the lock
  std::int64_t watermark_ = 0;
};

}  // namespace lottery
