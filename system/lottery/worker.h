// Resolves what purchases owe to and are owed by the bank, expires holds, closes
// draws when their time has come, and does the ledger's jobs. Holds nothing that a crash could
// lose: all work is asked from the ledger and told to it.
//
// Payments are resolved forward: the same bank key is sent again until the bank
// gives a definite answer (Rules in README.md). A time-out, a 5xx or a conflict says
// nothing about the money.
#pragma once

#include <memory>
#include <string>

#include "system/env/async.h"
#include "system/lottery/ledger_client.h"
#include "system/rpc/http.h"

namespace lottery {

struct WorkerOptions {
  LedgerMembers ledger;
  env::Endpoint bank;
};

class Worker {
 public:
  Worker(env::Env& env, WorkerOptions options);
  void start();
  // There may be work: look now rather than at the next round.
  void wake() { woken_.notify_all(); }

 private:
  env::awaitable<void> work_loop();
  env::awaitable<void> settlement_loop();
  env::awaitable<void> take_bank_calls();
  env::awaitable<void> take_jobs();
  env::awaitable<void> write_receipt(JobView job);
  env::awaitable<void> resolve(BankCall call);
  env::awaitable<std::string> ask_bank(BankCall call);
  env::awaitable<void> record(Command fact);

  env::Env& env_;
  const WorkerOptions options_;
  LedgerClient ledger_;
  rpc::HttpClient settlement_bank_;
  env::Condition woken_;
};

}  // namespace lottery
