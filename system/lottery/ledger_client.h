// Calls to the ledger's replicas, for apps and workers: finds the one that leads, and
// reads from one that is near enough and fresh enough.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "system/lottery/ledger_members.h"
#include "system/lottery/messages.h"
#include "system/lottery/protocol.h"
#include "system/rpc/codec.h"
#include "system/rpc/frame.h"

namespace lottery {

struct LedgerReply : Reply {
  std::int64_t index = 0;  // of the log, that the reply reflects
};

// What a reader asks for; see protocol.h.
struct Freshness {
  std::string level;
  std::int64_t watermark = 0;  // session only
};

class LedgerClient {
 public:
  LedgerClient(env::Env& env, const LedgerMembers& members);

  // Errors: no leader was reached, or it did not answer in time; whether the ledger acted is
  // unknown. A reply that came is the ledger's.
  env::awaitable<env::Result<LedgerReply>> propose(Command command);
  // Errors: no replica that is as fresh as asked answered in time.
  env::awaitable<env::Result<LedgerReply>> purchase(std::string user, std::string id,
                                                    Freshness freshness);
  env::awaitable<env::Result<LedgerReply>> draw(std::string id, Freshness freshness);
  env::awaitable<env::Result<LedgerReply>> session(std::string user, std::string id,
                                                   Freshness freshness);
  env::awaitable<env::Result<LedgerReply>> plan(std::string resource, Freshness freshness);
  env::awaitable<env::Result<DueView>> due();

 private:
  struct Node {
    LedgerMember member;
    rpc::FrameClient frames;
  };

  // One call to one node; an answer of 500 and above is an error.
  env::awaitable<env::Result<LedgerReply>> call(std::size_t node, std::string request,
                                                env::Duration timeout);
  env::awaitable<env::Result<LedgerReply>> read(std::string name, std::string user, std::string id,
                                                Freshness freshness);
  void follow(const LedgerReply& refusal);

  env::Env& env_;
  std::vector<std::unique_ptr<Node>> nodes_;  // voters first, then learners
  std::size_t voters_ = 0;
  std::size_t leader_ = 0;  // the voter believed to lead
  std::size_t reader_ = 0;  // the node that reads begin with
};

}  // namespace lottery
