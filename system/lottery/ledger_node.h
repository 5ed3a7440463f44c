// The ledger process: orders commands into log entries (group commit), makes each
// entry durable, applies it to the books and answers. One replica; the shape
// (append, then apply by index) is the one that Raft needs underneath.
//
// A crash loses nothing that was answered. Commands that were being committed are
// in the log or not; the caller finds out by repeating them with the same key.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "system/env/async.h"
#include "system/lottery/ledger_log.h"
#include "system/lottery/ledger_state.h"
#include "system/rpc/codec.h"

namespace lottery {

struct LedgerOptions {
  std::vector<OpenDraw> initial_draws;  // opened by the first entry of an empty log
};

class LedgerNode {
 public:
  // Opens the disk, recovers and listens. The returned object is the process's root.
  static std::shared_ptr<LedgerNode> start(env::Env& env, LedgerOptions options);

  explicit LedgerNode(env::Env& env);

 private:
  struct Pending {
    Command command;
    Reply reply;
    bool done = false;
  };

  void recover(const LedgerOptions& options);
  void commit(std::vector<Command> commands, std::vector<Reply>& replies);
  std::vector<Reply> apply(const Entry& entry);
  std::int64_t next_now_us() const;

  env::awaitable<void> commit_loop();
  env::awaitable<Reply> propose(Command command);
  env::awaitable<std::string> handle(std::string request);
  env::awaitable<Reply> dispatch(rpc::Json request);
  Reply read(const std::string& operation, const rpc::Json& request);

  env::Env& env_;
  LedgerLog log_;
  store::Database books_;
  LedgerState state_;
  std::deque<std::shared_ptr<Pending>> queue_;
  env::Condition queued_;
  env::Condition committed_;
};

}  // namespace lottery
