// The ledger process: one replica of the ledger. The leading one orders commands into
// log entries (group commit) and answers once an entry is committed and applied; every
// one answers reads at the level that is asked for.
//
// Calls, one JSON object per frame, answered by a LedgerAnswer:
//   {"op":"propose","command":{...}}                   421 `not_leader` when it does not lead
//   {"op":"purchase","user":..,"id":..,"level":..,"watermark":..}
//   and so session, draw and plan (without a user), and due (what workers should do):
//                                                      503 `behind` when it cannot be so fresh
// 503 `unknown`: the command may be committed, now or later. A crash loses nothing that
// was answered; the caller finds out by repeating the command with the same key.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "system/env/async.h"
#include "system/lottery/ledger_machine.h"
#include "system/lottery/ledger_members.h"
#include "system/lottery/protocol.h"
#include "system/replica/replica.h"
#include "system/rpc/codec.h"

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
  struct Pending {
    Command command;
    LedgerAnswer answer;
    bool done = false;
  };
  using Batch = std::vector<std::shared_ptr<Pending>>;

  static constexpr std::size_t kBatchMax = 64;  // commands per entry
  static constexpr std::size_t kBatchesInFlight = 8;

  void serve();
  Batch take_batch();
  std::string stamp(const Batch& batch);
  std::int64_t next_now_us();
  void finish(const Batch& batch, const replica::Replica::Outcome& outcome);
  LedgerAnswer not_leader() const;

  env::awaitable<void> commit_loop();
  env::awaitable<void> carry(Batch batch);
  env::awaitable<void> open_draws();
  env::awaitable<LedgerAnswer> propose(Command command);
  env::awaitable<std::string> handle(std::string request);
  env::awaitable<LedgerAnswer> dispatch(rpc::Json request);
  env::awaitable<LedgerAnswer> read(std::string operation, rpc::Json request);
  env::awaitable<bool> is_fresh(std::string level, std::int64_t watermark);
  Reply read_now(const std::string& operation, const rpc::Json& request);

  env::Env& env_;
  const LedgerOptions options_;
  LedgerMachine machine_;
  std::shared_ptr<replica::Replica> replica_;
  std::deque<std::shared_ptr<Pending>> queue_;
  std::size_t batches_in_flight_ = 0;
  std::int64_t last_stamp_us_ = 0;
  env::Condition changed_;  // the queue, or the number in flight
  env::Condition answered_;
};

}  // namespace lottery
