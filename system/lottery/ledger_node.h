// The ledger process: one replica of the ledger. The leading one orders commands into
// log entries (group commit) and answers once an entry is committed and applied; every
// one answers reads at the level that is asked for.
//
// Calls are those of ledger_call.h. A command gets 421 `not_leader` where nobody leads, a query
// 503 `behind` when the replica cannot be as fresh as asked.
// 503 `unknown`: the command may be committed, now or later. A crash loses nothing that
// was answered; the caller finds out by repeating the command with the same key.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "system/env/async.h"
#include "system/lottery/ledger_call.h"
#include "system/lottery/ledger_machine.h"
#include "system/lottery/ledger_members.h"
#include "system/lottery/protocol.h"
#include "system/replica/codec.h"
#include "system/replica/replica.h"
#include "system/replica/waiter.h"

namespace lottery {

struct LedgerOptions {
  std::vector<OpenDraw> initial_draws;  // opened by whoever leads while they are missing
  std::uint64_t id = 1;                 // of the member that this process is
  LedgerMembers members = {{1, "ledger", false}};
  // Of the log, behind what was applied; beyond it a follower gets a snapshot.
  std::uint64_t keep_entries = 1024;
  std::uint64_t compact_every = 1024;
  // Of the replica; see there.
  env::Duration tick = std::chrono::milliseconds(100);
  std::size_t append_bytes_max = 64 * 1024;
  std::size_t appends_in_flight_max = 16;
};

class LedgerNode {
 public:
  // Opens the disk, recovers and listens. The returned object is the process's root.
  static std::shared_ptr<LedgerNode> start(env::Env& env, LedgerOptions options);

  LedgerNode(env::Env& env, LedgerOptions options);

 private:
  // Commands that came together and are answered together.
  struct Call {
    Call(env::Env& env, std::size_t commands) : answers(commands), open(commands), done(env) {}
    void answer(std::size_t position, LedgerAnswer answer);

    LedgerAnswers answers;
    std::size_t open;  // commands without an answer
    replica::Waiter<bool> done;
  };
  struct Pending {
    std::shared_ptr<Call> call;
    std::size_t position = 0;  // in the call
    Command command;
    std::size_t bytes = 0;  // in the entry
  };
  using Batch = std::vector<Pending>;

  static constexpr std::size_t kBatchMax = 256;  // commands per entry
  // An entry stays well below what the log takes, and no command that could succeed is longer.
  static constexpr std::size_t kBatchMax_bytes = replica::kPayloadLimit_bytes / 2;
  static constexpr std::size_t kCommandMax_bytes = 1 << 16;
  // Beyond the first few only full batches: under load, commands gather while they wait.
  static constexpr std::size_t kBatchesInFlight = 2;
  static constexpr std::size_t kFullBatchesInFlight = 8;

  void serve();
  bool is_due() const;
  Batch take_batch();
  std::string stamp(Batch& batch);
  std::int64_t next_now_us();
  void finish(const Batch& batch, const replica::Replica::Outcome& outcome);
  LedgerAnswer not_leader() const;

  env::awaitable<void> commit_loop();
  env::awaitable<void> carry(Batch batch);
  env::awaitable<void> open_draws();
  env::awaitable<LedgerAnswers> propose(Proposals commands);
  env::awaitable<std::string> handle(std::string request);
  env::awaitable<LedgerAnswer> read(LedgerQuery query);
  env::awaitable<bool> is_fresh(std::string level, std::int64_t watermark);
  Reply read_now(const LedgerQuery& query);

  env::Env& env_;
  const LedgerOptions options_;
  LedgerMachine machine_;
  std::shared_ptr<replica::Replica> replica_;
  std::deque<Pending> queue_;
  std::size_t batches_in_flight_ = 0;
  std::int64_t last_stamp_us_ = 0;
  env::Condition changed_;  // the queue, or the number in flight
};

}  // namespace lottery
