// Calls to the ledger's replicas, for apps and workers: finds the one that leads, and
// reads from one that is near enough and fresh enough.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "system/lottery/ledger_call.h"
#include "system/lottery/ledger_members.h"
#include "system/lottery/messages.h"
#include "system/lottery/protocol.h"
#include "system/replica/waiter.h"
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

  // Commands that wait for their turn travel together. Errors: no leader was reached, or it did not
  // answer in time; whether the ledger acted is unknown. A reply that came is the ledger's.
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
  static constexpr std::size_t kCarriers = 8;    // calls with commands under way at once
  static constexpr std::size_t kTogether = 128;  // commands in one of them

  struct Proposed {
    Proposed(env::Env& env, Command wanted, env::Instant until)
        : command(std::move(wanted)), deadline(until), reply(env) {}
    const Command command;
    const env::Instant deadline;
    replica::Waiter<env::Result<LedgerReply>> reply;
  };
  using Group = std::vector<std::shared_ptr<Proposed>>;

  struct Node {
    LedgerMember member;
    rpc::FrameClient frames;
  };

  // Calls one node and expects that many answers.
  env::awaitable<env::Result<LedgerAnswers>> call(std::size_t node, std::string request,
                                                  std::size_t count, env::Duration timeout);
  env::awaitable<void> carry();
  env::awaitable<void> propose_together(Group group);
  Group take_group();
  // Finishes those that were answered; the others were refused by a node that does not lead.
  Group deliver(Group group, LedgerAnswers answers, std::size_t asked);
  void leave(std::size_t node);  // for the next voter, unless that has happened
  env::awaitable<env::Result<LedgerReply>> read(std::string name, std::string user, std::string id,
                                                Freshness freshness);
  void follow(const std::string& refusal);

  env::Env& env_;
  std::vector<std::unique_ptr<Node>> nodes_;  // voters first, then learners
  std::size_t voters_ = 0;
  std::size_t leader_ = 0;  // the voter believed to lead
  std::size_t reader_ = 0;  // the node that reads begin with
  std::deque<std::shared_ptr<Proposed>> queue_;
  std::size_t carriers_ = 0;
};

}  // namespace lottery
