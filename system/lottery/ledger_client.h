// Calls to the ledger process, for apps and workers.
#pragma once

#include <string>

#include "system/lottery/messages.h"
#include "system/lottery/protocol.h"
#include "system/rpc/frame.h"

namespace lottery {

class LedgerClient {
 public:
  LedgerClient(env::Env& env, env::Endpoint ledger) : frames_(env, std::move(ledger)) {}

  // Errors: the ledger was not reached or did not answer in time; whether it acted
  // is unknown. A reply that came is the ledger's.
  env::awaitable<env::Result<Reply>> propose(Command command);
  env::awaitable<env::Result<Reply>> purchase(std::string user, std::string id);
  env::awaitable<env::Result<Reply>> draw(std::string id);
  env::awaitable<env::Result<DueView>> due();

 private:
  env::awaitable<env::Result<Reply>> call(std::string request);

  rpc::FrameClient frames_;
};

}  // namespace lottery
